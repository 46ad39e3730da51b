import { openSource, packSolution, readFolder } from '@dsa/solution-package'
import { yamlTree } from '../../solution-package/src/testing/yaml-solution.ts'
import { archiveFaults } from './solutions/archive/check-archive.ts'
import { sharedPath } from './testing/shared-files.ts'
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
