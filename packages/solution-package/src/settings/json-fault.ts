/** Line and column of a text, counted from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

const token =
  /[ \t\n\r]*(?:([[\]{},:])|("(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[\da-f]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?|true|false|null))/iuy

/**
 * Where a text stops being JSON (RFC 8259). The engine tells a position for some faults only, and quotes the text
 * around it, which may be a secret value.
 */
export function jsonFault(text: string): Place {
  const open: string[] = []
  let at = 0
  for (let allowed = 'value'; ;) {
    token.lastIndex = at
    const [whole = '', mark, string, other] = token.exec(text) ?? []
    const kind = mark ?? (string === undefined ? (other === undefined ? 'end' : 'word') : 'string')
    const next = after(allowed, kind, open)
    if (next === undefined) break
    at += whole.length
    allowed = next
  }
  const fault = at + (/^[ \t\n\r]*/.exec(text.slice(at))?.[0].length ?? 0)
  // A text that ends too early is at fault behind its last line that says something.
  const before = (fault === text.length ? text.trimEnd() : text.slice(0, fault)).split('\n')
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 }
}

/**
 * What may come after a token, if it may stand here.
 *
 * @param allowed what may come now
 * @param open the brackets around; changed when one opens or closes
 */
function after(allowed: string, kind: string, open: string[]): string | undefined {
  if (kind === '}' || kind === ']') {
    const isRight =
      open.at(-1) === (kind === '}' ? '{' : '[') && allowed !== ':' && !allowed.startsWith('only')
    if (!isRight || (allowed === 'value' && kind === '}')) return undefined
    open.pop()
    return 'more'
  }
  if (allowed === 'more') {
    if (kind !== ',' || open.length === 0) return undefined
    return open.at(-1) === '{' ? 'only key' : 'only value'
  }
  if (allowed === ':') return kind === ':' ? 'only value' : undefined
  if (allowed.endsWith('key')) return kind === 'string' ? ':' : undefined
  if (kind === '{' || kind === '[') {
    open.push(kind)
    return kind === '{' ? 'key' : 'value'
  }
  return kind === 'string' || kind === 'word' ? 'more' : undefined
}
