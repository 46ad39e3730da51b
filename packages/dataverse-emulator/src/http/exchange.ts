/** One request as every service of the emulator sees it. */
export interface Incoming {
  readonly method: string
  /** Path and query as they came, still encoded. */
  readonly target: string
  /** The path as it came, still encoded. */
  readonly path: string
  /** The query without `?`, still encoded; empty when there is none. */
  readonly query: string
  /** Names in lower case; repeated headers joined with `, `. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** `http://127.0.0.1:PORT` of the server that was asked. */
  readonly origin: string
  /** When it reached the service, in milliseconds since 1970 on the emulator's clock. */
  readonly arrivedAt: number
}

export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string | Uint8Array
}

export type Handler = (request: Incoming) => Promise<Reply> | Reply

export function json(status: number, value: unknown, headers: Reply['headers'] = {}): Reply {
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  }
}

export function text(request: Incoming): string {
  return new TextDecoder().decode(request.body)
}

/** The body as JSON, or `undefined` when it is none. */
export function parseJson(source: string): unknown {
  try {
    return JSON.parse(source) as unknown
  } catch {
    return undefined
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The token of an `Authorization: Bearer …` header; the scheme's case does not matter. */
export function bearer(request: Incoming): string | undefined {
  return /^bearer +(\S+)$/i.exec(request.headers['authorization'] ?? '')?.[1]
}
