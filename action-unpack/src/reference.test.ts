import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  differences,
  expectedHashes,
  folderTree,
  noteMissing,
  type Probe,
  referenceCases,
} from '../../packages/solution-package/src/testing/reference-cases.ts'
import { runActionSync } from '../../tests/support/run-action.ts'

/** SolutionPackager's options of the run, as the inputs that stand for them. */
interface Command {
  readonly allowDelete?: 'Yes' | 'No'
  readonly allowWrite?: 'Yes' | 'No'
  readonly localize?: boolean
  readonly useLcid?: boolean
  readonly sourceLoc?: string
  readonly map?: string
}

const inputsOf = ({ allowDelete, allowWrite, localize, useLcid, sourceLoc, map }: Command) => ({
  'overwrite-files': String(allowDelete !== 'No'),
  'dry-run': String(allowWrite === 'No'),
  localize: String(localize === true),
  'use-lcid': String(useLcid === true),
  'locale-template': sourceLoc ?? '',
  'map-file': map ?? '',
})

const probes = referenceCases('probes')?.filter(({ id }) => id.startsWith('option-'))
const workspace = mkdtempSync(join(tmpdir(), 'unpack-probes-'))
afterAll(() => rmSync(workspace, { recursive: true }))

/** Where the probes lie they may be read-only, which would be copied. */
function copyWritable(from: string, to: string): void {
  cpSync(from, to, { recursive: true })
  for (const item of readdirSync(to, { recursive: true, withFileTypes: true })) {
    chmodSync(join(item.parentPath, item.name), item.isFile() ? 0o644 : 0o755)
  }
  chmodSync(to, 0o755)
}

function check({ id, folder, packageType, fails }: Probe): void {
  const place = join(workspace, id)
  copyWritable(folder, place)
  const target = join(place, 'solution')
  if (existsSync(join(place, 'before'))) cpSync(join(place, 'before'), target, { recursive: true })
  const command: Command = JSON.parse(readFileSync(join(place, 'command.json'), 'utf8'))
  const run = runActionSync(
    'unpack',
    {
      'solution-file': 'solution.zip',
      'solution-folder': 'solution',
      'solution-type': packageType,
      ...inputsOf(command),
    },
    { workspace: place },
  )
  expect({ id, code: run.code, fails }).toEqual({ id, code: fails ? 1 : 0, fails })
  if (fails) {
    expect(existsSync(target)).toBe(false)
    return
  }
  const tree = folderTree(target)
  const found = tree.paths.map((path) => [path, tree.read(path)] as const)
  const lines = differences(found, expectedHashes(join(place, 'expected.sha256')))
  expect(lines).toEqual([])
}

if (probes) test.each(probes)('probe $id', check)
else {
  noteMissing('probes')
  test.skip('probes', () => undefined)
}
