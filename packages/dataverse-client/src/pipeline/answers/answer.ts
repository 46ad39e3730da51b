import { MAX_ANSWER_BYTES, readText, WORDS } from './bounded-text.ts'
import type { HttpResponse } from '../contracts.ts'
import { normalizeCode } from '../error-code.ts'
import { DataverseError, TransportError } from '../errors.ts'
import { retryAfter } from '../retry.ts'
import { isRow, optionalText } from '../wire.ts'

/** Error bodies are small; what gateways put into theirs is of no use. */
const MAX_ERROR_BYTES = 1_048_576
/** Words of the service beyond this help nobody; a list of missing dependencies takes some thousand. */
const MAX_MESSAGE = 32_768

/** The service writes the id twice, joined by a comma; support wants it whole. */
function requestIdOf(response: HttpResponse): string {
  return response.headers.get('x-ms-service-request-id') ?? response.headers.get('req_id') ?? ''
}

function isJson(response: HttpResponse): boolean {
  return (response.headers.get('content-type') ?? '').toLowerCase().includes('json')
}

/** Bodies of gateways are pages of HTML; one line of text says enough. */
function firstWords(body: string): string {
  return body
    .slice(0, WORDS)
    .replace(/<(script|style)[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^<>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200)
}

function parseJson(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body)
    return value
  } catch {
    return undefined
  }
}

/** `{"error":{"code","message"}}`; the front door writes `{"Message"}` with a capital letter. */
function serverError(body: string): { code: string; message: string } {
  const parsed = parseJson(body)
  if (!isRow(parsed)) return { code: '', message: firstWords(body) }
  const error = isRow(parsed['error']) ? parsed['error'] : parsed
  const message = optionalText(error, 'message') ?? optionalText(error, 'Message') ?? ''
  return {
    code: normalizeCode(error['code']),
    message: message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message,
  }
}

/**
 * Turns an answer that is no success into a {@link DataverseError}.
 * @param label what was asked, for the message, such as `POST ImportSolutionAsync`
 */
export async function readError(
  response: HttpResponse,
  label: string,
  nowMs: number,
): Promise<DataverseError> {
  // 401 has an empty body; the reason stands in a header of its own.
  const body = await readText(response, { maxBytes: MAX_ERROR_BYTES, whole: false, label }).catch(() => '')
  const { code, message } = serverError(body)
  const location = response.headers.get('location')
  const reason = response.headers.get('401_error_reason')
  const words = [
    message,
    reason ?? '',
    location !== null && response.status >= 300 && response.status < 400
      ? `It redirects to '${location.split('?')[0]}', which is not followed, because the token must not travel there.`
      : '',
  ].filter((part) => part !== '')
  const requestId = requestIdOf(response)
  const serverMessage = words.join(' ')
  const parts = [
    `${label}: HTTP ${response.status}${code === '' ? '' : ` ${code}`}`,
    serverMessage === '' ? '' : ` ${serverMessage}`,
    requestId === '' ? '' : ` (request id ${requestId})`,
  ]
  return new DataverseError(parts.join(''), {
    status: response.status,
    code,
    requestId,
    serverMessage,
    retryAfterMs: retryAfter(response.headers, nowMs),
  })
}

/**
 * The JSON of a success, `undefined` for an empty body (204).
 * @throws TransportError when the body broke off or is too large
 * @throws DataverseError when something else than JSON arrived, which no Dataverse does
 */
export async function readJson(
  response: HttpResponse,
  label: string,
  maxBytes = MAX_ANSWER_BYTES,
): Promise<unknown> {
  const body = await readText(response, { maxBytes, whole: isJson(response), label })
  if (body === '') return undefined
  if (!isJson(response)) {
    throw new DataverseError(
      `${label}: ${insteadOfJson(response, body)}. Is 'environment-url' a Dataverse environment?`,
      { status: response.status, requestId: requestIdOf(response), serverMessage: firstWords(body) },
    )
  }
  const value = parseJson(body)
  if (value === undefined) {
    throw new TransportError(`${label}: the answer broke off.`, { code: 'TRUNCATED', neverSent: false })
  }
  return value
}

/**
 * For an answer that is read while it arrives, of an environment that has answered before.
 * @throws TransportError when it is something else than JSON
 */
export async function requireJson(response: HttpResponse, label: string): Promise<void> {
  if (isJson(response)) return
  const body = await readText(response, { maxBytes: WORDS, whole: false, label })
  throw new TransportError(
    `${label}: ${insteadOfJson(response, body)}. Something on the way, such as a proxy, answered in place of the environment.`,
    { code: 'NOT_JSON', neverSent: false },
  )
}

function insteadOfJson(response: HttpResponse, body: string): string {
  const type = response.headers.get('content-type') ?? 'without a type'
  return `the answer is '${type}' instead of JSON ('${firstWords(body).slice(0, 80)}')`
}
