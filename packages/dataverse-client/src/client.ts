import { readError, readJson } from './answer.ts'
import type { Clock, Fetch, HttpMethod, HttpRequest, HttpResponse, Logger, Sleep } from './contracts.ts'
import { normalizeEnvironmentUrl } from './environment-url.ts'
import { DataverseError, LostAnswerError, TransportError } from './errors.ts'
import { jsonBody } from './json-body.ts'
import { openQueue } from './queue.ts'
import type { Queue } from './queue.ts'
import { decideRetry } from './retry.ts'
import type { Attempt } from './retry.ts'
import { asRow, optionalText, rows } from './wire.ts'
import type { Row } from './wire.ts'

const API = '/api/data/v9.2/'
const DEFAULT_TIMEOUT_MS = 120_000

export interface DataverseClientOptions {
  /** Checked and normalised by {@link normalizeEnvironmentUrl}. */
  readonly environmentUrl: string
  /** A valid access token; with `fresh` never one that was given before. */
  readonly getToken: (options: { fresh: boolean }) => Promise<string>
  readonly fetch: Fetch
  readonly clock: Clock
  readonly sleep: Sleep
  readonly signal: AbortSignal
  readonly log: Logger
  readonly userAgent?: string
  /** How long to wait for another solution operation of the environment to end. Default 60 minutes. */
  readonly maxQueueWaitMs?: number
  /** Injected by tests. */
  readonly random?: () => number
  /** A signal that aborts after the given milliseconds. Injected by tests. */
  readonly timeoutSignal?: (ms: number) => AbortSignal
}

export interface RequestOptions {
  /** A write that can be sent twice without harm. Reads always can. */
  readonly repeatable?: boolean
  readonly timeoutMs?: number
  /**
   * What to do while another solution operation holds the environment: `wait` until it is free (the default), or
   * `refuse`, for a caller that looks again before it sends again.
   */
  readonly whenBusy?: 'wait' | 'refuse'
  readonly headers?: Readonly<Record<string, string>>
}

/** One environment. Paths are relative to the Web API's root, such as `solutions?$top=1`. */
export interface DataverseClient {
  /** The origin, such as `https://contoso.crm4.dynamics.com`. */
  readonly environmentUrl: string
  get(path: string, options?: RequestOptions): Promise<unknown>
  /** Without `repeatable` it is sent once; see {@link LostAnswerError}. `Uint8Array` values travel as base64. */
  post(path: string, parameters: Row, options?: RequestOptions): Promise<unknown>
  /** Like `post`, with a reader for the success. A {@link TransportError} of the reader is a lost answer. */
  download<T>(
    path: string,
    parameters: Row,
    options: RequestOptions & { readonly read: (response: HttpResponse) => Promise<T> },
  ): Promise<T>
  /** Changes an existing row, never creates one (`If-Match: *`). Repeatable: the same values twice are the same. */
  patch(path: string, values: Row, options?: RequestOptions): Promise<void>
  delete(path: string, options?: RequestOptions): Promise<void>
  /** The rows of a query, page by page. */
  pages(path: string): AsyncGenerator<readonly Row[]>
  /** All rows of a query. */
  list(path: string): Promise<readonly Row[]>
  /** The server's time in milliseconds, by the `Date` header of its latest answer. */
  serverNow(): number
  readonly clock: Clock
  /** How long one piece of work may wait for other solution operations of the environment. */
  readonly maxQueueWaitMs: number
  sleep(ms: number): Promise<void>
  readonly signal: AbortSignal
  readonly log: Logger
}

