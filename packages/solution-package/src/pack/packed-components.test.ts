import { fileURLToPath } from 'node:url'
import { readFolder } from '../folder/index.ts'
import { archiveSource } from '../sources/archive-source.ts'
import { Solution } from '../model/solution.ts'
import { openPackage } from '../opc/index.ts'
import { openZip } from '../zip/index.ts'
import { packSolution } from './pack-solution.ts'

const sample = fileURLToPath(new URL('../../../../samples/orders/solution', import.meta.url))

/** What the archive says that it has, by the model that reads archives. */
function countsIn(archive: Uint8Array): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { row, parent } of new Solution(archiveSource(openPackage(openZip(archive)))).components()) {
    if (parent === undefined) counts[row.label] = (counts[row.label] ?? 0) + 1
  }
  return counts
}

test('every kind that is packed is counted, root component or not', async () => {
  const { archives, components } = await packSolution(readFolder(sample), { packageType: 'Unmanaged' })
  expect(Object.fromEntries(components)).toEqual(countsIn(archives[0]?.bytes ?? new Uint8Array()))
})
