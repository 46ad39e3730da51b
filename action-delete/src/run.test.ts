import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  makeArchive,
  type SolutionSketch,
} from '../../packages/dataverse-emulator/src/testing/solution-archive.ts'
import type { Emulated, EmulatedEnvironment } from '../../tests/support/emulated.ts'
import { expectGolden } from '../../tests/support/golden.ts'
import { runAction } from '../../tests/support/run-action.ts'
import { emulateForVerb, runVerb, type VerbRun } from '../../tests/support/verb-run.ts'
import { readInputs } from './inputs.ts'
import { run } from './run.ts'

const orders: SolutionSketch = {
  uniqueName: 'Orders',
  version: '1.2.0.0',
  managed: true,
  tables: { new_order: ['new_name', 'new_total'] },
  webResources: { 'new_/main.js': 'x' },
}

let emulated: Emulated
beforeAll(async () => {
  emulated = await emulateForVerb({
    jobSeconds: 0.01,
    environments: { production: { kind: 'production' } },
  })
})
afterAll(() => emulated.close())

function remove(
  environment: EmulatedEnvironment,
  inputs: Readonly<Record<string, string>> = {},
): Promise<VerbRun> {
  return runVerb({ action: 'action-delete', readInputs, run }, emulated, environment, {
    'solution-name': 'Orders',
    ...inputs,
  })
}

function writes(environment: EmulatedEnvironment): readonly string[] {
  return environment.requests().flatMap(({ method, path }) => (method === 'GET' ? [] : [`${method} ${path}`]))
}

test('a managed solution whose data would go is kept without leave, and what would go is named', async () => {
  const environment = await emulated.environment(orders)
  const { failure, outputs, summary } = await remove(environment)
  expect(failure).toMatch(/Table new_order \(0 rows\).*would go with its data.*'allow-data-deletion: true'/)
  expect(outputs).toMatchObject({ managed: true, version: '1.2.0.0', 'data-tables': 'new_order' })
  expect(summary).toContainEqual('Web resource | new_/main.js | ')
  expect(writes(environment)).toEqual([])
})

test('a table that another managed solution holds as well does not go, and needs no leave', async () => {
  const environment = await emulated.environment(orders, {
    ...orders,
    uniqueName: 'Shared',
    webResources: {},
  })
  const { failure, outputs } = await remove(environment)
  expect([failure, outputs['removed-components'], outputs['deleted']]).toEqual(['', 1, true])
})

test('an unmanaged solution says that its components stay, and they do', async () => {
  const environment = await emulated.environment({ ...orders, managed: false })
  const { failure, lines, outputs } = await remove(environment)
  expect([failure, outputs['removed-components'], outputs['deleted']]).toEqual(['', 0, true])
  expect(lines).toContainEqual(expect.stringMatching(/^notice: .*components and their data stay/))
  expect(emulated.emulator.environment(environment.name).tableNamed('new_order')).toBeDefined()
})

test('components of others that need something of it are named, and nothing is sent', async () => {
  const needed =
    '<MissingDependency><Required type="1" schemaName="new_order" displayName="Order" solution="Orders (1.2.0.0)" /><Dependent type="61" schemaName="new_/other.js" displayName="new_/other.js" /></MissingDependency>'
  const environment = await emulated.environment(orders, {
    uniqueName: 'Other',
    managed: true,
    webResources: { 'new_/other.js': 'x' },
    missingDependencies: needed,
  })
  const { failure, outputs } = await remove(environment, { 'allow-data-deletion': 'true' })
  expect(failure).toMatch(
    /components of others need it \(0x8004f01d\)[^]*new_\/other\.js.* needs Table new_order/i,
  )
  expect(outputs['dependents']).toBe(1)
  expect(writes(environment)).toEqual([])
})

test('a name that is not there: similar ones are offered, or it is skipped', async () => {
  const environment = await emulated.environment(orders)
  expect((await remove(environment, { 'solution-name': 'Order' })).failure).toContain("'Orders'")
  const skipped = await remove(environment, { 'solution-name': 'Order', 'if-missing': 'skip' })
  expect([skipped.failure, skipped.outputs]).toEqual(['', { deleted: false }])
})

test('production is refused unless it is allowed, also where a sandbox counts as one', async () => {
  const environment = await emulated.environment({ ...orders, managed: false })
  expect((await remove(environment, { 'environment-kind': 'production' })).failure).toContain(
    "'allow-in-production: true'",
  )
  const { ready } = emulated.emulator
  emulated.emulator.seed('production', {
    source: 'test',
    archive: await makeArchive({ ...orders, managed: false }),
  })
  const production = {
    ...environment,
    name: 'production',
    url: ready.environments['production'] ?? '',
    connection: { ...environment.connection, 'environment-url': ready.environments['production'] ?? '' },
  }
  expect((await remove(production)).failure).toContain('is a production environment')
  expect((await remove(production, { 'allow-in-production': 'true' })).outputs['deleted']).toBe(true)
})

test('a dry run tells everything and deletes nothing', async () => {
  const environment = await emulated.environment(orders)
  const { failure, outputs, summary } = await remove(environment, { 'dry-run': 'true' })
  expect([failure, outputs['deleted'], summary[summary.length - 2]]).toEqual([
    '',
    false,
    expect.stringContaining('would be deleted'),
  ])
  expect(writes(environment)).toEqual([])
})

test('the built action discards a staged upgrade, and its summary', async () => {
  emulated.emulator.clock.start()
  const environment = await emulated.environment({ ...orders, uniqueName: 'Orders_Upgrade' })
  const workspace = mkdtempSync(join(tmpdir(), 'delete-'))
  try {
    const step = await runAction(
      'delete',
      { ...environment.connection, 'solution-name': 'Orders_Upgrade', 'allow-data-deletion': 'true' },
      { workspace },
    )
    expect(step).toMatchObject({ code: 0, stderr: '' })
    expect(step.outputs).toMatchObject({ deleted: 'true', 'async-operation-id': expect.stringMatching(/-/) })
    expectGolden(import.meta.dirname, 'deleted', step.summary)
  } finally {
    rmSync(workspace, { recursive: true })
  }
})
