import { parseVersion, compareVersions } from '../version.ts'
import type { Change } from './report.ts'

const BREAKING = new Set(['import-fails', 'breaks', 'data-loss'])

/**
 * The version that fits a change: the next minor one when something was removed, will be refused or can break, else
 * the next build. A solution whose version was raised further keeps it.
 */
export function suggestVersion(
  base: string | undefined,
  head: string | undefined,
  changes: readonly Change[],
): string | null {
  if (head === undefined) return null
  if (base === undefined || changes.length === 0) return head
  const [major = 0, minor = 0, build = 0] = parseVersion(base)
  const breaking = changes.some(
    ({ change, effects }) => change === 'removed' || effects.some(({ effect }) => BREAKING.has(effect)),
  )
  const next = breaking ? `${major}.${minor + 1}.0.0` : `${major}.${minor}.${build + 1}.0`
  return compareVersions(head, next) > 0 ? head : next
}
