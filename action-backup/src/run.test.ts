import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPackage, openZip, readManifest } from '@dsa/solution-package'
import type { SolutionSketch } from '../../packages/dataverse-emulator/src/testing/solution-archive.ts'
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
const invoices: SolutionSketch = { uniqueName: 'Invoices', webResources: { 'new_/main.js': 'x' } }
const bought: SolutionSketch = { uniqueName: 'Bought', managed: true }

let emulated: Emulated
let workspace: string
beforeAll(async () => {
  emulated = await emulateForVerb({ jobSeconds: 0.01 }, 150)
})
afterAll(() => emulated.close())
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'backup-'))
})
afterEach(() => rmSync(workspace, { recursive: true }))

function backUp(
  environment: EmulatedEnvironment,
  inputs: Readonly<Record<string, string>> = {},
  options: Parameters<typeof runVerb>[4] = {},
): Promise<VerbRun> {
  return runVerb({ action: 'action-backup', readInputs, run }, emulated, environment, inputs, {
    root: workspace,
    ...options,
  })
}

function contentOf(folder: string, name: string): string {
  const file = join(folder, `backup/${name}.zip`)
  if (!existsSync(file)) return 'none'
  const { managed, version } = readManifest(openPackage(openZip(readFileSync(file))))
  return `${managed} ${version}`
}

test('every unmanaged solution that somebody made is kept, and no managed one', async () => {
  const { failure, outputs } = await backUp(await emulated.environment(orders, invoices, bought))
  expect([failure, outputs['count'], outputs['failed'], outputs['backup-folder']]).toEqual([
    '',
    2,
    '',
    join(workspace, 'backup'),
  ])
  expect(['Orders', 'Invoices', 'Bought'].map((name) => contentOf(workspace, name))).toEqual([
    'Unmanaged 1.2.0.0',
    'Unmanaged 1.0.0.0',
    'none',
  ])
})

test('a solution is kept, whatever happens to whichever request', async () => {
  await expectToSurvive(
    'backup',
    async (fault) => {
      const folder = mkdtempSync(join(workspace, 'run-'))
      const ended = await backUp(await emulated.environment(orders), {}, { fault, root: folder })
      return { ...ended, content: contentOf(folder, 'Orders') }
    },
    (ended) => expect(ended).toMatchObject({ failure: '', content: 'Unmanaged 1.2.0.0' }),
    /Async|Download/,
  )
})

test('unpacked for a commit: a second night without a change changes no file', async () => {
  const environment = await emulated.environment(orders, invoices)
  const inputs = {
    unpack: 'true',
    'target-folder': 'solutions',
    exclude: 'invoices',
    'solution-type': 'Both',
  }
  const first = await backUp(environment, inputs)
  expect([first.failure, first.outputs['solutions'], first.outputs['changed']]).toEqual(['', 'Orders', true])
  expect(existsSync(join(workspace, 'solutions/Orders/Other/Solution.xml'))).toBe(true)
  expect((await backUp(environment, inputs)).outputs['changed']).toBe(false)
})

test('a new environment has nothing to back up, which is no failure where it is expected', async () => {
  const { failure, outputs } = await backUp(await emulated.environment(bought), {
    'if-nothing': 'skip',
    'artifact-name': 'backup',
  })
  expect([failure, outputs['count'], outputs['solutions']]).toEqual(['', 0, ''])
})

test('one that fails does not cost the others, and fails the step at the end', async () => {
  const environment = await emulated.environment(orders, invoices)
  emulated.emulator.faults([
    { job: 'ExportSolutionAsync', environment: environment.name, code: '0x80048033', message: 'It failed.' },
  ])
  const { failure, outputs } = await backUp(environment)
  expect(failure).toMatch(/1 of 2 solutions could not be backed up.*\n'Invoices': .*It failed\./)
  expect([outputs['solutions'], outputs['failed'], contentOf(workspace, 'Orders')]).toEqual([
    'Orders',
    'Invoices',
    'Unmanaged 1.2.0.0',
  ])
})

test.each([
  ['a managed one', { solutions: 'Bought' }, /cannot be exported/],
  ['nothing to back up', { exclude: 'Orders' }, /has no unmanaged solution but 'Orders'/],
])('%s is told before any export', async (_, inputs, message) => {
  const environment = await emulated.environment(orders, bought)
  const { failure, jobs } = await backUp(environment, inputs)
  expect(failure).toMatch(message)
  expect(jobs).toEqual([])
})

test('the built action, and its summary', async () => {
  emulated.emulator.clock.start()
  const { connection } = await emulated.environment(orders, invoices)
  const step = await runAction('backup', connection, { workspace })
  expect(step).toMatchObject({ code: 0, stderr: '', outputs: { count: '2', changed: 'true' } })
  expectGolden(import.meta.dirname, 'kept', step.summary.replaceAll(workspace, '/work'))
})
