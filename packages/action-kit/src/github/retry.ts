import type { Failure } from './failure.ts'

/** Retries of one request. */
const MAX_RETRIES = 4

/** All that one request may wait. A limit that ends later is for a later run. */
export const LONGEST_WAIT_MS = 5 * 60_000

const FIRST_MS = 1_000

/** GitHub asks for at least so long where it names no time. */
const LIMITED_MS = 60_000

const TRANSIENT_STATUS = new Set([408, 500, 502, 503, 504])

export interface Attempt {
  readonly failure: Failure
  /** True when sending the request a second time cannot do harm. */
  readonly isRepeatable: boolean
  /** Retries made so far. */
  readonly retries: number
  /** What all waits so far took. */
  readonly waitedMs: number
  /** Milliseconds since 1970. */
  readonly now: number
  /** From 0 to 1. */
  readonly random: () => number
}

/**
 * How long to wait before the request is sent again; undefined when it is not.
 *
 * Limits: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit.
 * They are refused before anything is done, so every request can be repeated after them.
 */
export function retryWait(attempt: Attempt): number | undefined {
  const { failure, isRepeatable, retries, waitedMs, now, random } = attempt
  if (retries >= MAX_RETRIES) return undefined
  const waitMs = isLimit(failure)
    ? limitMs(failure, retries, now)
    : (isRepeatable && isTransient(failure)) || failure.wasNeverSent
      ? Math.round(FIRST_MS * 2 ** retries * (0.5 + random() / 2))
      : undefined
  return waitMs === undefined || waitedMs + waitMs > LONGEST_WAIT_MS ? undefined : waitMs
}

/** Of too many requests, in an hour or at once. A refusal for want of a permission is a 403 too. */
export function isLimit({ status, headers, message }: Failure): boolean {
  if (status === 429) return true
  return (
    status === 403 &&
    (headers['retry-after'] !== undefined ||
      String(headers['x-ratelimit-remaining']) === '0' ||
      /rate limit|abuse detection/i.test(message))
  )
}

function isTransient({ status }: Failure): boolean {
  return status === undefined || TRANSIENT_STATUS.has(status)
}

function limitMs({ headers }: Failure, retries: number, now: number): number {
  const seconds = Number(headers['retry-after'] ?? Number.NaN)
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000)
  const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN)
  if (String(headers['x-ratelimit-remaining']) === '0' && Number.isFinite(reset))
    return Math.max(FIRST_MS, reset * 1_000 - now)
  return LIMITED_MS * 2 ** retries
}
