import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openZip } from '@dsa/solution-package'
import {
  differences,
  expectedHashes,
  noteMissing,
  notOnPurpose,
  type Probe,
  referenceCases,
} from '../../packages/solution-package/src/testing/reference-cases.ts'
import { runActionSync } from '../../tests/support/run-action.ts'

const probes = referenceCases('probes')?.filter(({ action }) => action === 'Pack')
const workspace = mkdtempSync(join(tmpdir(), 'pack-probes-'))
afterAll(() => rmSync(workspace, { recursive: true }))

/** Content types follow the order of the entries, which the reference leaves to the directory for loose files. */
const orderOfLooseFiles = new Set(['pack-content-types'])

function check({ id, folder, packageType, fails }: Probe): void {
  const place = join(workspace, id)
  cpSync(folder, place, { recursive: true })
  const { map = '' }: { map?: string } = JSON.parse(readFileSync(join(place, 'command.json'), 'utf8'))
  const run = runActionSync(
    'pack',
    {
      'solution-file': 'out/solution.zip',
      'solution-folder': 'tree',
      'solution-type': packageType,
      'map-file': map,
      verify: 'false',
    },
    { workspace: place },
  )
  expect({ id, code: run.code, fails }).toEqual({ id, code: fails ? 1 : 0, fails })
  if (fails) {
    expect(existsSync(join(place, 'out'))).toBe(false)
    expect(run.annotations.filter(({ level }) => level === 'error')).toHaveLength(1)
    return
  }
  const names = packageType === 'Both' ? ['', '_managed'] : ['']
  for (const name of names) {
    const entries = openZip(readFileSync(join(place, `out/solution${name}.zip`)))
    const found = entries.map((entry) => [entry.name, entry.read()] as const)
    const lines = differences(found, expectedHashes(join(place, `expected${name}.sha256`)))
    const isExempt = (line: string): boolean =>
      orderOfLooseFiles.has(id) && line === 'different: [Content_Types].xml'
    expect(
      notOnPurpose(
        id,
        lines.filter((line) => !isExempt(line)),
      ),
    ).toEqual([])
  }
}

if (probes) test.each(probes)('probe $id', check)
else {
  noteMissing('probes')
  test.skip('probes', () => undefined)
}
