/**
 * The emulator's time, in milliseconds since 1970. It runs with the machine's clock until it is stopped; a test
 * moves it instead of waiting, and jobs, tokens and limits are judged by it.
 */
export interface Clock {
  now(): number
  /** Moves time forward; also when stopped. */
  advance(ms: number): void
  /** Holds time still at the given moment, or at the present one. */
  stop(at?: number): void
  /** Lets time run on from where it stands. */
  start(): void
}

export function createClock(machine: () => number = Date.now): Clock {
  let offset = 0
  let stoppedAt: number | undefined
  const now = () => stoppedAt ?? machine() + offset
  return {
    now,
    advance(ms) {
      if (stoppedAt === undefined) offset += ms
      else stoppedAt += ms
    },
    stop(at = now()) {
      stoppedAt = at
    },
    start() {
      offset = now() - machine()
      stoppedAt = undefined
    },
  }
}

/** The service writes times to the second: `2023-10-17T11:02:55Z`. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}
