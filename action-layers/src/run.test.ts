import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SolutionSketch } from '../../packages/dataverse-emulator/src/testing/solution-archive.ts'
import { allLayers } from '../../packages/dataverse-emulator/src/solutions/layers/layers.ts'
import type { Emulated, EmulatedEnvironment } from '../../tests/support/emulated.ts'
import { expectToSurvive } from '../../tests/support/fault-matrix.ts'
import { expectGolden } from '../../tests/support/golden.ts'
import { runAction } from '../../tests/support/run-action.ts'
import { emulateForVerb, runVerb, type VerbRun } from '../../tests/support/verb-run.ts'
import { readInputs } from './inputs.ts'
import { run } from './run.ts'

const managed: SolutionSketch = {
  uniqueName: 'Orders',
  version: '1.2.0.0',
  managed: true,
  webResources: { 'new_/main.js': 'x' },
  variables: { new_Mailbox: 'a@b.example' },
}
const byHand: SolutionSketch = { uniqueName: 'Handmade', webResources: { 'new_/main.js': 'changed' } }

let emulated: Emulated
let workspace: string
beforeAll(async () => {
  emulated = await emulateForVerb({}, 200)
  workspace = mkdtempSync(join(tmpdir(), 'layers-'))
})
afterAll(async () => {
  await emulated.close()
  rmSync(workspace, { recursive: true })
})

function layers(
  environment: EmulatedEnvironment,
  inputs: Readonly<Record<string, string>> = {},
  options: Parameters<typeof runVerb>[4] = {},
): Promise<VerbRun> {
  return runVerb({ action: 'action-layers', readInputs, run }, emulated, environment, inputs, {
    root: workspace,
    ...options,
  })
}

/** The schema names of the components that have both a managed and the unmanaged layer. */
function covered({ name }: EmulatedEnvironment): readonly string[] {
  const all = allLayers(emulated.emulator.environment(name))
  return all
    .filter(
      ({ solution, component }) =>
        solution === 'Active' && all.some((one) => one.component === component && one.solution === 'Orders'),
    )
    .map(({ schemaName }) => schemaName)
}

function writes(environment: EmulatedEnvironment): readonly string[] {
  return environment.requests().flatMap(({ method, path }) => (method === 'GET' ? [] : [path]))
}

test('the layers over a solution are listed with what they change, and nothing is written', async () => {
  const environment = await emulated.environment(managed, byHand)
  const { failure, outputs, summary } = await layers(environment, { 'solution-name': 'orders' })
  expect([failure, outputs['layers'], outputs['removed']]).toEqual(['', 1, 0])
  expect(summary).toContainEqual(expect.stringMatching(/^Web resource new_\/main\.js \| Orders \| .* → /))
  expect(writes(environment)).toEqual([])
})

test('a named layer is removed and the managed component shows again, whatever happens to whichever request', async () => {
  await expectToSurvive(
    'remove a layer',
    async (fault) => {
      const environment = await emulated.environment(managed, byHand)
      const inputs = { 'solution-name': 'Orders', remove: 'Web resource: new_/main.js' }
      const ended = await layers(environment, inputs, { fault })
      return { ...ended, covered: covered(environment) }
    },
    (ended) =>
      expect(ended).toMatchObject({
        failure: '',
        covered: [],
        outputs: { layers: 0, removed: 1, changed: true },
      }),
  )
})

test('the whole environment: layers, unmanaged solutions, a report, and a failure until there are none', async () => {
  const environment = await emulated.environment(managed, byHand)
  const found = await layers(environment, { 'fail-if-found': 'true', 'report-file': 'out/report.json' })
  expect(found.failure).toMatch(/has 1 unmanaged layer and 1 unmanaged solution \('fail-if-found'\)/)
  expect(JSON.parse(readFileSync(join(workspace, 'out/report.json'), 'utf8'))).toMatchObject({
    schema: 'dataverse-unmanaged-layers/1',
    layers: [{ solution: 'Orders', type: 'WebResource', name: 'new_/main.js' }],
    unmanagedSolutions: [{ uniqueName: 'Handmade' }],
  })
  const clean = await layers(await emulated.environment(managed), { 'fail-if-found': 'true' })
  expect([clean.failure, clean.outputs['layers'], clean.outputs['unmanaged-solutions']]).toEqual(['', 0, 0])
})

test('a component without a layer is told, and nothing is written', async () => {
  const environment = await emulated.environment(managed, byHand)
  const inputs = { 'solution-name': 'Orders', remove: 'Web resource: new_/mian.js' }
  expect((await layers(environment, inputs)).failure).toContain("'new_/main.js'")
  expect(writes(environment)).toEqual([])
})

test('all is for one solution only', async () => {
  const environment = await emulated.environment()
  await expect(layers(environment, { remove: 'all' })).rejects.toThrow(/needs 'solution-name'/)
})

test('the built action, and its summary', async () => {
  emulated.emulator.clock.start()
  const { connection } = await emulated.environment(managed, byHand)
  const step = await runAction('layers', connection, { workspace })
  expect(step).toMatchObject({ code: 0, stderr: '', outputs: { layers: '1', 'unmanaged-solutions': '1' } })
  expectGolden(import.meta.dirname, 'found', step.summary.replaceAll(/20\d\d-\d\d-\d\d/g, '2026-11-27'))
})
