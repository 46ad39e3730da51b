import type { SourceTree } from '../source-tree.ts'
import { originOf } from '../versions/source-version.ts'
import type { Finding } from './finding.ts'
import { verifyRules } from './rules.ts'
import { SourceUnderCheck } from './source-under-check.ts'

/**
 * Checks an unpacked solution without an environment.
 *
 * @param off ids of rules that are not to be checked
 * @returns all findings, errors first
 * @throws SolutionError when the folder is no unpacked solution
 */
export function verifySource(tree: SourceTree, off: readonly string[] = []): readonly Finding[] {
  const source = new SourceUnderCheck(tree)
  const isOff = new Set(off)
  return verifyRules
    .filter(({ id }) => !isOff.has(id))
    .flatMap(({ id, severity, check }) =>
      [...check(source)].map((problem): Finding => ({
        rule: id,
        severity,
        ...problem,
        file: originOf(tree, problem.file),
      })),
    )
    .toSorted((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'))
}
