import type { Problem } from '../finding.ts'
import type { SourceUnderCheck } from '../source-under-check.ts'

const begin = Buffer.from('<<<<<<< ')
const end = Buffer.from('\n>>>>>>> ')

/** Git writes both markers at the beginning of a line; one alone may be text. */
export function* mergeConflicts(source: SourceUnderCheck): Iterable<Problem> {
  for (const file of source.paths) {
    const bytes = Buffer.from(source.read(file))
    const at = bytes.indexOf(begin)
    if (at === -1 || (at > 0 && bytes[at - 1] !== 0x0a) || bytes.indexOf(end, at) === -1) continue
    const line = bytes.subarray(0, at).toString('latin1').split('\n').length
    yield {
      file,
      line,
      message: 'A merge conflict is not resolved. Choose one side, and remove the marker lines.',
    }
  }
}
