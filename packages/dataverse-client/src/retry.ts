import { jitteredBackoff, serverWait } from './backoff.ts'
import { isCustomizationLock } from './error-code.ts'
import { DataverseError, TransportError } from './errors.ts'

/** What is known after one attempt that did not succeed. */
export interface Attempt {
  /** True when sending the request a second time cannot do harm. */
  readonly repeatable: boolean
  /** The answer, or the reason why there is none. */
  readonly error: DataverseError | TransportError
  /** Headers of the answer, when there is one. */
  readonly headers: { get(name: string): string | null } | undefined
  /** Small retries made so far. */
  readonly retries: number
  /** Fresh tokens asked for so far. */
  readonly freshTokens: number
  readonly nowMs: number
  readonly random: () => number
}

/**
 * What to do next. `small` counts against the few retries of a request, `queue` only against the time for waiting
 * until the environment is free, which grows by itself, `token` asks for a fresh token first.
 */
export interface RetryDecision {
  readonly kind: 'small' | 'queue' | 'token'
  readonly waitMs: number
  readonly reason: string
}

type RetryStrategy = (attempt: Attempt) => RetryDecision | undefined

/** Retries of one request, besides waiting for a busy environment. */
const MAX_RETRIES = 5

/**
 * Dataverse allows one solution operation at a time. The refusal (429 with its own code, without Retry-After) means
 * that nothing was started, so waiting and sending again is safe for every method.
 */
const customizationLock: RetryStrategy = ({ error }) => {
  if (!(error instanceof DataverseError) || !isCustomizationLock(error.code, error.serverMessage))
    return undefined
  return { kind: 'queue', waitMs: error.retryAfterMs ?? 0, reason: error.serverMessage }
}

/** Service protection limits: 429 was refused before anything was done; 503 only counts where repeating is harmless. */
const throttled: RetryStrategy = ({ error, headers, repeatable, retries, nowMs, random }) => {
  if (!(error instanceof DataverseError) || !headers) return undefined
  if (error.status !== 429 && !(error.status === 503 && repeatable)) return undefined
  const waitMs = serverWait(headers, nowMs) ?? jitteredBackoff(retries, random)
  return { kind: 'small', waitMs, reason: `the service asks to slow down (HTTP ${error.status})` }
}

/** One fresh token, then give up: a client that repeats a permanent 401 never ends. */
const expiredToken: RetryStrategy = ({ error, freshTokens }) =>
  error instanceof DataverseError && error.status === 401 && freshTokens === 0
    ? { kind: 'token', waitMs: 0, reason: 'the token was refused (HTTP 401); asking for a fresh one' }
    : undefined

const TRANSIENT_STATUS = new Set([408, 500, 502, 503, 504])

/** A host name that does not exist rarely starts to exist; two more looks are enough. */
const MAX_NAME_RETRIES = 2

const transient: RetryStrategy = ({ error, headers, repeatable, retries, nowMs, random }) => {
  const waitMs = (headers && serverWait(headers, nowMs)) ?? jitteredBackoff(retries, random)
  if (error instanceof TransportError) {
    if (error.certificateRefused || (!repeatable && !error.neverSent)) return undefined
    if (error.code === 'ENOTFOUND' && retries >= MAX_NAME_RETRIES) return undefined
    return { kind: 'small', waitMs, reason: error.message }
  }
  return repeatable && TRANSIENT_STATUS.has(error.status)
    ? { kind: 'small', waitMs, reason: `the service answered HTTP ${error.status}` }
    : undefined
}

/** In order; the first that has an opinion decides. */
const STRATEGIES: readonly RetryStrategy[] = [customizationLock, throttled, expiredToken, transient]

/** The decision for a failed attempt, or `undefined` to give up. The budget of small retries is kept here. */
export const decideRetry = (attempt: Attempt): RetryDecision | undefined => {
  for (const strategy of STRATEGIES) {
    const decision = strategy(attempt)
    if (decision === undefined) continue
    return decision.kind === 'small' && attempt.retries >= MAX_RETRIES ? undefined : decision
  }
  return undefined
}
