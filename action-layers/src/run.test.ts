import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { platformActor } from '../../packages/dataverse-emulator/src/solutions/built-in.ts'
import { uninstall } from '../../packages/dataverse-emulator/src/solutions/remove.ts'
import { findSolution } from '../../packages/dataverse-emulator/src/solutions/solution-row.ts'
import type { SolutionSketch } from '../../packages/dataverse-emulator/src/testing/solution-archive.ts'
import { allLayers, putLayer } from '../../packages/dataverse-emulator/src/solutions/layers/layers.ts'
import type { Emulated, EmulatedEnvironment } from '../../tests/support/emulated.ts'
import { expectToSurvive } from '../../tests/support/fault-matrix.ts'
import { expectGolden } from '../../tests/support/golden.ts'
import { runAction } from '../../tests/support/run-action.ts'
import { asReader, emulateForVerb, runVerb, type VerbRun } from '../../tests/support/verb-run.ts'
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
  expect(found.outputs).toMatchObject({
    open: 2,
    'unmanaged-solutions': 1,
    'loose-components': 0,
    solutions: JSON.stringify({
      Handmade: { version: '1.0.0.0', managed: false },
      Orders: { version: '1.2.0.0', managed: true },
    }),
  })
  expect(JSON.parse(readFileSync(join(workspace, 'out/report.json'), 'utf8'))).toMatchObject({
    schema: 'dataverse-unmanaged-layers/1',
    layers: [{ solution: 'Orders', type: 'WebResource', name: 'new_/main.js' }],
    unmanagedSolutions: [{ uniqueName: 'Handmade' }],
  })
  isAsDescribed('out/report.json')
  const clean = await layers(await emulated.environment(managed), { 'fail-if-found': 'true' })
  expect([clean.failure, clean.outputs['layers'], clean.outputs['unmanaged-solutions']]).toEqual(['', 0, 0])
})

/** A form of a table, which another solution holds. */
function needs(table: string, form: string): string {
  return `<MissingDependency><Required type="1" schemaName="${table}" displayName="${table}" solution="Active" /><Dependent type="60" id="{${form}}" displayName="Form" /></MissingDependency>`
}

const form = (at: number): string => `0b0b0b0b-0000-4000-8000-00000000000${at}`

const validate = new Ajv2020({ allErrors: true }).compile(
  JSON.parse(readFileSync(join(import.meta.dirname, '../schemas/report.schema.json'), 'utf8')),
)

function isAsDescribed(path: string): void {
  validate(JSON.parse(readFileSync(join(workspace, path), 'utf8')))
  expect(validate.errors).toBeNull()
}

test('unmanaged solutions come in the order to migrate them: what others need is first, a circle is told', async () => {
  const environment = await emulated.environment(
    { uniqueName: 'Alone', webResources: { 'new_/alone.js': 'x' } },
    {
      uniqueName: 'App',
      tables: { new_app: ['new_name'] },
      forms: { [form(1)]: 'new_app' },
      missingDependencies: needs('new_core', form(1)),
    },
    { uniqueName: 'Core', tables: { new_core: ['new_name'] } },
    {
      uniqueName: 'East',
      tables: { new_east: ['new_name'] },
      forms: { [form(2)]: 'new_east' },
      missingDependencies: needs('new_west', form(2)),
    },
    {
      uniqueName: 'West',
      tables: { new_west: ['new_name'] },
      forms: { [form(3)]: 'new_west' },
      missingDependencies: needs('new_east', form(3)),
    },
  )
  const { failure, summary } = await layers(environment, { 'report-file': 'out/order.json' })
  expect(failure).toBe('')
  isAsDescribed('out/order.json')
  const report: { unmanagedSolutions: { step: number; uniqueName: string; needs: object[] }[] } = JSON.parse(
    readFileSync(join(workspace, 'out/order.json'), 'utf8'),
  )
  expect(report.unmanagedSolutions.map(({ step, uniqueName }) => `${step} ${uniqueName}`)).toEqual([
    '1 Alone',
    '2 Core',
    '3 App',
    '4 East',
    '4 West',
  ])
  expect(report.unmanagedSolutions[2]?.needs).toEqual([{ solution: 'Core', components: ['Table new_core'] }])
  expect(summary).toContainEqual(expect.stringMatching(/^- East, West need each other/))
  expect(writes(environment)).toEqual([])
})

