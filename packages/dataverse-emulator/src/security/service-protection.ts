import type { Environment } from '../environment.ts'
import type { Incoming } from '../http/exchange.ts'
import { ApiError, refuse } from '../odata/errors.ts'

export interface ServiceProtection {
  /** Counts a request; the refusal when it is one too many. */
  begin(request: Incoming): ApiError | undefined
  end(): void
  /** Requests left in the window. */
  remaining(): number
}

const WINDOW_SECONDS = 300
const REQUESTS = 8000

/** Service protection limits, per environment instead of per user and server; off unless `limits` are set. */
export function createServiceProtection(environment: Environment): ServiceProtection {
  let times: number[] = []
  let running = 0
  const windowOf = () => environment.settings.limits?.windowSeconds ?? WINDOW_SECONDS
  const trim = () => {
    const start = environment.clock.now() - windowOf() * 1000
    times = times.filter((time) => time > start)
  }
  return {
    begin() {
      running += 1
      const { limits } = environment.settings
      if (limits === undefined) return undefined
      trim()
      const now = environment.clock.now()
      if (limits.concurrent !== undefined && running > limits.concurrent) {
        return throttled(refuse('concurrencyLimit', limits.concurrent), limits.retryAfterSeconds ?? 1)
      }
      if (limits.requests !== undefined && times.length >= limits.requests) {
        const oldest = times[0] ?? now
        const wait = limits.retryAfterSeconds ?? Math.ceil((oldest + windowOf() * 1000 - now) / 1000)
        return throttled(refuse('requestLimit', limits.requests, windowOf()), wait)
      }
      times.push(now)
      return undefined
    },
    end() {
      running -= 1
    },
    remaining() {
      if (environment.settings.limits !== undefined) trim()
      return Math.max(0, (environment.settings.limits?.requests ?? REQUESTS) - Math.max(times.length, 1))
    },
  }
}

function throttled(error: ApiError, seconds: number): ApiError {
  return new ApiError(error.status, error.code, error.message, {
    headers: { 'Retry-After': String(Math.max(1, seconds)) },
  })
}
