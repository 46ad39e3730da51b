import { isCustomizationLock } from './error-code.ts'
import { DataverseError, TransportError } from './errors.ts'

/** How long to wait and whether to send again: one policy for the Web API and for token requests. Milliseconds. */

/** Retries of one request, besides waiting for a busy environment. */
const MAX_RETRIES = 5
/** The time that they may take together, where the caller has no deadline of his own. */
export const RETRY_TIME_MS = 10 * 60_000

const FIRST_MS = 1_000
const LONGEST_MS = 64_000

/** A host name that does not exist rarely starts to exist; two more looks are enough. */
const MAX_NAME_RETRIES = 2

const TRANSIENT_STATUS = new Set([408, 500, 502, 503, 504])

/** What an answer that is no success tells the policy. */
interface Refusal {
  readonly status: number
  /** What the service asked for, see {@link retryAfter}. */
  readonly retryAfterMs?: number | undefined
}

/** What is known after one attempt that did not succeed. */
export interface Attempt {
  /** True when sending the request a second time cannot do harm. */
  readonly repeatable: boolean
  readonly failure: Refusal | TransportError
  /** Retries made so far. */
  readonly retries: number
  /** How much time is left until the deadline. */
  readonly leftMs: number
  readonly random: () => number
}

export interface Retry {
  readonly waitMs: number
  readonly reason: string
}

/**
 * Whether and when to send again. The wait is never shorter than the jittered back-off, nor than what the service asks
 * for. One that would end after the deadline is not begun.
 */
export function retryOf({ repeatable, failure, retries, leftMs, random }: Attempt): Retry | undefined {
  if (retries >= MAX_RETRIES) return undefined
  const reason =
    failure instanceof TransportError
      ? transportReason(failure, repeatable, retries)
      : refusalReason(failure, repeatable)
  if (reason === undefined) return undefined
  const askedMs = failure instanceof TransportError ? 0 : (failure.retryAfterMs ?? 0)
  const waitMs = Math.max(jitteredBackoff(retries, random), askedMs)
  return waitMs <= leftMs ? { waitMs, reason } : undefined
}

function transportReason(error: TransportError, repeatable: boolean, retries: number): string | undefined {
  if (error.certificateRefused || error.code === 'TOO_LARGE') return undefined
  if (!repeatable && !error.neverSent) return undefined
  return error.code === 'ENOTFOUND' && retries >= MAX_NAME_RETRIES ? undefined : error.message
}

/** 429 was refused before anything was done, so every request can be repeated after it. */
function refusalReason({ status }: Refusal, repeatable: boolean): string | undefined {
  if (status === 429) return `the service asks to slow down (HTTP ${status})`
  return repeatable && TRANSIENT_STATUS.has(status) ? `the service answered HTTP ${status}` : undefined
}

/** Full jitter: anything between nothing and the doubled wait, so that many clients do not come back together. */
function jitteredBackoff(attempt: number, random: () => number): number {
  return Math.round(random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt))
}

/**
 * What the server asked for: `retry-after-ms` and `x-ms-retry-after-ms` in milliseconds, or `Retry-After` in seconds or
 * as a date. A date in the past means "now". Undefined when the answer says nothing.
 */
export function retryAfter(headers: { get(name: string): string | null }, nowMs: number): number | undefined {
  for (const name of ['retry-after-ms', 'x-ms-retry-after-ms']) {
    const ms = Number(headers.get(name)?.trim() || Number.NaN)
    if (Number.isFinite(ms) && ms >= 0) return ms
  }
  const value = headers.get('retry-after')?.trim()
  if (value === undefined || value === '') return undefined
  const seconds = Number(value)
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000)
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs)
}

/**
 * Dataverse allows one solution operation at a time. The refusal (429 with its own code, without Retry-After) means
 * that nothing was started, so waiting and sending again is safe for every method.
 */
export function isBusy(error: DataverseError | TransportError): error is DataverseError {
  return error instanceof DataverseError && isCustomizationLock(error.code, error.serverMessage)
}
