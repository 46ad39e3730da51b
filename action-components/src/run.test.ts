import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SolutionSketch } from '../../packages/dataverse-emulator/src/testing/solution-archive.ts'
import { asText } from '../../packages/dataverse-emulator/src/store/value.ts'
import type { Emulated, EmulatedEnvironment } from '../../tests/support/emulated.ts'
import { expectToSurvive } from '../../tests/support/fault-matrix.ts'
import { expectGolden } from '../../tests/support/golden.ts'
import { runAction } from '../../tests/support/run-action.ts'
import { emulateForVerb, runVerb, type VerbRun } from '../../tests/support/verb-run.ts'
import { readInputs } from './inputs.ts'
import { run } from './run.ts'

const flow = '0f100000-0000-4000-8000-000000000001'
const library: SolutionSketch = {
  uniqueName: 'Library',
  tables: { new_order: ['new_name'], new_note: ['new_text'] },
  webResources: { 'new_/main.js': 'x' },
  variables: { new_Mailbox: 'a@b.example' },
  connectionReferences: ['new_mail'],
  flows: { [flow]: ['new_mail'] },
}
const orders: SolutionSketch = { uniqueName: 'Orders', version: '1.2.0.0' }

let emulated: Emulated
beforeAll(async () => {
  emulated = await emulateForVerb({}, 350)
})
afterAll(() => emulated.close())

function change(
  environment: EmulatedEnvironment,
  inputs: Readonly<Record<string, string>>,
  options: Parameters<typeof runVerb>[4] = {},
): Promise<VerbRun> {
  return runVerb(
    { action: 'action-components', readInputs, run },
    emulated,
    environment,
    { 'solution-name': 'Orders', ...inputs },
    options,
  )
}

/** The names of what a solution holds, without columns. */
function held({ name }: EmulatedEnvironment, solution: string): readonly string[] {
  const { store } = emulated.emulator.environment(name)
  const row = store.find('solution', (item) => item['uniquename'] === solution)
  return store
    .filter('solutioncomponent', (item) => item['solutionid'] === row?.['solutionid'])
    .map((item) => asText(item['(component)']))
    .filter((component) => !component.startsWith('Attribute:'))
    .toSorted()
}

test.each([
  ['a table by its number', { component: 'new_order', 'component-type': '1' }, 'Entity:new_order'],
  ['a web resource by its name', { components: 'Web resource: new_/main.js' }, 'WebResource:new_/main.js'],
  ['a column', { component: 'new_order.new_name', 'component-type': 'Column' }, undefined],
  ['a flow by its id', { components: `Workflow: {${flow.toUpperCase()}}` }, `Workflow:${flow}`],
  [
    'a variable',
    { components: 'Environment variable: new_Mailbox' },
    'environmentvariabledefinition:new_mailbox',
  ],
  [
    'a kind with a number of its own here',
    { components: 'Connection reference: new_mail' },
    'connectionreference:new_mail',
  ],
])('%s is added, and a second run changes nothing', async (_, inputs, component) => {
  const environment = await emulated.environment(library, orders)
  const first = await change(environment, inputs)
  expect([first.failure, first.outputs['added'], first.outputs['changed']]).toEqual(['', 1, true])
  expect(first.outputs['component-id']).toMatch(/^[\da-f-]{36}$/)
  if (component !== undefined)
    expect(held(environment, 'Orders').map((one) => one.toLowerCase())).toContain(component.toLowerCase())
  expect((await change(environment, inputs)).outputs['changed']).toBe(false)
})

test('what a component needs is told, or comes along', async () => {
  const environment = await emulated.environment(library, orders)
  const column = { component: 'new_order.new_name', 'component-type': 'Column' }
  const alone = await change(environment, column)
  expect(alone.lines).toContainEqual(
    expect.stringMatching(/^warning: Not in 'Orders', and needed there: Table new_order/),
  )
  expect(alone.outputs['left-out']).toBe(1)
  const whole = await change(environment, { ...column, 'add-required-components': 'true' })
  expect([whole.outputs['left-out'], held(environment, 'Orders')]).toEqual([0, ['Entity:new_order']])
})

