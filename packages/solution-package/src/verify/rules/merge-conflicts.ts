import type { Problem } from '../finding.ts'
import type { SourceUnderCheck } from '../source-under-check.ts'

const begin = '<<<<<<< '
const end = '\n>>>>>>> '

/** Git writes both markers at the beginning of a line; one alone may be text. */
export function* mergeConflicts(source: SourceUnderCheck): Iterable<Problem> {
  const documents = new Set(source.xmlFiles)
  for (const file of source.paths) {
    const parsed = documents.has(file) ? source.document(file)?.raw : undefined
    const text = parsed ?? Buffer.from(source.read(file)).toString('latin1')
    const at = text.indexOf(begin)
    if (at === -1 || (at > 0 && text[at - 1] !== '\n') || !text.includes(end, at)) continue
    yield {
      file,
      line: text.slice(0, at).split('\n').length,
      message: 'A merge conflict is not resolved. Choose one side, and remove the marker lines.',
    }
  }
}
