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

const base: SolutionSketch = {
  uniqueName: 'Orders',
  version: '1.2.0.0',
  managed: true,
  tables: { new_order: ['new_name'], new_note: ['new_text'] },
}
const staged: SolutionSketch = {
  ...base,
  uniqueName: 'Orders_Upgrade',
  version: '1.3.0.0',
  tables: { new_order: ['new_name'] },
}

let emulated: Emulated
beforeAll(async () => {
  emulated = await emulateForVerb({ jobSeconds: 0.01 }, 150)
})
afterAll(() => emulated.close())

function upgrade(
  environment: EmulatedEnvironment,
  inputs: Readonly<Record<string, string>> = {},
  options: Parameters<typeof runVerb>[4] = {},
): Promise<VerbRun> {
  return runVerb(
    { action: 'action-upgrade', readInputs, run },
    emulated,
    environment,
    { 'solution-name': 'Orders', ...inputs },
    options,
  )
}

function versions({ name }: EmulatedEnvironment): readonly unknown[] {
  return emulated.emulator
    .environment(name)
    .store.filter('solution', (row) => asText(row['uniquename']).startsWith('Orders'))
    .map((row) => `${asText(row['uniquename'])} ${asText(row['version'])}`)
}

test('an upgrade is applied once, whatever happens to whichever request', async () => {
  await expectToSurvive(
    'upgrade',
    async (fault) => {
      const environment = await emulated.environment(base, staged)
      const ended = await upgrade(environment, {}, { fault })
      return { ...ended, versions: versions(environment) }
    },
    (ended) =>
      expect(ended).toMatchObject({
        failure: '',
        versions: ['Orders 1.3.0.0'],
        jobs: expect.arrayContaining(['DeleteAndPromoteAsync succeeded']),
        outputs: {
          changed: true,
          'previous-version': '1.2.0.0',
          version: '1.3.0.0',
          'removed-components': 3,
        },
      }),
  )
})

test('nothing staged is an error that says how to go on, or a success where that is asked for', async () => {
  const environment = await emulated.environment(base)
  const refused = await upgrade(environment)
  expect(refused.failure).toMatch(
    /No upgrade of 'Orders' is staged; version 1\.2\.0\.0 is there\. .*mode: stage/,
  )
  const skipped = await upgrade(environment, { 'if-nothing-staged': 'skip', async: 'true' })
  expect(skipped).toMatchObject({ failure: '', jobs: [], outputs: { changed: false, version: '1.2.0.0' } })
  expect(skipped.lines).toContain(
    "notice: Input 'async' has no effect: an upgrade always runs as a job of the server and is waited for.",
  )
})

test('the name of the staged solution is taken for its base; a name that is not there offers similar ones', async () => {
  const environment = await emulated.environment(base, staged)
  expect((await upgrade(environment, { 'solution-name': 'Order' })).failure).toContain("'Orders'")
  expect((await upgrade(environment, { 'solution-name': 'Orders_Upgrade' })).outputs['version']).toBe(
    '1.3.0.0',
  )
})

test('a failed upgrade gives the reason of the environment', async () => {
  const environment = await emulated.environment(base, staged)
  emulated.emulator.faults([
    { job: 'DeleteAndPromoteAsync', environment: environment.name, code: '0x8004f01f', message: 'In use.' },
  ])
  expect((await upgrade(environment)).failure).toMatch(/failed in .*0x8004f01f In use\./)
})

test('a job that outlasts the waiting goes on, and the message says so with its id', async () => {
  const environment = await emulated.environment(base, staged)
  emulated.emulator.faults([{ job: 'DeleteAndPromoteAsync', environment: environment.name, seconds: 7_200 }])
  const { failure, outputs } = await upgrade(environment, { 'max-async-wait-time': '1' })
  expect(failure).toContain(
    `goes on in ${environment.url} as async operation ${String(outputs['async-operation-id'])}`,
  )
})

test('the built action, and its summary', async () => {
  emulated.emulator.clock.start()
  const environment = await emulated.environment(base, staged)
  const workspace = mkdtempSync(join(tmpdir(), 'upgrade-'))
  try {
    const step = await runAction(
      'upgrade',
      { ...environment.connection, 'solution-name': 'Orders' },
      { workspace },
    )
    expect(step).toMatchObject({ code: 0, stderr: '', outputs: { changed: 'true', version: '1.3.0.0' } })
    expectGolden(import.meta.dirname, 'upgraded', step.summary)
  } finally {
    rmSync(workspace, { recursive: true })
  }
})
