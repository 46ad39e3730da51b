import { createDataverseClient } from '../pipeline/client.ts'
import type { DataverseClient, DataverseClientOptions } from '../pipeline/client.ts'
import type { Fetch, HttpRequest, HttpResponse } from '../pipeline/contracts.ts'
import { TransportError } from '../pipeline/errors.ts'

/** Test support: a server that is a function, a clock that moves only when somebody sleeps. */

export interface Asked {
  readonly method: string
  /** After `/api/data/v9.2/`, decoded. */
  readonly path: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Reply {
  readonly status?: number
  readonly json?: unknown
  readonly text?: string
  /** Instead of a text: a body that need not end. */
  readonly pieces?: () => AsyncIterable<Uint8Array>
  readonly headers?: Readonly<Record<string, string>>
}

export const ORIGIN = 'https://contoso.crm4.dynamics.com'

/** The connection broke before anything came back. */
export function reset(): TransportError {
  return new TransportError('ECONNRESET', { code: 'ECONNRESET', neverSent: false })
}

/** Nobody listens: the request never left. */
export function refused(): TransportError {
  return new TransportError('ECONNREFUSED', { code: 'ECONNREFUSED', neverSent: true })
}

export function dataverseError(status: number, code: string, message: string): Reply {
  return {
    status,
    json: { error: { code, message } },
  }
}

export function scriptedClient(
  handle: (asked: Asked) => Reply | Error | Promise<Reply | Error>,
  options: Partial<DataverseClientOptions> = {},
): {
  client: DataverseClient
  asked: Asked[]
  waits: number[]
  lines: string[]
  tokens: boolean[]
  now: () => number
} {
  const asked: Asked[] = []
  const waits: number[] = []
  const lines: string[] = []
  const tokens: boolean[] = []
  let now = Date.UTC(2026, 0, 1)
  const write = (line: string): void => void lines.push(line)

  const fetch: Fetch = async (url, init = {}) => {
    init.signal?.throwIfAborted()
    const href = String(url)
    const request: Asked = {
      method: init.method ?? 'GET',
      path: decodeURIComponent(href.slice(href.indexOf('/api/data/v9.2/') + '/api/data/v9.2/'.length)),
      url: href,
      headers: init.headers ?? {},
      body: bodyText(init.body),
    }
    asked.push(request)
    const reply = await handle(request)
    if (reply instanceof Error) throw reply
    return response(reply)
  }

  const client = createDataverseClient({
    environmentUrl: ORIGIN,
    getToken: async ({ fresh }) => {
      tokens.push(fresh)
      return `token-${tokens.length}`
    },
    fetch,
    clock: () => now,
    async sleep(ms, signal) {
      signal?.throwIfAborted()
      waits.push(ms)
      now += ms
    },
    signal: new AbortController().signal,
    log: { debug: write, info: write, notice: write, warning: write, error: write },
    random: () => 1,
    timeoutSignal: () => new AbortController().signal,
    ...options,
  })
  return { client, asked, waits, lines, tokens, now: () => now }
}

function bodyText(body: HttpRequest['body']): string {
  if (body === undefined) return ''
  if (typeof body === 'string') return body
  return Buffer.concat(body instanceof Uint8Array ? [body] : [...body.chunks()]).toString('utf8')
}

function response({ status = 200, json, text, pieces, headers = {} }: Reply): HttpResponse {
  const body = text ?? (json === undefined ? '' : JSON.stringify(json))
  const all: Record<string, string> = {
    'content-type': 'application/json; odata.metadata=minimal',
    ...headers,
  }
  return {
    status,
    headers: { get: (name) => all[name.toLowerCase()] ?? null },
    text: async () => body,
    async *chunks() {
      if (pieces !== undefined) return yield* pieces()
      const bytes = Buffer.from(body)
      for (let start = 0; start < bytes.length; start += 1_000) yield bytes.subarray(start, start + 1_000)
    },
  }
}
