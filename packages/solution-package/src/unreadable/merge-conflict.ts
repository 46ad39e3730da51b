/** What there is to do about a conflict. */
export const CONFLICT = 'A merge conflict is not resolved. Choose one side, and remove the marker lines.'

const begin = '<<<<<<< '
const end = '\n>>>>>>> '

/** The line of a conflict. Git writes both markers at the beginning of a line; one alone may be text. */
export function conflictLine(content: string | Uint8Array): number | undefined {
  const text = typeof content === 'string' ? content : Buffer.from(content).toString('latin1')
  const at = text.indexOf(begin)
  if (at === -1 || (at > 0 && text[at - 1] !== '\n') || !text.includes(end, at)) return undefined
  return text.slice(0, at).split('\n').length
}
