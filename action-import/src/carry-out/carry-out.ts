import {
  deleteAndPromoteAsync,
  deleteStageUpload,
  importSolutionAsync,
  isCustomizationLock,
  stageAndUpgradeAsync,
  stageSolution,
} from '@dsa/dataverse-client'
import type { DataverseClient, ImportRequest, StageResult, StartedOperation } from '@dsa/dataverse-client'
import type { Archive } from '../look/archive.ts'
import type { Action } from '../decide/decision.ts'
import { followImport } from './follow.ts'
import type { ImportOutcome } from './follow.ts'

export interface CarryOutOptions {
  readonly action: Exclude<Action, 'skip'>
  readonly archive: Archive
  readonly overwriteUnmanagedCustomizations: boolean
  readonly publishWorkflows: boolean
  readonly skipProductUpdateDependencies: boolean
  readonly maxWaitMinutes: number
  readonly maxQueueWaitMs: number
  /** Looks at what the staging found, stops what would fail, and gives the rows that travel with the import. */
  readonly onStaged: (staged: StageResult) => Promise<ImportRequest['componentParameters']>
  /** Told right before the request that starts the job. */
  readonly onSending: () => void
  /** Told as soon as an id is known, before anything else can fail. */
  readonly onStarted: (started: { asyncOperationId?: string; importJobId?: string | undefined }) => void
}

/** How long to wait when the job itself met the lock, which it cannot wait for. */
const LOCK_WAIT_MS = 30_000

/**
 * Carries out a decision: stage, start once, follow to the end. A job that ends because another solution operation
 * held the environment did nothing, so it is started again within the time for queueing.
 */
export const carryOut = async (client: DataverseClient, options: CarryOutOptions): Promise<ImportOutcome> => {
  const giveUpAt = client.clock() + options.maxQueueWaitMs
  for (;;) {
    const started =
      options.action === 'promote' ? await promote(client, options) : await start(client, options)
    options.onStarted(started)
    const outcome = await followImport(client, started, {
      what: `${options.archive.name} ${options.archive.version}`,
      solutionName: options.archive.name,
      maxWaitMinutes: options.maxWaitMinutes,
      onImportJob: (importJobId) => options.onStarted({ importJobId }),
    })
    const busy =
      outcome.status === 'failed' && isCustomizationLock(outcome.operation.errorCode, outcome.reason)
    if (!busy || client.clock() + LOCK_WAIT_MS > giveUpAt) return outcome
    client.log.notice(`The environment was busy, and nothing was imported; starting again. ${outcome.reason}`)
    await client.sleep(LOCK_WAIT_MS)
  }
}

const promote = (
  client: DataverseClient,
  { archive, onSending }: CarryOutOptions,
): Promise<StartedOperation> => {
  onSending()
  return deleteAndPromoteAsync(client, archive.name)
}

const start = async (client: DataverseClient, options: CarryOutOptions): Promise<StartedOperation> => {
  const { archive } = options
  client.log.info(`Uploading ${archive.name} ${archive.version} for a check (nothing is changed yet).`)
  const staged = await stageSolution(client, archive.bytes)
  try {
    const componentParameters = await options.onStaged(staged)
    const request: ImportRequest = {
      solutionName: archive.name,
      version: archive.version,
      // A failed staging gives no upload; it only gets here when missing product updates may be skipped.
      source: staged.uploadId === undefined ? { archive: archive.bytes } : { uploadId: staged.uploadId },
      overwriteUnmanagedCustomizations: options.overwriteUnmanagedCustomizations,
      publishWorkflows: options.publishWorkflows,
      skipProductUpdateDependencies: options.skipProductUpdateDependencies,
      ...(componentParameters && { componentParameters }),
    }
    options.onSending()
    return options.action === 'upgrade'
      ? await stageAndUpgradeAsync(client, request)
      : await importSolutionAsync(client, { ...request, holding: options.action === 'stage' })
  } catch (error) {
    if (!client.signal.aborted && staged.uploadId !== undefined)
      await deleteStageUpload(client, staged.uploadId)
    throw error
  }
}
