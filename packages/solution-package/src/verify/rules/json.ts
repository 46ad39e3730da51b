import { isJsonFile, jsonProblem } from '../../unreadable/json-files.ts'
import { isLfsPointer } from '../../unreadable/lfs-pointer.ts'
import { conflictLine } from '../../unreadable/merge-conflict.ts'
import type { Problem } from '../finding.ts'
import type { SourceUnderCheck } from '../source-under-check.ts'

export function* wellFormedJson(source: SourceUnderCheck): Iterable<Problem> {
  for (const file of source.paths) {
    if (!isJsonFile(file)) continue
    const bytes = source.read(file)
    const problem = jsonProblem(bytes)
    // A conflict of a merge and a pointer of Git LFS are other rules' findings.
    if (problem !== undefined && conflictLine(bytes) === undefined && !isLfsPointer(bytes))
      yield { file, ...problem }
  }
}
