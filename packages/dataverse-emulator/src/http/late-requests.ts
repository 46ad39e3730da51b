/** Requests that are still on their way, and reach their service when the emulator's clock has come so far. */
export interface LateRequests {
  /** @param at when it arrives, in milliseconds since 1970 */
  add(at: number, arrive: () => Promise<void>): void
  /** Lets all arrive whose time has come, in the order of their times. */
  deliver(now: number): Promise<void>
  clear(): void
}

/**
 * There are no timers: whoever looks at the emulator next, a request or a test, lets them arrive first. So they are
 * there before anything that comes after them.
 */
export function createLateRequests(): LateRequests {
  let waiting: readonly { readonly at: number; readonly arrive: () => Promise<void> }[] = []
  let delivery: Promise<void> = Promise.resolve()
  return {
    add(at, arrive) {
      waiting = [...waiting, { at, arrive }].toSorted((left, right) => left.at - right.at)
    },
    deliver(now) {
      const due = waiting.filter(({ at }) => at <= now)
      waiting = waiting.filter(({ at }) => at > now)
      for (const { arrive } of due) delivery = delivery.then(arrive)
      return delivery
    },
    clear() {
      waiting = []
    },
  }
}
