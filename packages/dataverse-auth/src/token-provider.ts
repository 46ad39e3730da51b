import { errorText } from '@dsa/user-error'
import type { Clock, Logger } from '@dsa/dataverse-client'

/** A token as it was issued. */
export interface IssuedToken {
  readonly token: string
  /** How long it is good for from now, in milliseconds. */
  readonly lifetimeMs: number
}

/** Renewed this long before its end, or in the last fifth of a short life. */
const RENEW_BEFORE_MS = 5 * 60_000

/**
 * Keeps one token for its life and renews it before its end. Requests that need one at the same time share one
 * acquisition. A token is masked before anybody can use it.
 */
export function createTokenProvider(
  acquire: () => Promise<IssuedToken>,
  deps: { readonly clock: Clock; readonly log: Logger; readonly addMask: (secret: string) => void },
): (options: { fresh: boolean }) => Promise<string> {
  let current: { token: string; renewAtMs: number; endsAtMs: number } | undefined
  let pending: Promise<string> | undefined

  const renew = async (): Promise<string> => {
    const { token, lifetimeMs } = await acquire()
    deps.addMask(token)
    const now = deps.clock()
    current = {
      token,
      renewAtMs: now + lifetimeMs - Math.min(RENEW_BEFORE_MS, lifetimeMs / 5),
      endsAtMs: now + lifetimeMs,
    }
    return token
  }

  return async ({ fresh }) => {
    const now = deps.clock()
    if (!fresh && current !== undefined && now < current.renewAtMs) return current.token
    pending ??= renew().finally(() => {
      pending = undefined
    })
    try {
      return await pending
    } catch (error) {
      // The old one is good for some minutes more; the next request tries again.
      if (fresh || current === undefined || deps.clock() >= current.endsAtMs) throw error
      deps.log.debug(`The token could not be renewed yet: ${errorText(error)}`)
      return current.token
    }
  }
}
