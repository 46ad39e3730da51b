import { StillRunningError } from '@dsa/dataverse-client'
import { ImportFailedError, ImportGoesOnError } from '../import-errors.ts'
import type { Session } from '../session.ts'

/** What is known about the job of the server at any moment, so that even a canceled step can say how to follow it. */
export class Job {
  readonly startedMs: number
  readonly #session: Session
  readonly what: string
  #isSent = false
  #asyncOperationId: string | undefined
  #importJobId: string | undefined

  /** @param what `The import of core 1.1.0.0 (update)`, for messages */
  constructor(session: Session, what: string) {
    this.startedMs = session.deps.clock()
    this.#session = session
    this.what = what
  }

  /** The request that starts the job goes out now. */
  isBeingSent(): void {
    this.#isSent = true
  }

  /** Remembers ids and puts them out at once, before anything else can fail. */
  isKnownAs(ids: { readonly asyncOperationId?: string; readonly importJobId?: string | undefined }): void {
    const { log, setOutput } = this.#session.deps
    if (ids.asyncOperationId !== undefined && ids.asyncOperationId !== this.#asyncOperationId) {
      this.#asyncOperationId = ids.asyncOperationId
      log.info(`Async operation ${ids.asyncOperationId}.`)
      setOutput('async-operation-id', ids.asyncOperationId)
    }
    if (ids.importJobId !== undefined && ids.importJobId !== this.#importJobId) {
      this.#importJobId = ids.importJobId
      log.info(`Import job ${ids.importJobId}.`)
      setOutput('import-job-id', ids.importJobId)
    }
  }

  /** Gives an error the state that matters: does the job go on, and how can it be followed? */
  explained(error: unknown): unknown {
    const { deps, client } = this.#session
    const canceled = deps.signal.aborted
    if (!this.#isSent || error instanceof ImportFailedError) return error
    const id = this.#asyncOperationId
    const goesOn = id !== undefined && (canceled || error instanceof StillRunningError)
    deps.setOutput('import-status', goesOn ? 'still-running' : 'unknown')
    if (id === undefined && !canceled) return error
    const why = canceled ? 'The step was canceled.' : error instanceof Error ? error.message : String(error)
    const words =
      id === undefined
        ? `${why} ${this.what} was just being started in ${client.environmentUrl}; whether it runs is not known. Look in the maker portal under Solutions, History.`
        : `${why} ${this.what} goes on in ${client.environmentUrl} as async operation ${id} (import job ${this.#importJobId ?? 'not known yet'}). ` +
          `To follow it, run the step with 'async-operation-id: ${id}', or look in the maker portal under ` +
          'Solutions, History. Do not start it a second time.'
    return new ImportGoesOnError(words, { cause: error })
  }
}
