import { errorText, UserError } from '@dsa/user-error'
import { Readable } from 'node:stream'
import type { Fetch, HttpRequest, HttpResponse, StreamedBody } from './contracts.ts'
import { TransportError } from './errors.ts'
import { MAX_ANSWER_BYTES, readText } from './answers/bounded-text.ts'
import { shownAddress } from '../identity/shown-address.ts'
import { isLoopback } from '../identity/loopback.ts'

export interface Http {
  readonly fetch: Fetch
  /** Ends every connection, so that the process can end at once. */
  close(): Promise<void>
}

export interface HttpOptions {
  /** Where the proxy variables are read; `process.env` when left out. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Sends plain http to this machine through the proxy too. By default it never is. */
  readonly proxyLoopback?: boolean
}

const CUT = 'the connection was cut'
const UNREACHABLE = 'it cannot be reached from here'

/** Plain words for what the network says in its own. */
const WORDS_OF: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: CUT,
  EPIPE: CUT,
  UND_ERR_SOCKET: CUT,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: CUT,
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'its name cannot be looked up at the moment',
  ETIMEDOUT: 'no connection in time',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
}

/** Failures before anything could reach the server. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/**
 * HTTP over undici, which is loaded at the first request. HTTPS_PROXY, HTTP_PROXY and NO_PROXY count as everywhere
 * (lower case first); a private certificate authority comes from NODE_EXTRA_CA_CERTS, which Node reads by itself.
 */
export function createHttp(options: HttpOptions = {}): Http {
  let loaded: ReturnType<typeof load> | undefined
  const load = async () => {
    // undici is CommonJS: in a bundle its exports stand under `default` only.
    const { default: undici } = await import('undici')
    // The time limit of a request is the caller's signal; a solution may take minutes to travel.
    const limits = { headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 30_000 } }
    const env = options.env ?? process.env
    const direct = new undici.Agent(limits)
    const proxied = new undici.EnvHttpProxyAgent({
      ...limits,
      httpProxy: proxyAddress(env, 'HTTP_PROXY'),
      httpsProxy: proxyAddress(env, 'HTTPS_PROXY'),
      noProxy: env['no_proxy'] ?? env['NO_PROXY'] ?? '',
    })
    return { request: undici.request, direct, proxied }
  }

  return {
    async fetch(url, init = {}) {
      loaded ??= load()
      const { request, direct, proxied } = await loaded
      const target = new URL(url)
      const local = target.protocol === 'http:' && isLoopback(target) && options.proxyLoopback !== true
      try {
        const response = await request(target, {
          method: init.method ?? 'GET',
          headers: headersOf(init),
          body: bodyOf(init),
          dispatcher: local ? direct : proxied,
          ...(init.signal && { signal: init.signal }),
        })
        return answerOf(response.statusCode, response.headers, response.body, target)
      } catch (error) {
        throw transportError(error, target, init.signal)
      }
    },
    async close() {
      if (loaded === undefined) return
      const { direct, proxied } = await loaded
      await Promise.all([direct.destroy(), proxied.destroy()])
    },
  }
}

/** Does work with HTTP and closes every connection afterwards, whatever happened. */
export async function withHttp<T>(work: (fetch: Fetch) => Promise<T>, options: HttpOptions = {}): Promise<T> {
  const http = createHttp(options)
  try {
    return await work(http.fetch)
  } finally {
    await http.close()
  }
}

function isStreamed(body: HttpRequest['body']): body is StreamedBody {
  return typeof body === 'object' && 'chunks' in body
}

/** @throws UserError for an address that is no proxy's, without its password */
function proxyAddress(env: NonNullable<HttpOptions['env']>, name: string): string {
  const given = env[name.toLowerCase()] ?? env[name] ?? ''
  if (given === '') return ''
  // An address without a scheme is taken as http, as other programs do.
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `http://${given}`
  if (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)) return address
  throw new UserError(
    `'${name}' is '${shownAddress(given)}', which is no address of a proxy. It looks like http://proxy.contoso.com:8080.`,
  )
}

function headersOf({ headers, body }: HttpRequest): Record<string, string> {
  return {
    ...headers,
    // A stated length instead of chunked transfer: front doors refuse what is too large before it has travelled.
    ...(isStreamed(body) && { 'content-length': String(body.byteLength) }),
  }
}

function bodyOf({ body }: HttpRequest): string | Uint8Array | Readable | null {
  if (body === undefined) return null
  return isStreamed(body) ? Readable.from(body.chunks(), { objectMode: false }) : body
}

function answerOf(
  status: number,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: AsyncIterable<Uint8Array>,
  url: URL,
): HttpResponse {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      yield* body
    } catch (error) {
      throw transportError(error, url)
    }
  }
  const response: HttpResponse = {
    status,
    headers: {
      get: (name) => {
        const value = headers[name.toLowerCase()]
        return Array.isArray(value) ? value.join(', ') : (value ?? null)
      },
    },
    chunks,
    async text() {
      return readText(response, { maxBytes: MAX_ANSWER_BYTES, whole: true, label: url.host })
    },
  }
  return response
}

/** What went wrong in one line; an abort by the caller passes unchanged. */
function transportError(error: unknown, url: URL, signal?: AbortSignal): unknown {
  if (signal?.aborted === true) return signal.reason
  const code = codeOf(error)
  const words = WORDS_OF[code] ?? errorText(error)
  return new TransportError(
    `No answer from ${url.host}: ${words}${code === '' || words.includes(code) ? '' : ` (${code})`}.`,
    { code, neverSent: NEVER_SENT.has(code) },
    { cause: error },
  )
}

function codeOf(error: unknown): string {
  let current = error
  for (let depth = 0; depth < 4 && typeof current === 'object' && current !== null; depth++) {
    if ('code' in current && typeof current.code === 'string') return current.code
    if ('errors' in current && Array.isArray(current.errors)) current = current.errors[0]
    else current = 'cause' in current ? current.cause : undefined
  }
  return ''
}
