import { DataverseError, StillRunningError } from '@dsa/dataverse-client'
import { errorText } from '@dsa/user-error'
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
  #unfinished: 'still-running' | 'unknown' | undefined

  /** @param what `The import of core 1.1.0.0 (update)`, for messages */
  constructor(session: Session, what: string) {
    this.startedMs = session.deps.clock()
    this.#session = session
    this.what = what
  }

  get asyncOperationId(): string | undefined {
    return this.#asyncOperationId
  }

  get importJobId(): string | undefined {
    return this.#importJobId
  }

  /** Set by `explained` when the end of the job was not seen. */
  get unfinished(): 'still-running' | 'unknown' | undefined {
    return this.#unfinished
  }

  /** The request that starts the job goes out now. */
  isBeingSent(): void {
    this.#isSent = true
  }

  /** The request was refused, since another operation holds the environment; nothing was started. */
  isWaiting(): void {
    this.#isSent = false
  }

  /** The job was canceled before it began, or none was started. */
  isWithdrawn(): void {
    this.#isSent = false
    this.isOfAnother()
  }

  /** The ids that were found are of a job of somebody else. */
  isOfAnother(): void {
    const { setOutput } = this.#session.deps
    this.#asyncOperationId = undefined
    this.#importJobId = undefined
    setOutput('async-operation-id', '')
    setOutput('import-job-id', '')
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
    const id = this.#asyncOperationId
    if (!this.#isSent || error instanceof ImportFailedError) return error
    const goesOn = id !== undefined && (canceled || error instanceof StillRunningError)
    // What the service refused in so many words did not begin.
    const isRefused = id === undefined && error instanceof DataverseError && error.status < 500
    deps.setOutput('import-status', isRefused ? 'failed' : goesOn ? 'still-running' : 'unknown')
    if (!isRefused) this.#unfinished = goesOn ? 'still-running' : 'unknown'
    if (id === undefined && !canceled) return error
    const why = canceled ? 'The step was canceled.' : errorText(error)
    const portal = 'Look in the maker portal under Solutions, History.'
    const words =
      id === undefined
        ? `${why} ${this.what} was just being started in ${client.environmentUrl}; whether it runs is not known. ${portal} ` +
          "'Re-run' of this job finds the import if it runs; a new run of the workflow does not."
        : `${why} ${this.what} goes on in ${client.environmentUrl} as async operation ${id} (import job ${this.#importJobId ?? 'not known yet'}). ` +
          "'Re-run' of this job follows it to its end. A new run of the workflow would wait for it and then import " +
          `again; give that 'async-operation-id: ${id}' instead. ${portal}`
    return new ImportGoesOnError(words, { cause: error })
  }
}
