import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fuzz } from './testing/fuzz.ts'
import { packSolution, readFolder } from './index.ts'

const sample = fileURLToPath(new URL('../../../samples/orders/solution', import.meta.url))

test('300 damaged archives: each is refused with a reason or unpacked, and nothing else is touched', async () => {
  const { archives } = await packSolution(readFolder(sample), { packageType: 'Both' })
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-'))
  try {
    const report = fuzz({
      archives: archives.map(({ kind, bytes }) => ({ id: kind, packageType: kind, bytes })),
      seed: 20_261_121,
      runs: 300,
      folder,
      deadline: Number.POSITIVE_INFINITY,
    })
    expect(report).toMatchObject({ runs: 300, problems: [] })
    // Both outcomes are tried, or the damage is not worth its name.
    expect(Math.min(report.refused, report.unpacked)).toBeGreaterThan(20)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
