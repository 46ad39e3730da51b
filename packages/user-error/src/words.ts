/**
 * A number with its noun: `1 minute`, `2 minutes`.
 *
 * @param plural where it is not the noun with an `s`
 */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`
}

/** A span of time as people say it, in its two largest units: `12 s`, `4 min 12 s`, `1 h 5 min`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60
    ? `${minutes} min ${seconds % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** Names in quotes, as in a sentence: `'a', 'b' and 'c'`. */
export function quotedList(names: readonly string[], last: 'and' | 'or' = 'and'): string {
  return listed(
    names.map((name) => `'${name}'`),
    last,
  )
}

/** `a, b and c` */
export function listed(items: readonly string[], last: 'and' | 'or' = 'and'): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1)}`
}

/** What an error says, whatever was thrown. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
