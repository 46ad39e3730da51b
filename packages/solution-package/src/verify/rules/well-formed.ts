import { conflictLine } from '../../unreadable/merge-conflict.ts'
import { XmlError } from '../../xml/index.ts'
import type { Problem } from '../finding.ts'
import type { SourceUnderCheck } from '../source-under-check.ts'
import { isLfsPointer } from '../../unreadable/lfs-pointer.ts'

/** Processes and formulas of columns are XML as well. */
const xaml = /^(?:Workflows|Entities)\/.*\.xaml$/i

export function* wellFormed(source: SourceUnderCheck): Iterable<Problem> {
  for (const file of [...source.xmlFiles, ...source.paths.filter((path) => xaml.test(path))]) {
    const parsed = source.parse(file)
    // A conflict of a merge and a pointer of Git LFS are other rules' findings.
    if (!(parsed instanceof XmlError) || conflictLine(source.read(file)) !== undefined) continue
    if (!isLfsPointer(source.read(file))) yield { file, message: parsed.message, ...parsed.position }
  }
}
