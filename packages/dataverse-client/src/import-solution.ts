import { UserError } from '@dsa/user-error'
import type { DataverseClient } from './client.ts'
import { CODE } from './error-code.ts'
import { DataverseError } from './errors.ts'
import { startOnce } from './lost-operation.ts'
import type { StartedOperation } from './lost-operation.ts'
import { asRow, optionalText, text } from './wire.ts'
import type { Row } from './wire.ts'

export interface ImportRequest {
  readonly solutionName: string
  readonly version: string
  /** The id of a passed staging, or the archive itself. */
  readonly source: { readonly uploadId: string } | { readonly archive: Uint8Array }
  readonly overwriteUnmanagedCustomizations: boolean
  /** Switches on the processes and plug-in steps of the solution. */
  readonly publishWorkflows: boolean
  readonly skipProductUpdateDependencies: boolean
  /** Rows of connection references and environment variable values; left out when empty. */
  readonly componentParameters?: readonly Row[]
}

const UPLOAD_TIMEOUT_MS = 20 * 60_000

/** Message names under which the service files the jobs. */
const IMPORT_MESSAGES = {
  ImportSolutionAsync: ['ImportSolutionAsync', 'ImportSolution'],
  StageAndUpgradeAsync: ['StageAndUpgradeAsync', 'StageAndUpgrade'],
  DeleteAndPromoteAsync: ['DeleteAndPromoteAsync', 'DeleteAndPromote'],
} as const

/**
 * Starts an import (install, update, or with `holding` the first half of an upgrade) and returns at once.
 * @throws UnknownOutcomeError when the answer was lost and nobody can tell whether it started
 */
export const importSolutionAsync = (
  client: DataverseClient,
  request: ImportRequest & { readonly holding: boolean },
): Promise<StartedOperation> =>
  start(client, 'ImportSolutionAsync', request, request.holding ? { HoldingSolution: true } : {})

/** Starts a single-step upgrade: what is gone from the new version is deleted, with its data. Only for an installed, lower, managed solution. */
export const stageAndUpgradeAsync = (
  client: DataverseClient,
  request: ImportRequest,
): Promise<StartedOperation> => start(client, 'StageAndUpgradeAsync', request, {})

const start = (
  client: DataverseClient,
  action: 'ImportSolutionAsync' | 'StageAndUpgradeAsync',
  request: ImportRequest,
  extra: Row,
): Promise<StartedOperation> =>
  startOnce(client, {
    what: `Import of '${request.solutionName}' ${request.version}`,
    messages: IMPORT_MESSAGES[action],
    solutionName: request.solutionName,
    hasImportJob: true,
    async send() {
      const answer = asRow(
        await client.post(action, { ...parameters(request), ...extra }, { timeoutMs: UPLOAD_TIMEOUT_MS }),
        action,
      )
      return {
        asyncOperationId: text(answer, 'AsyncOperationId', action),
        // Declared as text although it is a guid. A key of our own choosing is not sent: it is not reliable.
        importJobId: optionalText(answer, 'ImportJobKey'),
        recovered: false,
      }
    },
  })

const parameters = (request: ImportRequest): Row => ({
  OverwriteUnmanagedCustomizations: request.overwriteUnmanagedCustomizations,
  PublishWorkflows: request.publishWorkflows,
  ...(request.skipProductUpdateDependencies && { SkipProductUpdateDependencies: true }),
  ...(request.componentParameters?.length && { ComponentParameters: request.componentParameters }),
  ...('uploadId' in request.source
    ? { SolutionParameters: { StageSolutionUploadId: request.source.uploadId } }
    : { CustomizationFile: request.source.archive }),
})

/** There is no holding solution to promote. */
export class NothingToPromoteError extends UserError {
  override readonly name = 'NothingToPromoteError'
}

/**
 * Starts the second half of a two-step upgrade: the base solution and its patches go, the holding solution takes its
 * name.
 * @param baseName the name of the installed solution, without `_Upgrade`
 */
export const deleteAndPromoteAsync = (client: DataverseClient, baseName: string): Promise<StartedOperation> =>
  startOnce(client, {
    what: `Applying the staged upgrade of '${baseName}'`,
    messages: IMPORT_MESSAGES.DeleteAndPromoteAsync,
    solutionName: baseName,
    hasImportJob: true,
    async send() {
      try {
        const answer = asRow(
          await client.post('DeleteAndPromoteAsync', { UniqueName: baseName }),
          'DeleteAndPromoteAsync',
        )
        return {
          asyncOperationId: text(answer, 'AsyncOperationId', 'DeleteAndPromoteAsync'),
          importJobId: undefined,
          recovered: false,
        }
      } catch (error) {
        if (!(error instanceof DataverseError) || error.code !== CODE.noPendingUpgrade) throw error
        throw new NothingToPromoteError(`'${baseName}' has no staged upgrade that could be applied.`, {
          cause: error,
        })
      }
    },
  })
