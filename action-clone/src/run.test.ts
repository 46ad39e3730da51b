import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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

const orders: SolutionSketch = {
  uniqueName: 'Orders',
  version: '1.2.0.0',
  tables: { new_order: ['new_name'] },
}

let emulated: Emulated
let workspace: string
beforeAll(async () => {
  emulated = await emulateForVerb({ jobSeconds: 0.01 }, 250)
})
afterAll(() => emulated.close())
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'clone-'))
})
afterEach(() => rmSync(workspace, { recursive: true }))

function clone(
  environment: EmulatedEnvironment,
  inputs: Readonly<Record<string, string>> = {},
  options: Parameters<typeof runVerb>[4] = {},
): Promise<VerbRun> {
  return runVerb(
    { action: 'action-clone', readInputs, run },
    emulated,
    environment,
    { 'solution-name': 'Orders', ...inputs },
    { root: workspace, ...options },
  )
}

function solutions({ name }: EmulatedEnvironment): readonly string[] {
  return emulated.emulator
    .environment(name)
    .store.filter('solution', (row) => asText(row['uniquename']).startsWith('Orders'))
    .map((row) => asText(row['version']))
}

test('the source of both kinds comes into the target folder, and a second run changes nothing', async () => {
  const environment = await emulated.environment(orders)
  const inputs = { 'target-folder': 'src/orders', 'solution-type': 'Both' }
  const first = await clone(environment, inputs)
  expect(first.failure).toBe('')
  expect(first.outputs).toMatchObject({
    'solution-folder': join(workspace, 'src/orders'),
    'solution-version': '1.2.0.0',
    changed: true,
  })
  expect(readFileSync(join(workspace, 'src/orders/Other/Solution.xml'), 'utf8')).toContain('<Managed>2<')
  expect((await clone(environment, inputs)).outputs['changed']).toBe(false)
})

test('without a target folder it is the name of the solution, from the working directory', async () => {
  const { outputs } = await clone(await emulated.environment(orders), { 'working-directory': 'solutions' })
  expect(outputs['solution-folder']).toBe(join(workspace, 'solutions/Orders'))
  expect(existsSync(join(workspace, 'solutions/Orders/Other/Solution.xml'))).toBe(true)
})

test('a folder with the source of another solution is not touched', async () => {
  await clone(await emulated.environment({ ...orders, uniqueName: 'Invoices' }), {
    'solution-name': 'Invoices',
    'target-folder': 'source',
  })
  writeFileSync(join(workspace, 'source/mine.txt'), 'x')
  const { failure } = await clone(await emulated.environment(orders), { 'target-folder': 'source' })
  expect(failure).toContain("holds the solution 'Invoices'")
  expect(existsSync(join(workspace, 'source/mine.txt'))).toBe(true)
})

test('clone as solution makes one new version, whatever happens to whichever request', async () => {
  await expectToSurvive(
    'clone as solution',
    async (fault) => {
      const environment = await emulated.environment(orders)
      const ended = await clone(environment, { mode: 'solution' }, { fault })
      return { ...ended, versions: solutions(environment) }
    },
    (ended) =>
      expect(ended).toMatchObject({
        failure: '',
        versions: ['1.3.0.0'],
        outputs: { 'solution-version': '1.3.0.0', 'previous-version': '1.2.0.0' },
      }),
  )
})

test('clone as patch makes one patch or none, and says when it does not know', async () => {
  let unknown = 0
  await expectToSurvive(
    'clone as patch',
    async (fault) => {
      const environment = await emulated.environment(orders)
      const ended = await clone(environment, { mode: 'patch' }, { fault })
      return { ...ended, versions: solutions(environment) }
    },
    (ended) => {
      if (ended.failure === '') expect(ended.versions).toEqual(['1.2.0.0', '1.2.1.0'])
      else {
        unknown += 1
        expect(ended.failure).toMatch(/whether it was carried out is not known, so it was not sent again/)
        expect(ended.versions).toEqual(['1.2.0.0'])
      }
    },
  )
  expect(unknown).toBeLessThanOrEqual(3)
})

test('patches are rolled up into the new version', async () => {
  const environment = await emulated.environment(orders)
  await clone(environment, { mode: 'patch', 'display-name': 'Fix' })
  expect((await clone(environment, { mode: 'patch' })).outputs['solution-version']).toBe('1.2.2.0')
  const { lines } = await clone(environment, { mode: 'solution', version: '2.0' })
  expect(lines.filter((line) => line.endsWith('is rolled up'))).toHaveLength(2)
  expect(solutions(environment)).toEqual(['2.0'])
})

test.each([
  ['a version too low', orders, { mode: 'solution', version: '1.2.9.0' }, /higher in its first two numbers/],
  [
    'a patch of another minor',
    orders,
    { mode: 'patch', version: '1.3.0.0' },
    /has the same first two numbers/,
  ],
])('%s is refused before the first write', async (_, sketch, inputs, message) => {
  const environment = await emulated.environment(sketch)
  expect((await clone(environment, inputs)).failure).toMatch(message)
  expect(environment.requests().filter(({ method }) => method !== 'GET')).toEqual([])
})

test('the built action, and its summary', async () => {
  emulated.emulator.clock.start()
  const { connection } = await emulated.environment(orders)
  const step = await runAction('clone', { ...connection, 'solution-name': 'Orders' }, { workspace })
  expect(step).toMatchObject({ code: 0, stderr: '', outputs: { changed: 'true', 'unique-name': 'Orders' } })
  expectGolden(import.meta.dirname, 'unpacked', step.summary)
  const patch = { ...connection, 'solution-name': 'Orders', mode: 'patch' }
  const { summary } = await runAction('clone', patch, { workspace })
  expectGolden(import.meta.dirname, 'patched', summary.replaceAll(/_Patch_[\da-f]+/g, '_Patch_152d96e3'))
})
