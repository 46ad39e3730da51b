import { normalizeEnvironmentUrl } from '../identity/environment-url.ts'
import { readJson, requireJson } from './answers/answer.ts'
import type { Clock, Fetch, HttpMethod, HttpResponse, Logger, Sleep } from './contracts.ts'
import { DataverseError } from './errors.ts'
import { jsonBody } from './json-body.ts'
import { readFileAnswer } from './answers/file-answer.ts'
import { readPages } from './paging.ts'
import { send } from './send.ts'
import type { Prepared, Way } from './send.ts'
import type { Row } from './wire.ts'

const API = '/api/data/v9.2/'
const DEFAULT_TIMEOUT_MS = 120_000
const DEFAULT_QUEUE_WAIT_MS = 60 * 60_000

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

interface RequestOptions {
  /** A write that can be sent twice without harm. Reads always can. */
  readonly repeatable?: boolean
  readonly timeoutMs?: number
  /** The moment, on the client's clock, after which it is not sent again; by default ten minutes from now. */
  readonly deadlineMs?: number
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
  get(path: string, options?: RequestOptions & { readonly maxBytes?: number }): Promise<unknown>
  /** Without `repeatable` it is sent once; see {@link LostAnswerError}. `Uint8Array` values travel as base64. */
  post(path: string, parameters: Row, options?: RequestOptions): Promise<unknown>
  /** Like `post`, with a reader for the JSON of the success. A {@link TransportError} of the reader is a lost answer. */
  download<T>(
    path: string,
    parameters: Row,
    options: RequestOptions & { readonly read: (response: HttpResponse) => Promise<T> },
  ): Promise<T>
  /** The content of a file column by its path, which ends in `/$value`; `undefined` when it is empty. */
  file(path: string, options?: RequestOptions): Promise<Uint8Array | undefined>
  /** Changes an existing row, never creates one (`If-Match: *`). Repeatable: the same values twice are the same. */
  patch(path: string, values: Row, options?: RequestOptions): Promise<void>
  delete(path: string, options?: RequestOptions): Promise<void>
  /** The rows of a query, page by page. */
  pages(path: string, options?: Pick<RequestOptions, 'headers'>): AsyncGenerator<readonly Row[]>
  /** All rows of a query. */
  list(path: string, options?: Pick<RequestOptions, 'headers'>): Promise<readonly Row[]>
  readonly clock: Clock
  /** How long one piece of work may wait for other solution operations of the environment. */
  readonly maxQueueWaitMs: number
  sleep(ms: number): Promise<void>
  readonly signal: AbortSignal
  readonly log: Logger
}

/** Creates the pipeline auth → retry → send for one environment. */
export function createDataverseClient(options: DataverseClientOptions): DataverseClient {
  const environmentUrl = normalizeEnvironmentUrl(options.environmentUrl)
  const { clock, log, signal } = options
  const way: Way = {
    userAgent: 'dataverse-solution-actions',
    maxQueueWaitMs: DEFAULT_QUEUE_WAIT_MS,
    random: Math.random,
    timeoutSignal: (ms) => AbortSignal.timeout(ms),
    ...options,
    environmentUrl,
  }
  const run = <T>(method: HttpMethod, path: string, rest: RunOptions<T>): Promise<T> =>
    send(way, prepared(environmentUrl, method, path, rest))
  const pages: DataverseClient['pages'] = (path, rest = {}) =>
    readPages(path, (link, read) => run('GET', link, { ...rest, read }))
  return {
    environmentUrl,
    get: (path, { maxBytes, ...rest } = {}) =>
      run('GET', path, { ...rest, read: (response, label) => readJson(response, label, maxBytes) }),
    post: (path, parameters, rest = {}) => run('POST', path, { ...rest, parameters, read: readJson }),
    download: (path, parameters, rest) =>
      run('POST', path, {
        ...rest,
        parameters,
        async read(response, label) {
          await requireJson(response, label)
          return rest.read(response)
        },
      }),
    file: (path, rest = {}) => run('GET', path, { ...rest, read: readFileAnswer }),
    async patch(path, values, rest = {}) {
      const headers = { 'if-match': '*', ...rest.headers }
      await run('PATCH', path, { repeatable: true, ...rest, headers, parameters: values, read: readJson })
    },
    async delete(path, rest = {}) {
      await run('DELETE', path, { ...rest, read: readJson })
    },
    pages,
    async list(path, rest) {
      const found: Row[] = []
      for await (const page of pages(path, rest)) for (const row of page) found.push(row)
      return found
    },
    clock,
    maxQueueWaitMs: way.maxQueueWaitMs,
    sleep: (ms) => options.sleep(ms, signal),
    signal,
    log,
  }
}

type RunOptions<T> = RequestOptions & {
  readonly parameters?: Row
  readonly read: (response: HttpResponse, label: string) => Promise<T>
}

/** A request with what it leaves open filled in. */
function prepared<T>(origin: string, method: HttpMethod, path: string, rest: RunOptions<T>): Prepared<T> {
  const url = absolute(origin, path)
  const label = `${method} ${url.slice(origin.length + API.length).split('?')[0]}`
  return {
    method,
    url,
    label,
    repeatable: rest.repeatable ?? method === 'GET',
    timeoutMs: rest.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    deadlineMs: rest.deadlineMs,
    whenBusy: rest.whenBusy ?? 'wait',
    headers: rest.headers ?? {},
    body: rest.parameters && jsonBody(rest.parameters),
    read: (response) => rest.read(response, label),
  }
}

/** Links of the server stay on the environment's own origin, the only place that may see its token. */
function absolute(origin: string, path: string): string {
  if (!/^https?:\/\//i.test(path)) return `${origin}${API}${path}`
  if (new URL(path).origin !== origin) {
    throw new DataverseError(
      `The next page is at '${new URL(path).origin}', which is not ${origin}; it is not followed.`,
      { status: 200 },
    )
  }
  return path
}
