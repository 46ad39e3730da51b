import type { ComparedSolution } from '@dsa/solution-comparison'
import { type Change, compareSolutions, type SolutionDiff } from '@dsa/solution-package/diff'
import type { Pair } from './pair.ts'

/** Compares the two versions of a pair, and tells besides what only their places in the repository tell. */
export function comparePair({
  folder,
  base,
  head,
  movedFrom,
  unread = [],
  installed,
}: Pair): SolutionDiff & Pick<ComparedSolution, 'folder' | 'installed'> {
  const diff = compareSolutions(base, head)
  return {
    folder,
    ...diff,
    ...(installed !== undefined && { installed }),
    changes: movedFrom === undefined ? diff.changes : withMove(diff, movedFrom, folder),
    unexplained: [...diff.unexplained, ...unread].toSorted((a, b) => (a.file < b.file ? -1 : 1)),
  }
}

function withMove({ name, changes }: SolutionDiff, base: string, head: string): readonly Change[] {
  const move = { label: 'Folder', path: '', base, head }
  const own = changes.find(({ kind }) => kind === 'solution')
  if (own !== undefined)
    return changes.map((change) =>
      change === own ? { ...own, properties: [...own.properties, move] } : change,
    )
  const id = name.toLowerCase()
  return [
    { kind: 'solution', id, name, change: 'changed', properties: [move], effects: [], files: [] },
    ...changes,
  ]
}
