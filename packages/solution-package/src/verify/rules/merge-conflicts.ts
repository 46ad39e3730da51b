import { CONFLICT, conflictLine } from '../../unreadable/merge-conflict.ts'
import type { Problem } from '../finding.ts'
import type { SourceUnderCheck } from '../source-under-check.ts'

export function* mergeConflicts(source: SourceUnderCheck): Iterable<Problem> {
  const documents = new Set(source.xmlFiles)
  for (const file of source.paths) {
    const parsed = documents.has(file) ? source.document(file)?.raw : undefined
    const line = conflictLine(parsed ?? source.read(file))
    if (line !== undefined) yield { file, line, message: CONFLICT }
  }
}