test('components of no solution: a table with its parts, and what a solution needs of them', async () => {
  const environment = await emulated.environment(
    { uniqueName: 'Gone', tables: { new_lost: ['new_name', 'new_more'] } },
    {
      uniqueName: 'App',
      tables: { new_app: ['new_name'] },
      forms: { [form(1)]: 'new_app' },
      missingDependencies: needs('new_lost', form(1)),
    },
    managed,
  )
  deleteContainer(environment, 'Gone')
  const { outputs } = await layers(environment, { 'report-file': 'out/loose.json' })
  expect([outputs['loose-components'], outputs['unmanaged-solutions'], outputs['open']]).toEqual([1, 1, 2])
  isAsDescribed('out/loose.json')
  expect(JSON.parse(readFileSync(join(workspace, 'out/loose.json'), 'utf8'))).toMatchObject({
    looseComponents: [{ type: 'Table', name: 'new_lost', parts: 3, neededBy: ['App'] }],
  })
})

test('a table of the platform that somebody changed is a layer, but not where an unmanaged solution holds it', async () => {
  const environment = await emulated.environment({
    uniqueName: 'Handmade',
    tables: { account: ['new_colour'] },
  })
  expect((await layers(environment)).outputs['layers']).toBe(0)
  deleteContainer(environment, 'Handmade')
  const { outputs, summary } = await layers(environment)
  expect(summary).toContainEqual(expect.stringMatching(/^Table account \| System \|/))
  expect(summary).toContainEqual(expect.stringMatching(/^Column account\.new_colour \|/))
  expect(outputs['unmanaged-solutions']).toBe(0)
})

/** As the platform deletes an unmanaged solution: what it held stays. */
function deleteContainer({ name }: EmulatedEnvironment, uniqueName: string): void {
  const environment = emulated.emulator.environment(name)
  const row = findSolution(environment, uniqueName)
  if (row === undefined) throw new Error(`There is no ${uniqueName}.`)
  uninstall(platformActor(environment), row)
}

test.each([
  ['whether it is on and whose it is', { statecode: 1, ownerid: 'ada' }, 0],
  ['something else as well', { statecode: 1, description: 'By hand' }, 1],
])('a layer that says %s', async (_, says, count) => {
  const environment = await emulated.environment(managed)
  const inside = emulated.emulator.environment(environment.name)
  const layer = allLayers(inside).find(({ typeName }) => typeName === 'WebResource')
  if (layer === undefined) throw new Error('There is no web resource.')
  putLayer(inside, { ...layer, solution: 'Active', attributes: { ...layer.attributes, ...says } })
  expect((await layers(environment)).outputs['open']).toBe(count)
})

test('who may only read gets the report of the whole environment', async () => {
  const environment = await emulated.environment(managed, byHand)
  const { failure, outputs } = await layers(environment, asReader)
  expect([failure, outputs['open']]).toEqual(['', 2])
})

test('an empty environment has nothing unmanaged, and its Markdown says so', async () => {
  const { outputs } = await layers(await emulated.environment(), { 'markdown-file': 'out/none.md' })
  expect([outputs['open'], outputs['solutions']]).toEqual([0, '{}'])
  expect(readFileSync(String(outputs['markdown-file']), 'utf8')).toMatch(/^### 🔎 Nothing is unmanaged in /)
})

test('an environment that does not answer is named', async () => {
  const environment = await emulated.environment()
  const { failure } = await layers(environment, { 'environment-url': 'http://127.0.0.1:9' })
  expect(failure).toMatch(/127\.0\.0\.1:9/)
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
  const environment = await emulated.environment(
    managed,
    byHand,
    { uniqueName: 'Gone', tables: { new_lost: ['new_name', 'new_more'] } },
    {
      uniqueName: 'App',
      tables: { new_app: ['new_name'] },
      forms: { [form(1)]: 'new_app', [form(2)]: 'new_app' },
      missingDependencies: `${needs('new_core', form(1))}${needs('new_lost', form(2))}`,
    },
    { uniqueName: 'Core', tables: { new_core: ['new_name'] } },
  )
  deleteContainer(environment, 'Gone')
  const { connection } = environment
  const step = await runAction('layers', { ...connection, 'markdown-file': 'found.md' }, { workspace })
  expect(readFileSync(join(workspace, 'found.md'), 'utf8').trim()).toBe(step.summary.trim())
  expect(step).toMatchObject({ code: 0, stderr: '', outputs: { layers: '1', 'unmanaged-solutions': '3' } })
  expectGolden(import.meta.dirname, 'found', step.summary.replaceAll(/20\d\d-\d\d-\d\d/g, '2026-11-27'))
})
