/** What is known of a request that did not succeed. */
export interface Failure {
  /** Undefined when no answer came, or none that could be read. */
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, string | number | undefined>>
  /** GitHub's own words, or what went wrong on the way. */
  readonly message: string
  /** True when the request certainly did not leave this machine. */
  readonly wasNeverSent: boolean
}

/** Codes of Node and undici for a connection that was never made. */
const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** Reads what Octokit throws. Of a request without an answer it says status 500, and keeps no response. */
export function failureOf(error: unknown): Failure {
  const response = member(error, 'response')
  const status = member(response, 'status')
  if (typeof status === 'number') {
    const data = member(response, 'data')
    return {
      status,
      headers: headersIn(member(response, 'headers')),
      message: refusalIn(data),
      wasNeverSent: false,
    }
  }
  const cause = innermost(error)
  const code = member(cause, 'code')
  return {
    status: undefined,
    headers: {},
    message: cause instanceof Error ? cause.message : String(cause),
    wasNeverSent: typeof code === 'string' && NEVER_CONNECTED.has(code),
  }
}

/** GitHub's message with the reasons that a validation gives beside it: each in words, or as a code of a field. */
function refusalIn(data: unknown): string {
  const message = member(data, 'message')
  // A gateway answers with a page.
  if (typeof message !== 'string') return "the answer is none of GitHub's API"
  const errors = member(data, 'errors')
  const reasons = (Array.isArray(errors) ? errors : []).flatMap((item: unknown) => {
    const reason = typeof item === 'string' ? item : member(item, 'message')
    if (typeof reason === 'string' && reason !== '') return [reason]
    const codes = [member(item, 'resource'), member(item, 'field'), member(item, 'code')]
    const words = codes.filter((word) => typeof word === 'string')
    return words.length > 0 ? [words.join(' ')] : []
  })
  return [message, ...reasons].join(': ')
}

function headersIn(value: unknown): Failure['headers'] {
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(
        Object.entries(value).filter(
          (entry): entry is [string, string | number] =>
            typeof entry[1] === 'string' || typeof entry[1] === 'number',
        ),
      )
    : {}
}

function innermost(error: unknown): unknown {
  let found = error
  for (let depth = 0; depth < 8; depth++) {
    const cause = member(found, 'cause')
    if (cause === undefined) return found
    found = cause
  }
  return found
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
