import type { Problem } from '../finding.ts'
import type { SourceUnderCheck } from '../source-under-check.ts'

/** What reading the files of another format than XML found by one of its rules. */
export function ofFormat(id: string): (source: SourceUnderCheck) => Iterable<Problem> {
  return ({ formatProblems }) =>
    formatProblems.flatMap(({ rule, ...problem }) => (rule === id ? [problem] : []))
}
