import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { SolutionSketch } from '../../packages/dataverse-emulator/src/testing/solution-archive.ts'
import type { SourceTree } from '../../packages/solution-package/src/index.ts'
import { TWO_SOLUTIONS, yamlTree } from '../../packages/solution-package/src/testing/yaml-solution.ts'
import { root } from '../../tests/support/actions.ts'
import type { Emulated, EmulatedEnvironment } from '../../tests/support/emulated.ts'
import { expectToSurvive } from '../../tests/support/fault-matrix.ts'
import { expectGolden } from '../../tests/support/golden.ts'
import { runAction } from '../../tests/support/run-action.ts'
import { emulateForVerb, runVerb, type VerbRun } from '../../tests/support/verb-run.ts'
import { readInputs } from './inputs.ts'
import { run } from './run.ts'

const orders: SolutionSketch = { uniqueName: 'LindenOrders', version: '1.2.3.4' }
const sample = join(root, 'samples/orders/solution')

let emulated: Emulated
let workspace: string
beforeAll(async () => {
  emulated = await emulateForVerb({}, 120)
})
afterAll(() => emulated.close())
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'set-version-'))
  cpSync(sample, join(workspace, 'solution'), { recursive: true })
})
afterEach(() => rmSync(workspace, { recursive: true }))

const manifest = (): string => readFileSync(join(workspace, 'solution/Other/Solution.xml'), 'utf8')

async function setVersion(
  inputs: Readonly<Record<string, string>>,
  environment?: EmulatedEnvironment,
  options: Parameters<typeof runVerb>[4] = {},
): Promise<VerbRun> {
  return runVerb(
    { action: 'action-set-version', readInputs, run },
    emulated,
    environment ?? (await emulated.environment(orders)),
    inputs,
    { root: workspace, ...options },
  )
}

/** The version that an environment has, and the values that it was sent. */
function versionIn(environment: EmulatedEnvironment): { version: unknown; sent: readonly unknown[] } {
  const { store } = emulated.emulator.environment(environment.name)
  return {
    version: store.find('solution', (row) => row['uniquename'] === 'LindenOrders')?.['version'],
    sent: environment.requests().flatMap(({ method, body }) => (method === 'PATCH' ? [body] : [])),
  }
}

test('in a folder one number changes, and no other byte', async () => {
  const before = manifest()
  const { failure, outputs, requests } = await setVersion({
    'solution-folder': 'solution',
    version: '7.8.9.10',
  })
  expect([failure, outputs, requests]).toEqual([
    '',
    { 'previous-version': expect.stringMatching(/^\d/), version: '7.8.9.10', changed: true },
    [],
  ])
  expect(manifest()).toBe(before.replace(/<Version>[^<]*</, '<Version>7.8.9.10<'))
})

function writeYaml(tree: SourceTree): void {
  for (const path of tree.paths) {
    const file = join(workspace, 'yaml', path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, tree.read(path))
  }
}

test('in YAML source one number changes in its file, line ends kept, and no other file', async () => {
  const tree = yamlTree()
  writeYaml(tree)
  const { failure, outputs } = await setVersion({ 'solution-folder': 'yaml', version: 'minor' })
  expect([failure, outputs['previous-version'], outputs['version']]).toEqual(['', '1.2.0.0', '1.3.0.0'])
  for (const path of tree.paths) {
    const before = Buffer.from(tree.read(path)).toString('latin1')
    const after = readFileSync(join(workspace, 'yaml', path), 'latin1')
    const isManifest = path === 'solutions/Hangar/solution.yml'
    expect(after).toBe(isManifest ? before.replace('1.2.0.0\r\n', '1.3.0.0\r\n') : before)
  }
})

describe('without an input to sign in with, the name says which solution of the folder', () => {
  const nowhere = {
    'environment-url': '',
    'tenant-id': '',
    'app-id': '',
    'client-secret': '',
    authority: '',
  }

  test.each(['solution-name', 'name'])('%s', async (input) => {
    const tree = yamlTree(TWO_SOLUTIONS)
    writeYaml(tree)
    const { failure, outputs, lines, requests } = await setVersion({
      ...nowhere,
      [input]: 'tower',
      'solution-folder': 'yaml',
      version: '4.0.0.0',
    })
    expect([failure, outputs['version'], requests]).toEqual(['', '4.0.0.0', []])
    const changed = tree.paths.filter(
      (path) => !readFileSync(join(workspace, 'yaml', path)).equals(Buffer.from(tree.read(path))),
    )
    expect(changed).toEqual(['solutions/Tower/solution.yml'])
    expect(lines.filter((line) => line.includes('No input to sign in with is given'))).toHaveLength(1)
  })

  test.each([
    ['solution', "'solution-folder' holds 'LindenOrders', and 'solution-name' is 'Other'"],
    ['yaml', "holds no solution 'Other'"],
  ])('a solution that %s does not hold', async (folder, message) => {
    writeYaml(yamlTree(TWO_SOLUTIONS))
    const { failure } = await setVersion({
      ...nowhere,
      'solution-name': 'Other',
      'solution-folder': folder,
      version: '4.0.0.0',
    })
    expect(failure).toContain(message)
  })

  test('an address that came out empty beside a credential is an error', async () => {
    const before = manifest()
    const { failure } = await setVersion({
      'environment-url': '',
      'solution-name': 'LindenOrders',
      'solution-folder': 'solution',
      version: '4.0.0.0',
    })
    expect([failure, manifest()]).toEqual([expect.stringContaining("'environment-url'"), before])
  })
})

