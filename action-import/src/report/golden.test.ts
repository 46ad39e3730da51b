import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeArchive } from '../../../packages/dataverse-emulator/src/testing/solution-archive.ts'
import { type Emulator, startEmulator } from '../../../packages/dataverse-emulator/src/index.ts'
import { expectGolden } from '../../../tests/support/golden.ts'
import { runAction, type StepResult } from '../../../tests/support/run-action.ts'

/**
 * The summaries that a release owner reads, as the built action writes them. `GOLDEN=write` before the command of the
 * test writes them anew; look at each change. `node scripts/picture.mjs` makes the picture of the documentation of them.
 */

const flow = {
  confirm: '0f100000-0000-4000-8000-000000000001',
  remind: '0f200000-0000-4000-8000-000000000002',
}
const base = {
  uniqueName: 'LindenOrders',
  version: '1.2.0.0',
  managed: true,
  tables: { new_order: ['new_name', 'new_total'], new_note: ['new_text'] },
  connectionReferences: ['new_mail', 'new_dataverse'],
  variables: { new_Mailbox: 'nobody@linden.example' },
  flows: { [flow.confirm]: ['new_mail'], [flow.remind]: ['new_dataverse'] },
}
const next = { ...base, version: '1.3.0.0' }
const smaller = { ...next, tables: { new_order: ['new_name'] } }

const settings = {
  'environment-variables': 'new_Mailbox=orders@linden.example',
  'connection-references': 'new_mail=shared-office365-1',
}

const needed = (name: string): string =>
  `<MissingDependency><Required type="1" schemaName="fs_${name}" displayName="${name}" solution="FabrikamService (7.5.0.${name.length})" /><Dependent type="60" displayName="Form of ${name}" parentSchemaName="new_order" id="{26f55d21-04c6-443f-806c-8defed5daa9f}" /></MissingDependency>`

let emulator: Emulator
let workspace: string
beforeAll(async () => {
  const names = ['ct-updated', 'ct-refused', 'ct-failed', 'ct-skipped']
  emulator = await startEmulator({
    jobSeconds: 0.01,
    environments: {
      ...Object.fromEntries(names.map((name) => [name, { kind: 'sandbox' as const }])),
      'contoso-production': { kind: 'production' },
    },
  })
  workspace = mkdtempSync(join(tmpdir(), 'golden-'))
  const archives = {
    'LindenOrders_managed.zip': next,
    'smaller.zip': smaller,
    'needing.zip': { ...next, missingDependencies: ['Booking', 'WorkOrder', 'Asset'].map(needed).join('') },
  }
  for (const [file, sketch] of Object.entries(archives)) {
    writeFileSync(join(workspace, file), await makeArchive(sketch))
  }
  const installed = await makeArchive(base)
  for (const name of [...names, 'contoso-production'])
    emulator.seed(name, { source: 'test', archive: installed })
})
afterAll(async () => {
  await emulator.close()
  rmSync(workspace, { recursive: true })
})

function importInto(name: string, inputs: Readonly<Record<string, string>>): Promise<StepResult> {
  const { environments, authority, tenantId, appId, clientSecret } = emulator.ready
  return runAction(
    'import',
    {
      'environment-url': environments[name] ?? '',
      authority,
      'tenant-id': tenantId,
      'app-id': appId,
      'client-secret': clientSecret,
      'solution-file': 'LindenOrders_managed.zip',
      ...inputs,
    },
    {
      workspace,
      environment: {
        RUNNER_TEMP: workspace,
        GITHUB_ACTION_REPOSITORY: 'contoso/dataverse-solution-actions',
        GITHUB_SERVER_URL: 'https://github.com',
        GITHUB_REPOSITORY: 'linden/orders',
        GITHUB_REF_TYPE: 'tag',
        GITHUB_REF_NAME: 'v1.3.0',
        GITHUB_SHA: 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678',
        GITHUB_ACTOR: 'octo',
        GITHUB_RUN_ID: '9876543210',
        GITHUB_RUN_NUMBER: '123',
        GITHUB_RUN_ATTEMPT: '1',
      },
    },
  )
}

test('updated: the heading is the outcome, the line below the evidence, and only what is off has a table', async () => {
  const step = await importInto('ct-updated', { ...settings, flows: 'on' })
  expect(step.code).toBe(0)
  expectGolden(import.meta.dirname, 'updated', step.summary)
  const record: unknown = JSON.parse(readFileSync(step.outputs['record-file'] ?? '', 'utf8'))
  expect(record).toMatchObject({
    schema: 'dataverse-import-record/1',
    ending: 'succeeded',
    error: null,
    solution: { uniqueName: 'LindenOrders', previousVersion: '1.2.0.0', version: '1.3.0.0' },
    archive: { file: 'LindenOrders_managed.zip', sha256: expect.stringMatching(/^[\da-f]{64}$/) },
    source: { ref: 'v1.3.0', commit: 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678', actor: 'octo' },
    settings: [
      { kind: 'environment variable', name: 'new_Mailbox', from: "'environment-variables'" },
      { kind: 'connection reference', name: 'new_mail', from: "'connection-references'" },
    ],
    connectionReferences: [{ name: 'new_mail', connection: 'set' }, { name: 'new_dataverse' }],
    removed: [],
  })
  expect(JSON.stringify(record)).not.toContain('orders@linden.example')
  expect(JSON.stringify(record)).not.toContain('shared-office365-1')
})

test('refused upgrade: it would delete, and nothing was deleted', async () => {
  const step = await importInto('ct-refused', { 'solution-file': 'smaller.zip' })
  expect(step.code).toBe(1)
  expectGolden(import.meta.dirname, 'refused-upgrade', step.summary)
  expect(JSON.parse(readFileSync(step.outputs['record-file'] ?? '', 'utf8'))).toMatchObject({
    ending: 'not-started',
    error: expect.stringContaining('would be deleted'),
    isRemoved: false,
    removed: [{ name: 'new_note', holdsData: true, rows: 0 }, { name: 'new_order.new_total' }],
  })
})

test('check against production: nothing was changed, and what is missing is one line for each supplier', async () => {
  emulator.seed('contoso-production', {
    source: 'test',
    archive: await makeArchive({ uniqueName: 'Handmade', managed: false }),
  })
  const step = await importInto('contoso-production', { mode: 'check', 'solution-file': 'needing.zip' })
  expect(step.code).toBe(1)
  expectGolden(import.meta.dirname, 'check-production', step.summary)
})

test('failed in a component', async () => {
  emulator.faults([
    {
      job: 'ImportSolutionAsync',
      environment: 'ct-failed',
      code: '0x8004f036',
      message: 'The component does not exist.',
      component: 'new_order',
    },
  ])
  const step = await importInto('ct-failed', settings)
  expect(step.code).toBe(1)
  expectGolden(import.meta.dirname, 'failed-component', step.summary)
})

test('skipped with settings', async () => {
  await importInto('ct-skipped', {})
  const step = await importInto('ct-skipped', { ...settings, 'skip-lower-version': 'true' })
  expect(step.code).toBe(0)
  expectGolden(import.meta.dirname, 'skipped-with-settings', step.summary)
})
