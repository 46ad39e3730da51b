import { counted, errorText, UserError } from '@dsa/user-error'
import type { DataverseClient } from '../pipeline/client.ts'
import { DataverseError, StillRunningError, TransportError } from '../pipeline/errors.ts'

export type PollState = 'running' | 'succeeded' | 'failed' | 'canceled'

export interface PollOptions<T> {
  /** What is waited for, for messages: `Import of contoso_core 1.2.0.0`. */
  readonly what: string
  /** The present state of things; `undefined` while it is not visible yet. Nothing is sent after the deadline. */
  readonly read: (limits: { readonly deadlineMs: number }) => Promise<T | undefined>
  readonly state: (value: T) => PollState
  readonly maxWaitMinutes: number
  /** Called after each look that found the thing still running. */
  readonly onProgress?: (value: T | undefined, elapsedMs: number) => void | Promise<void>
  readonly asyncOperationId?: string
}

const FIRST_WAIT_MS = 500
const GROWTH = 1.5
const LONGEST_WAIT_MS = 15_000

/** Reads that fail one after the other before we stop; each has its own retries inside. */
const MAX_FAILED_READS = 20
/** Answers that mean "no" rather than "not now" get fewer chances: a role may just have been taken away. */
const MAX_REFUSED_READS = 3
/** A job that was started shows up within this time. */
const VISIBLE_WITHIN_MS = 10 * 60_000

/**
 * Looks at something on the server until it has come to an end. A failed look never ends the waiting by itself: the
 * server goes on working while our connection, or the token service, has a bad minute.
 * @returns the last value and how it ended; it may be `failed` or `canceled`
 * @throws StillRunningError when the deadline passes
 */
export async function poll<T>(
  client: DataverseClient,
  options: PollOptions<T>,
): Promise<{
  readonly state: Exclude<PollState, 'running'>
  readonly value: T
  readonly elapsedMs: number
}> {
  const startedMs = client.clock()
  const deadlineMs = startedMs + options.maxWaitMinutes * 60_000
  let waitMs = FIRST_WAIT_MS
  let failedReads = 0
  for (;;) {
    const now = client.clock()
    if (now >= deadlineMs) throw stillRunning(options)
    await client.sleep(Math.min(waitMs, deadlineMs - now))
    waitMs = Math.min(LONGEST_WAIT_MS, waitMs * GROWTH)

    let value: T | undefined
    try {
      value = await options.read({ deadlineMs })
      failedReads = 0
    } catch (error) {
      if (client.signal.aborted) throw error
      failedReads++
      if (failedReads >= failuresAllowed(error)) throw lostSight(options, error)
      if (error instanceof DataverseError) waitMs = Math.max(waitMs, error.retryAfterMs ?? 0)
      client.log.info(
        `${options.what}: could not look (${errorText(error)}); the server goes on, looking again.`,
      )
      continue
    }
    const elapsedMs = client.clock() - startedMs
    if (value === undefined && elapsedMs > VISIBLE_WITHIN_MS) {
      throw new UserError(`${options.what}: the server accepted the job but does not show it.`)
    }
    const state = value === undefined ? 'running' : options.state(value)
    if (value !== undefined && state !== 'running') return { state, value, elapsedMs }
    await options.onProgress?.(value, elapsedMs)
  }
}

function failuresAllowed(error: unknown): number {
  if (error instanceof TransportError) return MAX_FAILED_READS
  if (
    error instanceof DataverseError &&
    (error.status >= 500 || error.status === 429 || error.status === 408)
  ) {
    return MAX_FAILED_READS
  }
  // Token services fail for minutes as well, and their errors are not of our types.
  return error instanceof DataverseError ? MAX_REFUSED_READS : MAX_FAILED_READS
}

function stillRunning<T>(options: PollOptions<T>): StillRunningError {
  return new StillRunningError(
    `${options.what} is still running after ${counted(options.maxWaitMinutes, 'minute')} ('max-async-wait-time'). ` +
      'It goes on in the environment; nothing was canceled.',
    options.asyncOperationId,
  )
}

function lostSight(options: { what: string; asyncOperationId?: string }, cause: unknown): Error {
  const job = options.asyncOperationId === undefined ? '' : ` as async operation ${options.asyncOperationId}`
  return new UserError(
    `${options.what}: the state could not be read any more (${errorText(cause).replace(/\.$/, '')}). It may still be running${job}.`,
    { cause },
  )
}
