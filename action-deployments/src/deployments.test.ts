import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import JSZip from 'jszip'
import { runtimeToken, upload } from '../../action-fetch/src/testing/build-places.ts'
import { type Emulated, emulate } from '../../tests/support/emulated.ts'
import { makeArchive } from '../../packages/dataverse-emulator/src/testing/solution-archive.ts'
import { runAction, type StepResult } from '../../tests/support/run-action.ts'

let emulated: Emulated
let workspace: string
let run = 7000
beforeAll(async () => {
  emulated = await emulate({ jobSeconds: 0 }, 2)
  workspace = mkdtempSync(join(tmpdir(), 'deployments-'))
})
afterAll(async () => {
  await emulated.close()
  rmSync(workspace, { recursive: true })
})
beforeEach(() => void (run += 1))

async function keep(name: string, content: string): Promise<void> {
  const zip = new JSZip().file('import-record.json', content)
  await upload(emulated, String(run), name, await zip.generateAsync({ type: 'uint8array' }))
}

/** As action-import writes it. */
function record(uniqueName: string, ending = 'succeeded'): string {
  return JSON.stringify({
    startedOn: uniqueName === 'Core' ? '2026-11-01T10:00:00Z' : '2026-11-01T10:05:00Z',
    schema: 'dataverse-import-record/1',
    ending,
    decision: { action: 'update', because: 'x' },
    environment: { url: 'https://contoso.example' },
    solution: { uniqueName, previousVersion: '1.0.0.0', version: '1.1.0.0' },
    error: ending === 'failed' ? 'It failed.\nMore' : null,
  })
}

function tell(environments: string): Promise<StepResult> {
  return runAction('deployments', { environments }, { workspace, environment: artifactService() })
}

function artifactService() {
  return {
    ACTIONS_RESULTS_URL: emulated.emulator.ready.artifacts,
    ACTIONS_RUNTIME_TOKEN: runtimeToken(String(run)),
  }
}

/** A real import, which keeps its record itself. */
async function importInto(environment: string, isGood: boolean): Promise<void> {
  const { connection, name } = await emulated.environment()
  writeFileSync(
    join(workspace, 'a.zip'),
    await makeArchive({ uniqueName: 'Orders', version: '1.2.0.0', managed: true }),
  )
  if (!isGood)
    emulated.emulator.faults([
      { environment: name, job: 'ImportSolutionAsync', code: '0x80048539', message: 'It is in use.' },
    ])
  const { code } = await runAction(
    'import',
    { ...connection, 'solution-file': 'a.zip', 'record-artifact-name': `record-${environment}` },
    { workspace, environment: artifactService() },
  )
  expect(code).toBe(isGood ? 0 : 1)
}

test('one table tells what was deployed where, what failed, and what was not begun', async () => {
  await importInto('test', true)
  await importInto('eu', false)
  const { code, outputs, summary } = await tell('["test", ["eu", "us"], ""]')
  expect(code).toBe(0)
  expect(outputs).toMatchObject({ deployed: '1', failed: '1', 'not-begun': '1' })
  expect(JSON.parse(outputs['deployments'] ?? '')).toMatchObject([
    { environment: 'test', solution: 'Orders', before: '', version: '1.2.0.0', ending: 'succeeded' },
    { environment: 'eu', solution: 'Orders', ending: 'failed', decision: 'install' },
  ])
  expect(summary).toContain('❌ Deployed to 1 environment of 3')
  expect(summary).toMatch(/\| test \| Orders \| {2}\| 1\.2\.0\.0 \| install \| succeeded \|/)
  expect(summary).toMatch(/\| eu \| Orders \| {2}\| {2}\| install \| failed: .*It is in use/)
  expect(summary).toMatch(/\| us \|.*\| no record: not begun, or its job was broken off \|/)
})

test('several solutions of an environment have a row each, and names that begin alike stay apart', async () => {
  await keep('record-eu-Core', record('Core'))
  await keep('record-eu-Orders', record('Orders', 'failed'))
  await keep('record-eu-west-Core', record('Core'))
  await keep('other-eu', 'no record')
  const { outputs, summary } = await tell('["eu", "eu-west"]')
  expect(outputs).toMatchObject({ deployed: '1', failed: '1', 'not-begun': '0' })
  expect(summary.match(/^\| eu(?:-west)? \|.*$/gm)).toEqual([
    '| eu | Core | 1.0.0.0 | 1.1.0.0 | update | succeeded |',
    '| eu | Orders | 1.0.0.0 |  | update | failed: It failed. |',
    '| eu-west | Core | 1.0.0.0 | 1.1.0.0 | update | succeeded |',
  ])
})

test.each(['no JSON', '{}', '["a", 1]'])(
  'environments %j is an error that shows what to give',
  async (text) => {
    const { code, annotations } = await tell(text)
    expect(code).toBe(1)
    expect(annotations[0]?.message).toContain('["pilot", ["eu", "us"]]')
  },
)

test('a file that is no record is an error that names its artifact', async () => {
  await keep('record-test', '{"schema": "dataverse-import-record/9"}')
  const { code, annotations } = await tell('["test"]')
  expect([code, annotations[0]?.message]).toEqual([1, expect.stringContaining("'record-test'")])
})
