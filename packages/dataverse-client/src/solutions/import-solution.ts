import { UserError } from '@dsa/user-error'
import type { DataverseClient } from '../pipeline/client.ts'
import { CODE } from '../pipeline/error-code.ts'
import { DataverseError } from '../pipeline/errors.ts'
import type { Queue } from '../pipeline/queue.ts'
import { findSolutions, holdingName } from './solutions.ts'
import type { Solution } from './solutions.ts'
import { deleteStageUpload } from './stage-solution.ts'
import { idsIn, startOnce } from '../jobs/start-once.ts'
import type { SendReason, StartedOperation } from '../jobs/start-once.ts'
import { asRow, optionalText, text } from '../pipeline/wire.ts'
import type { Row } from '../pipeline/wire.ts'

/** One request that imports an archive. */
export interface ImportRequest {
  /**
   * `import` installs or updates, `stage` puts the archive beside the installed version as the first half of an
   * upgrade, `upgrade` deletes what the new version lacks, with its data; only for an installed, lower, managed one.
   */
  readonly action: 'import' | 'stage' | 'upgrade'
  /** The id of a passed staging, or the archive itself, which is never sent a second time after a lost answer. */
  readonly source: { readonly uploadId: string } | { readonly archive: Uint8Array }
  readonly overwriteUnmanagedCustomizations: boolean
  /** Switches on the processes and plug-in steps of the solution. */
  readonly publishWorkflows: boolean
  readonly skipProductUpdateDependencies: boolean
  /** Rows of connection references and environment variable values; left out when empty. */
  readonly componentParameters?: readonly Row[]
}

export interface ImportStart {
  readonly solutionName: string
  readonly version: string
  /** Called before each sending, see {@link SendReason}: after `lost` and `expired` with a new upload. */
  readonly prepare: (reason: SendReason) => Promise<ImportRequest>
  /** The solutions of that name, and of a staged upgrade of it, that the caller decided from. */
  readonly decidedFrom?: readonly Solution[]
  /** Time for waiting that is shared with other work. */
  readonly queue?: Queue
}

const UPLOAD_TIMEOUT_MS = 20 * 60_000

const ADVICE =
  "If it is running or done there, give its id as 'async-operation-id' to follow it; if not, run the step again."

/**
 * Starts an import and returns at once. What `prepare` gives is sent; whenever something was waited for, it is asked
 * again.
 * @throws UnknownOutcomeError when the answer was lost and nobody can tell whether it started
 */
export function startImport(client: DataverseClient, start: ImportStart): Promise<StartedOperation> {
  const { solutionName, version, prepare, queue } = start
  return startOnce<ImportRequest, StartedOperation>(client, {
    what: `Import of '${solutionName}' ${version}`,
    // Which of them is sent can change while waiting.
    messages: ['ImportSolutionAsync', 'ImportSolution', 'StageAndUpgradeAsync', 'StageAndUpgrade'],
    solutionName,
    hasImportJob: true,
    advice: ADVICE,
    ...(queue && { queue }),
    prepare,
    send: (request) => sendImport(client, request),
    // A request that names a deleted upload is refused before a job starts (0x8004f066).
    fence: async ({ source }) => 'uploadId' in source && (await deleteStageUpload(client, source.uploadId)),
    state: () => installedVersions(client, solutionName),
    ...(start.decidedFrom && { decidedFrom: versionsOf(start.decidedFrom) }),
    isExpired: ({ code }) => code === CODE.badStageUpload,
  })
}

async function sendImport(client: DataverseClient, request: ImportRequest): Promise<StartedOperation> {
  const action = request.action === 'upgrade' ? 'StageAndUpgradeAsync' : 'ImportSolutionAsync'
  const answer = await client.post(action, parameters(request), {
    timeoutMs: UPLOAD_TIMEOUT_MS,
    whenBusy: 'refuse',
  })
  return idsIn(action, () => {
    const row = asRow(answer, action)
    return {
      asyncOperationId: text(row, 'AsyncOperationId', action),
      // Declared as text although it is a guid. A key of our own choosing is not sent: it is not reliable.
      importJobId: optionalText(row, 'ImportJobKey'),
    }
  })
}

function parameters(request: ImportRequest): Row {
  return {
    OverwriteUnmanagedCustomizations: request.overwriteUnmanagedCustomizations,
    PublishWorkflows: request.publishWorkflows,
    ...(request.skipProductUpdateDependencies && { SkipProductUpdateDependencies: true }),
    ...(request.componentParameters?.length && { ComponentParameters: request.componentParameters }),
    ...('uploadId' in request.source
      ? { SolutionParameters: { StageSolutionUploadId: request.source.uploadId } }
      : { CustomizationFile: request.source.archive }),
    ...(request.action === 'stage' && { HoldingSolution: true }),
  }
}

/** The versions of a solution and of an upgrade that is staged beside it, such as `core 1.0.0.0, core_Upgrade 1.1.0.0`. */
async function installedVersions(client: DataverseClient, solutionName: string): Promise<string> {
  return versionsOf(await findSolutions(client, [solutionName, holdingName(solutionName)]))
}

function versionsOf(solutions: readonly Solution[]): string {
  return solutions
    .map(({ uniqueName, version }) => `${uniqueName} ${version}`)
    .toSorted()
    .join(', ')
}

/** There is no holding solution to promote. */
export class NothingToPromoteError extends UserError {
  override readonly name = 'NothingToPromoteError'
}

export interface PromoteStart {
  /** The name of the installed solution, without `_Upgrade`. */
  readonly baseName: string
  /** Called before each sending; what it throws ends the start. */
  readonly prepare?: (reason: SendReason) => Promise<void>
  /** Time for waiting that is shared with other work. */
  readonly queue?: Queue
}

/**
 * Starts the second half of a two-step upgrade: the base solution and its patches go, the holding solution takes its
 * name.
 * @throws NothingToPromoteError
 * @throws UnknownOutcomeError when the answer was lost and nobody can tell whether it started
 */
export async function startPromote(
  client: DataverseClient,
  { baseName, prepare, queue }: PromoteStart,
): Promise<StartedOperation> {
  try {
    return await startOnce<void, StartedOperation>(client, {
      what: `Applying the staged upgrade of '${baseName}'`,
      messages: ['DeleteAndPromoteAsync', 'DeleteAndPromote'],
      solutionName: baseName,
      hasImportJob: true,
      advice: ADVICE,
      ...(queue && { queue }),
      async prepare(reason) {
        await prepare?.(reason)
      },
      send: () => sendPromote(client, baseName),
      // A second one finds nothing to apply and is refused (0x8004853b).
      fence: async () => true,
      state: () => installedVersions(client, baseName),
    })
  } catch (error) {
    if (!(error instanceof DataverseError) || error.code !== CODE.noPendingUpgrade) throw error
    throw new NothingToPromoteError(`'${baseName}' has no staged upgrade that could be applied.`, {
      cause: error,
    })
  }
}

async function sendPromote(client: DataverseClient, baseName: string): Promise<StartedOperation> {
  const action = 'DeleteAndPromoteAsync'
  const answer = await client.post(action, { UniqueName: baseName }, { whenBusy: 'refuse' })
  return idsIn(action, () => ({
    asyncOperationId: text(asRow(answer, action), 'AsyncOperationId', action),
    importJobId: undefined,
  }))
}
