/** How long to wait before the next attempt. All numbers are milliseconds. */

const FIRST_MS = 1_000
const CAP_MS = 64_000

/** Full jitter: anything between nothing and the doubled wait, so that many clients do not come back together. */
export const jitteredBackoff = (attempt: number, random: () => number): number =>
  Math.round(random() * Math.min(CAP_MS, FIRST_MS * 2 ** attempt))

/**
 * What the server asked for: `retry-after-ms` and `x-ms-retry-after-ms` in milliseconds, or `Retry-After` in seconds or
 * as a date. A date in the past means "now". Undefined when the answer says nothing.
 */
export const serverWait = (
  headers: { get(name: string): string | null },
  nowMs: number,
): number | undefined => {
  for (const name of ['retry-after-ms', 'x-ms-retry-after-ms']) {
    const ms = Number(headers.get(name) ?? Number.NaN)
    if (Number.isFinite(ms) && ms >= 0) return ms
  }
  const value = headers.get('retry-after')?.trim()
  if (value === undefined || value === '') return undefined
  const seconds = Number(value)
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000)
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs)
}
