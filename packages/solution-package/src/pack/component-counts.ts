import { Solution } from '../model/solution.ts'
import { openPackage } from '../opc/index.ts'
import { openZip } from '../zip/index.ts'

/** How many components of each kind an archive holds, by what makers call them, in the order of the archive. */
export function componentCounts(archive: Uint8Array): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { row } of new Solution(openPackage(openZip(archive))).components())
    counts.set(row.label, (counts.get(row.label) ?? 0) + 1)
  return counts
}
