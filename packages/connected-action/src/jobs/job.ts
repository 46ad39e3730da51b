import { failureText, StillRunningError, watchAsyncOperation } from '@dsa/dataverse-client'
import type { AsyncOperation, DataverseClient, StartedOperation } from '@dsa/dataverse-client'
import { errorText, UserError } from '@dsa/user-error'

/** The environment carried a job out, and it did not end well. */
export class JobFailedError extends UserError {
  override readonly name = 'JobFailedError'
  readonly state: 'failed' | 'canceled'

  constructor(message: string, state: AsyncOperation['state']) {
    super(message)
    this.state = state === 'canceled' ? 'canceled' : 'failed'
  }
}

export interface FollowedJob {
  /** For messages: `The removal of 'contoso_core' 1.2.0.0`. */
  readonly what: string
  readonly maxWaitMinutes: number
  /** Starts the job once; see `startOnce`. */
  readonly start: () => Promise<StartedOperation>
  /** Told the id as soon as there is one. */
  readonly started: (asyncOperationId: string) => void
}

/**
 * Starts a job of the environment and follows it to its end.
 * @throws JobFailedError with the server's reason
 * @throws UserError that says whether the job goes on, when its end was not seen
 */
export async function followJob(
  client: DataverseClient,
  { what, maxWaitMinutes, start, started }: FollowedJob,
): Promise<AsyncOperation> {
  const seen: SeenJob = { what, id: undefined }
  return explainingEnd(client, seen, async () => {
    const { asyncOperationId } = await start()
    seen.id = asyncOperationId
    client.log.info(`${what} runs as async operation ${asyncOperationId}.`)
    started(asyncOperationId)
    const operation = await watchAsyncOperation(client, asyncOperationId, { what, maxWaitMinutes })
    if (operation.state === 'succeeded') return operation
    throw new JobFailedError(
      `${what} ${operation.state} in ${client.environmentUrl}: ${failureText(operation)} (async operation ${operation.id})`,
      operation.state,
    )
  })
}

/** What is known of a job at any moment. */
export interface SeenJob {
  readonly what: string
  id: string | undefined
}

/**
 * Runs work that starts and follows a job. Where its end was not seen, the error says whether the job goes on, and where
 * to look.
 */
export async function explainingEnd<T>(
  client: DataverseClient,
  job: SeenJob,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const canceled = client.signal.aborted
    if (error instanceof JobFailedError || (!canceled && !(error instanceof StillRunningError))) throw error
    const why = canceled ? 'The step was canceled.' : errorText(error)
    const portal = 'Look in the maker portal under Solutions, History, before the step is run again.'
    throw new UserError(
      job.id === undefined
        ? `${why} ${job.what} may have been about to start in ${client.environmentUrl}. ${portal}`
        : `${why} ${job.what} goes on in ${client.environmentUrl} as async operation ${job.id}. ${portal}`,
      { cause: error },
    )
  }
}
