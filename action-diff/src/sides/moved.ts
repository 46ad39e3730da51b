import { readSourceManifest } from '@dsa/solution-package'
import type { Pair } from './pair.ts'

/** A solution that is gone from one folder and new in another one has moved: its two versions become one pair. */
export function joinMoved(pairs: readonly Pair[]): readonly Pair[] {
  const gone = new Map(
    pairs.flatMap((pair) =>
      pair.base !== undefined && pair.head === undefined ? [[nameOf(pair), pair] as const] : [],
    ),
  )
  const joined = new Set<Pair>()
  const moved = pairs.map((pair) => {
    if (pair.base !== undefined || pair.head === undefined) return pair
    const before = gone.get(nameOf(pair))
    if (before === undefined || joined.has(before)) return pair
    joined.add(before)
    const isWanted = pair.isWanted !== false || before.isWanted !== false
    return { ...pair, base: before.base, movedFrom: before.folder, isWanted }
  })
  return moved.filter((pair, at) => pair.isWanted !== false && !joined.has(pairs[at] ?? pair))
}

function nameOf({ base, head }: Pair): string {
  const tree = head ?? base
  return tree === undefined ? '' : readSourceManifest(tree).uniqueName.toLowerCase()
}