test.each([
  ['major', '2.0.0.0'],
  ['minor', '1.3.0.0'],
  ['build', '1.2.4.0'],
  ['revision', '1.2.3.5'],
])('in an environment %s gives %s', async (version, expected) => {
  const environment = await emulated.environment(orders)
  const { failure, outputs } = await setVersion({ 'solution-name': 'lindenorders', version }, environment)
  expect([failure, outputs['version'], outputs['previous-version']]).toEqual(['', expected, '1.2.3.4'])
  const { store } = emulated.emulator.environment(environment.name)
  expect(store.find('solution', (row) => row['uniquename'] === 'LindenOrders')?.['version']).toBe(expected)
})

test('by the date and the run: within the limits of Dataverse', async () => {
  const dated = await setVersion({ name: 'LindenOrders', version: 'from-date' })
  expect(dated.outputs['version']).toMatch(/^1\.2\.20\d{6}\.\d{1,4}$/)
  const { failure } = await setVersion({ name: 'LindenOrders', version: 'from-run-number' })
  expect(failure).toContain('GITHUB_RUN_NUMBER')
})

test('in both: the rule counts from the higher of the two, and both have it afterwards', async () => {
  const environment = await emulated.environment({ ...orders, version: '9.9.0.0' })
  const { failure, outputs, lines } = await setVersion(
    { 'solution-name': 'LindenOrders', 'solution-folder': 'solution', version: 'minor' },
    environment,
  )
  expect([failure, outputs['version'], outputs['previous-version']]).toEqual(['', '9.10.0.0', '9.9.0.0'])
  expect(manifest()).toContain('<Version>9.10.0.0<')
  expect(lines.filter((line) => line.startsWith('info: Set: '))).toHaveLength(2)
})

test('single numbers, as the official action for a folder has them', async () => {
  const { outputs } = await setVersion({
    name: 'LindenOrders',
    'build-version': '77',
    'revision-version': '5',
  })
  expect(outputs['version']).toBe('1.2.77.5')
})

test('a version is raised once, whatever happens to whichever request', async () => {
  await expectToSurvive(
    'raise a version',
    async (fault) => {
      const environment = await emulated.environment(orders)
      const ended = await setVersion({ name: 'LindenOrders', version: 'revision' }, environment, { fault })
      return { ...ended, ...versionIn(environment) }
    },
    (ended) => {
      expect(ended).toMatchObject({ failure: '', version: '1.2.3.5', outputs: { version: '1.2.3.5' } })
      // Sent again it is the same value; what was read before the fault is not raised a second time.
      expect(new Set(ended.sent.map((body) => JSON.stringify(body)))).toEqual(
        new Set(['{"version":"1.2.3.5"}']),
      )
    },
  )
})

test('a version that the environment refuses leaves the folder as it was', async () => {
  const environment = await emulated.environment(orders)
  emulated.emulator.faults([
    { environment: environment.name, method: 'PATCH', nth: 1, fault: 'status', status: 403 },
  ])
  const before = manifest()
  const { failure, outputs } = await setVersion(
    { name: 'LindenOrders', 'solution-folder': 'solution', version: '9.0.0.0' },
    environment,
  )
  expect([failure, outputs['changed'], manifest()]).toEqual([expect.stringMatching(/403/), undefined, before])
})

test.each([
  ['neither place', { version: 'minor' }, /Neither 'solution-name' nor 'solution-folder'/],
  ['no version', { name: 'x' }, /'version' is required/],
  ['two of them', { name: 'x', version: 'minor', 'build-version': '1' }, /Keep one of them/],
  ['two names', { name: 'x', 'solution-name': 'y', version: 'minor' }, /mean the same and differ/],
  ['a version that is none', { name: 'x', version: 'v1' }, /Input 'version': 'v1' is not a version/],
  ['a number that is too high', { name: 'x', 'build-version': '2147483648' }, /from 0 to 2147483647/],
])('%s is an error before any request', async (_, inputs, message) => {
  const environment = await emulated.environment()
  await expect(setVersion(inputs, environment)).rejects.toThrow(message)
  expect(environment.requests()).toEqual([])
})

test.each([
  ['a managed solution', { ...orders, managed: true }, /is managed .*0x8004f024/],
  ['another solution in the folder', { uniqueName: 'Invoices' }, /'solution-folder' holds 'LindenOrders'/],
])('%s is refused, and neither place is changed', async (_, sketch, message) => {
  const environment = await emulated.environment(sketch)
  const before = manifest()
  const { failure } = await setVersion(
    { 'solution-name': sketch.uniqueName, 'solution-folder': 'solution', version: 'minor' },
    environment,
  )
  expect(failure).toMatch(message)
  expect([manifest(), environment.requests().filter(({ method }) => method !== 'GET')]).toEqual([before, []])
})

test('a folder without a source is told', async () => {
  expect((await setVersion({ 'solution-folder': 'none', version: 'minor' })).failure).toContain(
    'does not exist',
  )
})

test('the built action takes the version of the tag, and its summary', async () => {
  emulated.emulator.clock.start()
  const { connection } = await emulated.environment(orders)
  const step = await runAction(
    'set-version',
    { ...connection, name: 'LindenOrders', 'solution-folder': 'solution', version: 'from-tag' },
    { workspace, environment: { GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'v5.1.0' } },
  )
  expect(step).toMatchObject({ code: 0, stderr: '', outputs: { version: '5.1.0.0', changed: 'true' } })
  expectGolden(import.meta.dirname, 'set', step.summary.replaceAll(workspace, '/work'))
})
