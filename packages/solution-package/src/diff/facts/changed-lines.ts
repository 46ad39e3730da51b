import { diffArrays } from 'diff'

/** A text longer than this is not compared line by line. */
const MAX_LINES = 20_000
/** Texts with more different lines than this are other texts; a count, since a time would differ by machine. */
const MAX_DIFFERENT = 2000
/** Lines shown around those that differ. */
const CONTEXT = 1
const MAX_SHOWN = 40
const MAX_WIDTH = 200

/**
 * The lines that differ of two texts, each with `-`, `+` or a space before it, and a line `…` for what was left out.
 * At most forty, and no line of more than 200 characters: it is for reading, not for patching.
 */
export function changedLines(base: string, head: string): string[] {
  const before = base.split('\n')
  const after = head.split('\n')
  if (before.length > MAX_LINES || after.length > MAX_LINES) return []
  const all = diffArrays(before, after, { maxEditLength: MAX_DIFFERENT })
  if (all === undefined) return []
  const lines = all.flatMap(({ added, removed, value }) =>
    value.map((line) => `${added ? '+' : removed ? '-' : ' '}${line}`),
  )
  const near = lines.map((_line, at) =>
    lines.slice(Math.max(at - CONTEXT, 0), at + CONTEXT + 1).some((line) => !line.startsWith(' ')),
  )
  const shown: string[] = []
  for (const [at, line] of lines.entries()) {
    if (shown.length === MAX_SHOWN) return [...shown, '…']
    if (near[at] === true) shown.push(line.length > MAX_WIDTH ? `${line.slice(0, MAX_WIDTH)}…` : line)
    else if (near[at - 1] === true) shown.push('…')
  }
  return shown.at(-1) === '…' ? shown.slice(0, -1) : shown
}
