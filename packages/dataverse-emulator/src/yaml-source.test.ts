import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  openPackage,
  openSource,
  openZip,
  packSolution,
  readFolder,
  readManifest,
} from '@dsa/solution-package'
import { TWO_SOLUTIONS, yamlTree } from '../../solution-package/src/testing/yaml-solution.ts'
import { archiveFaults } from './solutions/archive/check-archive.ts'
import { sharedPath } from './testing/shared-files.ts'
import { readSeed } from './seed-files.ts'
import { codeOf, withEmulator } from './testing/with-emulator.ts'

const shared = sharedPath('yaml')
const platform = ['platform-1', 'platform-2'].map(
  (name) => [name, shared === undefined ? undefined : `${shared}/${name}`] as const,
)
if (shared === undefined)
  console.warn('skipped: there is no ../shared/yaml; set DSA_SHARED to test against it')

/** What stands in the way is told: `0x8004801d` is a dependency that the empty environment does not have. */
const TAKEN: readonly (string | undefined)[] = [undefined, '0x8004801d']

test.each([
  ['of our own', ''],
  ...platform.flatMap(([name, folder]) => (folder === undefined ? [] : [[name, folder]])),
])('both archives of YAML source are accepted: %s', async (_, folder) => {
  const source = await openSource(folder === '' ? yamlTree() : readFolder(folder ?? ''))
  const { archives } = await packSolution(source, { packageType: 'Both' })
  for (const { bytes } of archives) {
    expect(archiveFaults(bytes)).toEqual([])
    await withEmulator({ environments: { dev: { kind: 'developer' } } }, async (kit) => {
      const body = {
        CustomizationFile: Buffer.from(bytes).toString('base64'),
        OverwriteUnmanagedCustomizations: false,
        PublishWorkflows: false,
        ImportJobId: crypto.randomUUID(),
      }
      const answer = await kit.ask('dev', 'POST', 'ImportSolution', { body })
      const code = answer.status < 300 ? undefined : codeOf(answer)
      expect(TAKEN).toContain(code)
    })
  }
})

test('an environment is seeded with YAML source, and with one of several solutions of a root', async () => {
  const root = mkdtempSync(join(tmpdir(), 'seed-yaml-'))
  try {
    const write = (path: string, bytes: Uint8Array): void => {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), bytes)
    }
    const nameOf = (archive: Uint8Array): string =>
      readManifest(openPackage(openZip(archive, { label: 'seed' }))).uniqueName
    const one = yamlTree()
    for (const path of one.paths) write(`one/${path}`, one.read(path))
    const { archive, managed } = await readSeed('one', root)
    expect([nameOf(archive), nameOf(managed ?? new Uint8Array())]).toEqual(['Hangar', 'Hangar'])
    const two = yamlTree(TWO_SOLUTIONS)
    for (const path of two.paths) write(`two/${path}`, two.read(path))
    await expect(readSeed('two', root)).rejects.toThrow('holds 2 solutions')
    expect(nameOf((await readSeed('two/solutions/Tower', root)).archive)).toBe('Tower')
  } finally {
    rmSync(root, { recursive: true })
  }
})
