import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeArchive } from '../../../packages/dataverse-emulator/src/testing/solution-archive.ts'
import { writeFile } from 'node:fs/promises'
import { emulatedActions } from '../testing/emulated-actions.ts'

const { act, freshEnvironment, jobsOf, workspace } = emulatedActions({ jobSeconds: 0.01 })

const flow = '0f100000-0000-4000-8000-000000000001'
const core = {
  uniqueName: 'core',
  managed: true,
  connectionReferences: ['new_mail'],
  flows: { [flow]: ['new_mail'] },
}

beforeAll(async () => {
  await writeFile(join(workspace(), 'flow.zip'), await makeArchive({ ...core, version: '1.0.0.0' }))
})

test('none is the default: a flow that is off and a connection that is missing are warnings', async () => {
  const step = await act({ 'solution-file': 'flow.zip' })
  expect(step).toMatchObject({ code: 0, outputs: { 'flows-off': '1' } })
})

test.each(['auto', 'check'])('missing-settings stops before anything is changed (%s)', async (mode) => {
  const step = await act({ mode, 'solution-file': 'flow.zip', 'fail-on': 'missing-settings' })
  expect(step.code).toBe(1)
  expect(step.outputs).toMatchObject({ findings: '1' })
  expect(step.log).toContain('nothing was changed.%0AThe connection reference')
  // What stops the run is no warning any more, and is said once.
  expect(step.summary.match(/The connection reference/g)).toHaveLength(1)
  if (mode === 'check') expect(step.summary).toContain('1 finding would stop core')
  expect(await jobsOf(step.environment)).toEqual([])
})

test('flows-off fails after the import, says that it is done, and keeps the outputs; also when it is skipped', async () => {
  const environmentName = await freshEnvironment()
  const inputs = { 'solution-file': 'flow.zip', 'fail-on': 'flows-off', 'record-artifact-name': '' }
  const step = await act(inputs, { environmentName, environment: { RUNNER_TEMP: workspace() } })
  expect(step.code).toBe(1)
  expect(step.outputs).toMatchObject({ changed: 'true', version: '1.0.0.0', 'flows-off': '1' })
  expect(step.summary).toMatch(
    /^\n### ⚠️ Installed core 1\.0\.0\.0 .*, but 'fail-on' stops the run: 1 flow is off\n/,
  )
  const record: unknown = JSON.parse(readFileSync(step.outputs['record-file'] ?? '', 'utf8'))
  expect(record).toMatchObject({ ending: 'succeeded-with-errors', flows: [{ state: 'off' }] })

  const skipped = await act({ ...inputs, 'skip-lower-version': 'true' }, { environmentName })
  expect(skipped).toMatchObject({ code: 1, outputs: { decision: 'skip', 'flows-off': '1' } })
  expect(skipped.log).toContain('Nothing was imported, since the environment has the version.')
})

test('with all settings given, the same run is green', async () => {
  const step = await act({
    'solution-file': 'flow.zip',
    'fail-on': 'missing-settings, flows-off, layers, not-checked, warnings',
    'connection-references': 'new_mail=shared-office365-1',
    flows: 'on',
  })
  expect(step).toMatchObject({ code: 0, outputs: { 'flows-off': '0' } })
})

test('a word that does not exist is refused', async () => {
  const step = await act({ 'fail-on': 'flows-of' })
  expect(step.log).toContain("Input 'fail-on' has 'flows-of'; it is a list of")
  expect(step.log).toContain("Did you mean 'flows-off'?")
  expect(step.requests).toEqual([])
})