/** Creates the pipeline auth → retry → send for one environment. */
export const createDataverseClient = (options: DataverseClientOptions): DataverseClient => {
  const environmentUrl = normalizeEnvironmentUrl(options.environmentUrl)
  const root = `${environmentUrl}${API}`
  const { clock, log, signal } = options
  const random = options.random ?? Math.random
  const timeoutSignal = options.timeoutSignal ?? ((ms: number) => AbortSignal.timeout(ms))
  const maxQueueWaitMs = options.maxQueueWaitMs ?? 60 * 60_000
  const sleep = (ms: number): Promise<void> => options.sleep(ms, signal)
  let serverAheadMs = 0

  const sendOnce = async <T>(request: Prepared<T>, fresh: boolean): Promise<T> => {
    request.sent = false
    const token = await options.getToken({ fresh })
    const timeout = timeoutSignal(request.timeoutMs)
    const combined = AbortSignal.any([signal, timeout])
    try {
      signal.throwIfAborted()
      request.sent = true
      const response = await options.fetch(request.url, {
        method: request.method,
        headers: {
          accept: 'application/json',
          'odata-version': '4.0',
          'odata-maxversion': '4.0',
          ...(request.method === 'GET' && { 'if-none-match': 'null' }),
          ...(request.body !== undefined && { 'content-type': 'application/json; charset=utf-8' }),
          'user-agent': options.userAgent ?? 'dataverse-solution-actions',
          ...request.headers,
          authorization: `Bearer ${token}`,
        },
        ...(request.body !== undefined && { body: request.body }),
        signal: combined,
      })
      request.responseHeaders = response.headers
      const date = Date.parse(response.headers.get('date') ?? '')
      if (!Number.isNaN(date)) serverAheadMs = date - clock()
      if (response.status < 200 || response.status >= 300)
        throw await readError(response, request.label, clock())
      return await request.read(response)
    } catch (error) {
      if (signal.aborted) throw signal.reason
      if (timeout.aborted) {
        const seconds = Math.round(request.timeoutMs / 1_000)
        throw new TransportError(
          `${request.label}: no answer within ${seconds} s.`,
          { code: 'TIMEOUT', neverSent: false },
          { cause: error },
        )
      }
      throw error
    }
  }

  const send = async <T>(request: Prepared<T>): Promise<T> => {
    const counts = { retries: 0, freshTokens: 0 }
    let fresh = false
    let queue: Queue | undefined
    for (;;) {
      const sentAtMs = clock() + serverAheadMs
      delete request.responseHeaders
      try {
        return await sendOnce(request, fresh)
      } catch (error) {
        if (!(error instanceof DataverseError || error instanceof TransportError)) throw error
        const attempt: Attempt = {
          repeatable: request.repeatable,
          error,
          headers: request.responseHeaders,
          ...counts,
          nowMs: clock(),
          random,
        }
        const decision = decideRetry(attempt)
        if (decision === undefined) throw finalError(request, error, sentAtMs)
        fresh = decision.kind === 'token'
        if (decision.kind === 'token') {
          counts.freshTokens++
          log.debug(`${request.label}: ${decision.reason}`)
          continue
        }
        if (decision.kind === 'queue') {
          if (request.whenBusy === 'refuse') throw error
          queue ??= openQueue({ environmentUrl, maxQueueWaitMs, clock, log, sleep })
          await queue.wait(decision.reason, decision.waitMs)
          continue
        }
        counts.retries++
        const seconds = (decision.waitMs / 1_000).toFixed(1)
        log.info(`${request.label}: ${decision.reason}; attempt ${counts.retries + 1} in ${seconds} s.`)
        await sleep(decision.waitMs)
      }
    }
  }

  const run = async <T>(method: HttpMethod, path: string, rest: RunOptions<T>): Promise<T> => {
    const url = absolute(root, environmentUrl, path)
    const label = `${method} ${path.startsWith('http') ? new URL(path).pathname.slice(API.length) : path.split('?')[0]}`
    return send<T>({
      method,
      url,
      label,
      repeatable: rest.repeatable ?? method === 'GET',
      timeoutMs: rest.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      whenBusy: rest.whenBusy ?? 'wait',
      headers: rest.headers ?? {},
      body: rest.parameters && jsonBody(rest.parameters),
      read: (response) => rest.read(response, label),
    })
  }

  async function* pages(path: string): AsyncGenerator<readonly Row[]> {
    let next: string | undefined = path
    while (next !== undefined) {
      const page: Row = asRow(await run('GET', next, { read: readJson }), `GET ${path.split('?')[0]}`)
      yield rows(page['value'])
      const following: string | undefined = optionalText(page, '@odata.nextLink')
      if (following !== undefined && following === next) {
        throw new Error(`GET ${path.split('?')[0]}: the next page is the same page again.`)
      }
      next = following
    }
  }

  return {
    environmentUrl,
    get: (path, rest = {}) => run('GET', path, { ...rest, read: readJson }),
    post: (path, parameters, rest = {}) => run('POST', path, { ...rest, parameters, read: readJson }),
    download: (path, parameters, rest) => run('POST', path, { ...rest, parameters }),
    async patch(path, values, rest = {}) {
      const headers = { 'if-match': '*', ...rest.headers }
      await run('PATCH', path, { repeatable: true, ...rest, headers, parameters: values, read: readJson })
    },
    async delete(path, rest = {}) {
      await run('DELETE', path, { ...rest, read: readJson })
    },
    pages,
    async list(path) {
      const all: Row[] = []
      for await (const page of pages(path)) all.push(...page)
      return all
    },
    serverNow: () => clock() + serverAheadMs,
    clock,
    maxQueueWaitMs,
    sleep,
    signal,
    log,
  }
}

type RunOptions<T> = RequestOptions & {
  readonly parameters?: Row
  readonly read: (response: HttpResponse, label: string) => Promise<T>
}

interface Prepared<T> {
  readonly method: HttpMethod
  readonly url: string
  readonly label: string
  readonly repeatable: boolean
  readonly timeoutMs: number
  readonly whenBusy: 'wait' | 'refuse'
  readonly headers: Readonly<Record<string, string>>
  readonly body: HttpRequest['body'] | undefined
  readonly read: (response: HttpResponse) => Promise<T>
  responseHeaders?: HttpResponse['headers']
  sent?: boolean
}

/** Links of the server stay on the environment's own origin, the only place that may see its token. */
const absolute = (root: string, origin: string, path: string): string => {
  if (!/^https?:\/\//i.test(path)) return `${root}${path}`
  if (new URL(path).origin !== origin) {
    throw new Error(
      `The next page is at ${new URL(path).origin}, which is not ${origin}; it is not followed.`,
    )
  }
  return path
}

const DOUBTFUL_STATUS = (status: number): boolean => status === 408 || status >= 500

/** A write that is not repeatable and whose fate is unknown is its own kind of error. */
const finalError = (
  request: Prepared<unknown>,
  error: DataverseError | TransportError,
  sentAtMs: number,
): Error => {
  if (request.repeatable || request.sent !== true) return error
  const lost = error instanceof TransportError ? !error.neverSent : DOUBTFUL_STATUS(error.status)
  if (!lost) return error
  return new LostAnswerError(
    `${request.label} was sent, and its answer was lost: ${error.message}`,
    sentAtMs,
    {
      cause: error,
    },
  )
}