test('all components move from one solution to another, whatever happens to whichever request', async () => {
  await expectToSurvive(
    'move components',
    async (fault) => {
      const environment = await emulated.environment(
        { uniqueName: 'Library', webResources: { 'new_/main.js': 'x' } },
        orders,
      )
      const ended = await change(environment, { mode: 'move', 'from-solution': 'Library' }, { fault })
      return { ...ended, here: held(environment, 'Orders'), there: held(environment, 'Library') }
    },
    (ended) => expect(ended).toMatchObject({ failure: '', here: ['WebResource:new_/main.js'], there: [] }),
  )
})

test('one component is copied, one is removed, and the components themselves stay', async () => {
  const environment = await emulated.environment(library, orders)
  const copied = await change(environment, {
    mode: 'copy',
    'from-solution': 'Library',
    components: 'Table: new_note',
  })
  expect([copied.failure, held(environment, 'Orders')]).toEqual(['', ['Entity:new_note']])
  expect(held(environment, 'Library')).toContain('Entity:new_note')
  const removed = await change(environment, { mode: 'remove', components: 'Table: new_note' })
  expect([removed.outputs['removed'], held(environment, 'Orders')]).toEqual([1, []])
  expect(
    (await change(environment, { mode: 'remove', components: 'Table: new_note' })).outputs['changed'],
  ).toBe(false)
  expect(emulated.emulator.environment(environment.name).tableNamed('new_note')).toBeDefined()
})

test('list tells what a solution holds, and changes nothing', async () => {
  const environment = await emulated.environment(library)
  const { outputs } = await change(environment, { 'solution-name': 'Library', mode: 'list' })
  expect(JSON.parse(asText(outputs['components']))).toContainEqual({
    type: 61,
    name: 'new_/main.js',
    id: expect.any(String),
  })
  expect(environment.requests().filter(({ method }) => method !== 'GET')).toEqual([])
})

test.each([
  ['a slip in the component', { 'solution-name': 'Library', components: 'Table: new_ordr' }, /'new_order'/],
  [
    'a component that is not in the source',
    { 'solution-name': 'Library', mode: 'copy', 'from-solution': 'Library', components: 'Table: account' },
    /is not in 'Library'/,
  ],
  [
    'a type that is found by id only',
    { 'solution-name': 'Library', components: 'Chart: x' },
    /are not found by name/,
  ],
])('%s is refused before the first write', async (_, inputs, message) => {
  const environment = await emulated.environment(library)
  expect((await change(environment, inputs)).failure).toMatch(message)
  expect(environment.requests().filter(({ method }) => method !== 'GET')).toEqual([])
})

test.each([
  [{ component: 'x' }, /belong together/],
  [{ components: 'new_order' }, /a line is a type, a colon/],
  [{ components: 'Tablee: x' }, /Did you mean 'Table'\?/],
  [{}, /No component is given/],
  [{ mode: 'copy' }, /'from-solution' is required/],
  [{ 'from-solution': 'x', components: 'Table: x' }, /is for 'mode: copy'/],
])('inputs %j are refused before any request', async (inputs, message) => {
  const environment = await emulated.environment()
  await expect(change(environment, inputs)).rejects.toThrow(message)
  expect(environment.requests()).toEqual([])
})

test('the built action, and its summary', async () => {
  emulated.emulator.clock.start()
  const { connection } = await emulated.environment(library, orders)
  const workspace = mkdtempSync(join(tmpdir(), 'components-'))
  try {
    const step = await runAction(
      'components',
      { ...connection, 'solution-name': 'Orders', components: 'Table: new_note\nColumn: new_order.new_name' },
      { workspace },
    )
    expect(step).toMatchObject({ code: 0, stderr: '', outputs: { changed: 'true', added: '2' } })
    expectGolden(import.meta.dirname, 'added', step.summary)
  } finally {
    rmSync(workspace, { recursive: true })
  }
})
