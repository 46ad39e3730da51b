import type { Problem } from '../finding.ts'
import type { SourceUnderCheck } from '../source-under-check.ts'

const begin = '<<<<<<< '
const end = '\n>>>>>>> '

export function* mergeConflicts(source: SourceUnderCheck): Iterable<Problem> {
  const documents = new Set(source.xmlFiles)
  for (const file of source.paths) {
    const parsed = documents.has(file) ? source.document(file)?.raw : undefined
    const line = conflictLine(parsed ?? source.read(file))
    if (line === undefined) continue
    yield {
      file,
      line,
      message: 'A merge conflict is not resolved. Choose one side, and remove the marker lines.',
    }
  }
}

/** The line of a conflict. Git writes both markers at the beginning of a line; one alone may be text. */
export function conflictLine(content: string | Uint8Array): number | undefined {
  const text = typeof content === 'string' ? content : Buffer.from(content).toString('latin1')
  const at = text.indexOf(begin)
  if (at === -1 || (at > 0 && text[at - 1] !== '\n') || !text.includes(end, at)) return undefined
  return text.slice(0, at).split('\n').length
}
