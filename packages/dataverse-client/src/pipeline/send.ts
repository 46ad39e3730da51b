import { duration } from '@dsa/user-error'
import { readError } from './answers/answer.ts'
import type { Clock, Fetch, HttpMethod, HttpRequest, HttpResponse, Logger, Sleep } from './contracts.ts'
import { DataverseError, LostAnswerError, TransportError } from './errors.ts'
import { openQueue } from './queue.ts'
import type { Queue } from './queue.ts'
import { isBusy, RETRY_TIME_MS, retryOf } from './retry.ts'

/** What sending needs of the world. */
export interface Way {
  readonly environmentUrl: string
  readonly getToken: (options: { fresh: boolean }) => Promise<string>
  readonly fetch: Fetch
  readonly clock: Clock
  readonly sleep: Sleep
  readonly signal: AbortSignal
  readonly log: Logger
  readonly userAgent: string
  readonly maxQueueWaitMs: number
  readonly random: () => number
  readonly timeoutSignal: (ms: number) => AbortSignal
}

export interface Prepared<T> {
  readonly method: HttpMethod
  readonly url: string
  /** For messages, such as `POST ImportSolutionAsync`. */
  readonly label: string
  readonly repeatable: boolean
  readonly timeoutMs: number
  /** The moment after which nothing is sent again. */
  readonly deadlineMs?: number | undefined
  readonly whenBusy: 'wait' | 'refuse'
  readonly headers: Readonly<Record<string, string>>
  readonly body: HttpRequest['body'] | undefined
  readonly read: (response: HttpResponse) => Promise<T>
}

/**
 * Sends a request until it succeeds, or may not be sent again.
 * @throws LostAnswerError for one that must not be sent twice and whose fate is unknown
 * @throws DataverseError, TransportError, EnvironmentBusyError
 */
export async function send<T>(way: Way, request: Prepared<T>): Promise<T> {
  const deadlineMs = request.deadlineMs ?? way.clock() + RETRY_TIME_MS
  let retries = 0
  let freshTokens = 0
  let fresh = false
  let queue: Queue | undefined
  for (;;) {
    // Outside: a failure to get a token is not the environment's.
    const token = await way.getToken({ fresh })
    fresh = false
    try {
      return await sendOnce(way, request, token)
    } catch (error) {
      if (!(error instanceof DataverseError || error instanceof TransportError)) throw error
      if (isBusy(error)) {
        if (request.whenBusy === 'refuse') throw error
        queue ??= openQueue({ ...way, sleep: (ms) => way.sleep(ms, way.signal) })
        await queue.wait(error.serverMessage, error.retryAfterMs)
        continue
      }
      // One fresh token, then give up: a client that repeats a permanent 401 never ends.
      if (error instanceof DataverseError && error.status === 401 && freshTokens === 0) {
        freshTokens++
        fresh = true
        way.log.debug(`${request.label}: the token was refused (HTTP 401); asking for a fresh one`)
        continue
      }
      const retry = retryOf({
        repeatable: request.repeatable,
        failure: error,
        retries,
        leftMs: deadlineMs - way.clock(),
        random: way.random,
      })
      if (retry === undefined) {
        tellLongWait(way, request.label, error, deadlineMs - way.clock())
        throw finalError(request, error)
      }
      retries++
      const seconds = (retry.waitMs / 1_000).toFixed(1)
      way.log.info(`${request.label}: ${retry.reason}; attempt ${retries + 1} in ${seconds} s.`)
      await way.sleep(retry.waitMs, way.signal)
    }
  }
}

/** A wait that is not begun is told, or nobody knows why it was not sent again. */
function tellLongWait(
  { log }: Way,
  label: string,
  error: DataverseError | TransportError,
  leftMs: number,
): void {
  const askedMs = error instanceof DataverseError ? (error.retryAfterMs ?? 0) : 0
  if (askedMs <= leftMs) return
  log.notice(
    `${label}: the service asks to wait ${duration(askedMs)}, which is longer than it is waited for here.`,
  )
}

async function sendOnce<T>(way: Way, request: Prepared<T>, token: string): Promise<T> {
  const { signal, clock } = way
  const timeout = way.timeoutSignal(request.timeoutMs)
  signal.throwIfAborted()
  try {
    const response = await way.fetch(request.url, {
      method: request.method,
      headers: {
        accept: 'application/json',
        'odata-version': '4.0',
        'odata-maxversion': '4.0',
        ...(request.method === 'GET' && { 'if-none-match': 'null' }),
        ...(request.body !== undefined && { 'content-type': 'application/json; charset=utf-8' }),
        'user-agent': way.userAgent,
        ...request.headers,
        authorization: `Bearer ${token}`,
      },
      ...(request.body !== undefined && { body: request.body }),
      signal: AbortSignal.any([signal, timeout]),
    })
    if (response.status < 200 || response.status >= 300) {
      throw await readError(response, request.label, clock())
    }
    return await request.read(response)
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (!timeout.aborted) throw error
    const seconds = Math.round(request.timeoutMs / 1_000)
    throw new TransportError(
      `${request.label}: no answer within ${seconds} s.`,
      { code: 'TIMEOUT', neverSent: false },
      { cause: error },
    )
  }
}

/** A write that is not repeatable and whose fate is unknown is its own kind of error. */
function finalError({ repeatable, label }: Prepared<unknown>, error: DataverseError | TransportError): Error {
  const lost = error instanceof TransportError ? !error.neverSent : isUnclear(error.status)
  if (repeatable || !lost) return error
  return new LostAnswerError(`${label} was sent, and its answer was lost: ${error.message}`, { cause: error })
}

/** A success that cannot be read tells as little about what was done as an error of a gateway. */
function isUnclear(status: number): boolean {
  return status === 408 || status >= 500 || (status >= 200 && status < 300)
}
