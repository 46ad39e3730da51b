import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, sep } from 'node:path'
import type { ActionDeps } from '@dsa/action-kit'
import { solutionZip } from '../../packages/solution-package/src/testing/solution-zip.ts'
import { recordedDeps } from '../../tests/support/recorded-deps.ts'
import type { Inputs } from './inputs.ts'
import { run } from './run.ts'

const root = mkdtempSync(join(tmpdir(), 'upload-'))
afterAll(() => rmSync(root, { recursive: true }))

const inputs: Inputs = {
  solutionFile: 'a.zip',
  solutionFolder: 'solution',
  solutionName: undefined,
  format: 'xml',
  packageType: 'Unmanaged',
  replaceSolution: false,
  overwriteFiles: undefined,
  singleComponent: 'None',
  mapFile: 'map.xml',
  allowOutsideWorkspace: false,
  localize: true,
  localeTemplate: undefined,
  useLcid: false,
  useUnmanagedFileForMissingManaged: false,
  disablePluginRemap: false,
  processCanvasApps: undefined,
  lineEndings: 'auto',
  ignore: ['*.txt'],
  normalize: false,
  dryRun: false,
  failOnLoss: false,
  limits: { maxEntries: 100, maxTotalBytes: 1_000_000, maxRatio: 1000 },
  artifactName: 'source',
}

test('the artifact has what lies in the folder: resource files too, neither mapped nor ignored ones', async () => {
  const more = ['y/a.js', 'x/b.js', 'x/c.txt'].map((name) => ({ name, content: '1' }))
  writeFileSync(join(root, 'a.zip'), solutionZip({ more }))
  writeFileSync(join(root, 'map.xml'), '<Mapping><Folder map="y" to="../out" /></Mapping>')
  const uploaded: string[] = []
  const { deps } = recordedDeps(root, { now: () => 0, advance: () => undefined })
  const upload: ActionDeps['artifacts']['upload'] = async (name, files, folder) => {
    uploaded.push(name, ...files.map((file) => relative(folder, file).split(sep).join('/')))
    return { id: 7, size: 1, digest: undefined }
  }
  const outputs = await run(inputs, { ...deps, artifacts: { ...deps.artifacts, upload } })
  expect(outputs['artifact-id']).toBe(7)
  expect(uploaded.toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
    'Other/Customizations.xml',
    'Other/Solution.xml',
    'Resources/en-US/resources.en-US.resx',
    'source',
    'x/b.js',
  ])
})
