import { isRecord, parseJson, text, type Incoming } from './exchange.ts'

/** What the log keeps of a request. Tokens and secrets are not kept, long values are cut. */
export interface LoggedRequest {
  readonly number: number
  /** Milliseconds since 1970 on the emulator's clock. */
  readonly time: number
  readonly service: string
  readonly environment?: string
  readonly method: string
  /** Path and query, decoded. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Absent while the request is under way, and when the connection was dropped instead of an answer. */
  status?: number
  fault?: string
}

export interface RequestLog {
  readonly entries: readonly LoggedRequest[]
  add(request: Incoming, service: string, environment: string | undefined, time: number): LoggedRequest
  clear(): void
}

const KEPT = 10_000
const LONGEST_VALUE = 500
const SECRET_HEADERS = new Set(['authorization', 'cookie', 'x-identity-header'])
const SECRET_FIELDS = new Set(['client_secret', 'client_assertion', 'password', 'refresh_token'])

export function createRequestLog(): RequestLog {
  const entries: LoggedRequest[] = []
  let count = 0
  return {
    entries,
    add(request, service, environment, time) {
      count += 1
      const body = loggedBody(request)
      const entry: LoggedRequest = {
        number: count,
        time,
        service,
        ...(environment === undefined ? {} : { environment }),
        method: request.method,
        path: decodedTarget(request.target),
        headers: Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [
            name,
            SECRET_HEADERS.has(name) ? '(not kept)' : value,
          ]),
        ),
        ...(body === undefined ? {} : { body }),
      }
      entries.push(entry)
      if (entries.length > KEPT) entries.shift()
      return entry
    },
    clear() {
      entries.length = 0
    },
  }
}

function decodedTarget(target: string): string {
  try {
    return decodeURIComponent(target)
  } catch {
    return target
  }
}

function loggedBody(request: Incoming): unknown {
  if (request.body.length === 0) return undefined
  const type = request.headers['content-type'] ?? ''
  if (type.includes('application/x-www-form-urlencoded')) {
    return Object.fromEntries(
      [...new URLSearchParams(text(request))].map(([name, value]) => [
        name,
        SECRET_FIELDS.has(name) ? '(not kept)' : value,
      ]),
    )
  }
  if (!type.includes('json')) return `(${request.body.length} bytes)`
  const parsed = parseJson(text(request))
  return parsed === undefined ? `(${request.body.length} bytes, not JSON)` : shortened(parsed)
}

function shortened(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.length > LONGEST_VALUE ? `(${value.length} characters)` : value
  }
  if (Array.isArray(value)) return value.map(shortened)
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shortened(item)]))
}
