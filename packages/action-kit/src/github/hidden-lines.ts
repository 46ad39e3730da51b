import { createHash } from 'node:crypto'

/** GitHub refuses a longer text of a comment, an issue or a pull request. It counts characters; bytes are never fewer. */
export const LONGEST_BODY = 65_536

const STATE = /<!-- dataverse-solution-actions state (\w+) -->/

/**
 * A line that nobody sees, which tells whose the text is: it is the first one. A hash, since a name could end the comment
 * of HTML or look like another marker.
 *
 * @param key whatever the parts hold, only the same parts make the same line
 */
export function markerOf(key: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(key)).digest('hex')
  return `<!-- dataverse-solution-actions ${hash} -->`
}

export function isMarkedWith(marker: string, body: string): boolean {
  return body.split(/\r?\n/, 1)[0] === marker
}

/**
 * A text with a last line that nobody sees, which tells what the text is about. It is cut where GitHub would refuse it.
 *
 * @param state letters and digits
 * @param marker first line of the text, for one that is to be found again
 */
export function bodyWith(text: string, state: string, marker?: string): string {
  const line = `<!-- dataverse-solution-actions state ${state} -->`
  const first = marker === undefined ? '' : `${marker}\n`
  // A line of the same form in the text would be another state.
  const own = text.replace(new RegExp(STATE, 'g'), '').trim()
  return `${first}${shortened(own, LONGEST_BODY - first.length - line.length - 2)}\n\n${line}`
}

/** What `bodyWith` was given: the last such line, since what stands above it comes from elsewhere. */
export function stateIn(body: string): string | undefined {
  return [...body.matchAll(new RegExp(STATE, 'g'))].at(-1)?.[1]
}

/** Cut at the end of a line. What was opened before it is closed, so that the rest is seen as it is. */
export function shortened(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text
  const note = '\n\n_The text is cut here: GitHub allows 65,536 bytes._'
  const room = Math.max(0, maxBytes - Buffer.byteLength(note) - CLOSING_BYTES)
  const bytes = Buffer.from(text).subarray(0, room)
  const cut = bytes.lastIndexOf(10)
  const kept = bytes
    .subarray(0, cut < 0 ? bytes.length : cut)
    .toString('utf8')
    .replace(/\uFFFD+$/, '')
  return `${kept}${closing(kept)}${note}`
}

const CLOSING_BYTES = 256

/** Ends a block of code and folded parts that a text leaves open. */
function closing(text: string): string {
  const open = (text.match(/<details\b/g)?.length ?? 0) - (text.match(/<\/details>/g)?.length ?? 0)
  const fence = openFence(text)
  return `${fence === '' ? '' : `\n${fence.slice(0, 32)}`}${'\n\n</details>'.repeat(Math.min(Math.max(open, 0), 8))}`
}

/** A block ends with as many of the same characters as it began with, and nothing behind them: a shorter one is its text. */
function openFence(text: string): string {
  let open = ''
  for (const [, fence = '', rest = ''] of text.matchAll(/^ {0,3}(`{3,}|~{3,})(.*)$/gm)) {
    if (open === '') open = fence
    else if (fence.startsWith(open) && rest.trim() === '') open = ''
  }
  return open
}
