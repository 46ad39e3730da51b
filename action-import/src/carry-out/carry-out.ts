import {
  deleteStageUpload,
  EnvironmentBusyError,
  isCustomizationLock,
  openQueue,
  stageSolution,
  startImport,
  startPromote,
  UnknownOutcomeError,
} from '@dsa/dataverse-client'
import type {
  DataverseClient,
  ImportRequest,
  Queue,
  StageResult,
  StartedOperation,
} from '@dsa/dataverse-client'
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
  /** Looks at what the staging found, stops what would fail, and gives the rows that travel with the import. */
  readonly onStaged: (staged: StageResult) => Promise<ImportRequest['componentParameters']>
  /** Told right before the request that starts the job. */
  readonly onSending: () => void
  /** Told as soon as an id is known, before anything else can fail. */
  readonly onStarted: (started: { asyncOperationId?: string; importJobId?: string | undefined }) => void
}

/**
 * Carries out a decision: stage, start once, follow to the end. A job that ends because another solution operation
 * held the environment did nothing, so it is started again within the time for queueing.
 */
export const carryOut = async (client: DataverseClient, options: CarryOutOptions): Promise<ImportOutcome> => {
  const queue = openQueue(client)
  for (;;) {
    const started =
      options.action === 'promote'
        ? await promote(client, options, queue)
        : await start(client, options, queue)
    options.onStarted(started)
    const outcome = await followImport(client, started, {
      what: `${options.archive.name} ${options.archive.version}`,
      solutionName: options.archive.name,
      maxWaitMinutes: options.maxWaitMinutes,
      onImportJob: (importJobId) => options.onStarted({ importJobId }),
    })
    const busy =
      outcome.status === 'failed' && isCustomizationLock(outcome.operation.errorCode, outcome.reason)
    if (!busy) return outcome
    client.log.notice(`The environment was busy, and nothing was imported. ${outcome.reason}`)
    try {
      await queue.wait(outcome.reason)
    } catch (error) {
      if (error instanceof EnvironmentBusyError) return outcome
      throw error
    }
  }
}

const promote = (
  client: DataverseClient,
  { archive, onSending }: CarryOutOptions,
  queue: Queue,
): Promise<StartedOperation> =>
  startPromote(client, { baseName: archive.name, queue, prepare: async () => onSending() })

const start = async (
  client: DataverseClient,
  options: CarryOutOptions,
  queue: Queue,
): Promise<StartedOperation> => {
  const { archive, action } = options
  const way = action === 'stage' || action === 'upgrade' ? action : 'import'
  let staged: StageResult | undefined
  let componentParameters: ImportRequest['componentParameters']
  try {
    return await startImport(client, {
      solutionName: archive.name,
      version: archive.version,
      queue,
      async prepare(reason) {
        if (staged === undefined || reason === 'lost' || reason === 'expired') {
          client.log.info(
            `Uploading ${archive.name} ${archive.version} for a check (nothing is changed yet).`,
          )
          staged = await stageSolution(client, archive.bytes)
          componentParameters = await options.onStaged(staged)
        }
        options.onSending()
        return {
          action: way,
          // A failed staging gives no upload; it only gets here when missing product updates may be skipped.
          source: staged.uploadId === undefined ? { archive: archive.bytes } : { uploadId: staged.uploadId },
          overwriteUnmanagedCustomizations: options.overwriteUnmanagedCustomizations,
          publishWorkflows: options.publishWorkflows,
          skipProductUpdateDependencies: options.skipProductUpdateDependencies,
          ...(componentParameters && { componentParameters }),
        }
      },
    })
  } catch (error) {
    // After an unknown outcome the upload may be in use.
    if (!client.signal.aborted && staged?.uploadId !== undefined && !(error instanceof UnknownOutcomeError)) {
      await deleteStageUpload(client, staged.uploadId)
    }
    throw error
  }
}
