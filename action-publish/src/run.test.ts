import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SolutionSketch } from '../../packages/dataverse-emulator/src/testing/solution-archive.ts'
import { allLayers, putLayer } from '../../packages/dataverse-emulator/src/solutions/layers/layers.ts'
import type { Emulated, EmulatedEnvironment } from '../../tests/support/emulated.ts'
import { expectToSurvive } from '../../tests/support/fault-matrix.ts'
import { expectGolden } from '../../tests/support/golden.ts'
import { runAction } from '../../tests/support/run-action.ts'
import { emulateForVerb, runVerb, startJob, type VerbRun } from '../../tests/support/verb-run.ts'
import { readInputs } from './inputs.ts'
import { run } from './run.ts'

const orders: SolutionSketch = {
  uniqueName: 'Orders',
  version: '1.2.0.0',
  tables: { new_order: ['new_name'] },
  webResources: { 'new_/main.js': 'x' },
  flows: { '0f100000-0000-4000-8000-000000000001': [] },
}
const invoices: SolutionSketch = { uniqueName: 'Invoices', tables: { new_invoice: ['new_name'] } }

let emulated: Emulated
beforeAll(async () => {
  emulated = await emulateForVerb({ jobSeconds: 0.01 }, 250)
})
afterAll(() => emulated.close())

function publish(
  environment: EmulatedEnvironment,
  inputs: Readonly<Record<string, string>> = {},
  options: Parameters<typeof runVerb>[4] = {},
): Promise<VerbRun> {
  return runVerb({ action: 'action-publish', readInputs, run }, emulated, environment, inputs, options)
}

/** An environment whose unmanaged components are all drafts. */
async function unpublished(...solutions: readonly SolutionSketch[]): Promise<EmulatedEnvironment> {
  const environment = await emulated.environment(...solutions)
  const { emulator } = emulated
  for (const layer of allLayers(emulator.environment(environment.name))) {
    putLayer(emulator.environment(environment.name), { ...layer, published: false })
  }
  return environment
}

/** The schema names of the components that are drafts. */
function drafts({ name }: EmulatedEnvironment): readonly string[] {
  return allLayers(emulated.emulator.environment(name))
    .filter(({ published }) => !published)
    .map(({ schemaName }) => schemaName)
}

test('publishing everything ends with nothing unpublished, whatever happens to whichever request', async () => {
  await expectToSurvive(
    'publish all',
    async (fault) => {
      const environment = await unpublished(orders)
      const ended = await publish(environment, {}, { fault })
      return { ...ended, drafts: drafts(environment) }
    },
    (ended) => expect(ended).toMatchObject({ failure: '', drafts: [], outputs: { published: 'all' } }),
  )
})

test('publishing a solution ends with its components published, whatever happens to whichever request', async () => {
  await expectToSurvive(
    'publish a solution',
    async (fault) => {
      const environment = await unpublished(orders)
      const ended = await publish(environment, { 'solution-name': 'orders' }, { fault })
      return { ...ended, drafts: drafts(environment) }
    },
    (ended) => {
      expect(ended).toMatchObject({ failure: '', outputs: { published: 'Orders' } })
      expect(ended.drafts.filter((name) => name.startsWith('new_'))).toEqual([])
    },
    /PublishXml/,
  )
})

test('only what the solution holds is named, a table with all of it', async () => {
  const environment = await unpublished(orders, invoices)
  const { outputs, requests } = await publish(environment, { 'solution-name': 'Orders' })
  const [body] = environment
    .requests()
    .flatMap(({ path, body: sent }) => (path === 'PublishXml' ? [Object(sent)] : []))
  expect(body.ParameterXml).toMatch(
    /^<importexportxml><entities><entity>new_order<\/entity><\/entities><webresources><webresource>\{[\da-f-]{36}\}<\/webresource><\/webresources><\/importexportxml>$/,
  )
  expect(outputs).toMatchObject({ 'not-publishable': 1 })
  expect(drafts(environment)).toContain('new_invoice')
  expect(requests).not.toContain('POST PublishAllXmlAsync')
})

test('a solution without anything to publish is well', async () => {
  const environment = await emulated.environment(orders, { uniqueName: 'Empty' })
  const nothing = await publish(environment, { 'solution-name': 'Empty' })
  expect([
    nothing.failure,
    nothing.outputs['components'],
    nothing.requests.includes('POST PublishXml'),
  ]).toEqual(['', 0, false])
})

test('right after an import it waits until the import has ended', async () => {
  const environment = await emulated.environment(orders)
  await startJob(emulated, environment, 'ExportSolutionAsync', {
    seconds: 300,
    body: { SolutionName: 'Orders', Managed: false },
  })
  const { failure, lines, jobs } = await publish(environment)
  expect([failure, jobs]).toEqual(['', ['ExportSolutionAsync succeeded', 'PublishAllXmlAsync succeeded']])
  expect(lines).toContainEqual(expect.stringMatching(/^notice: Waiting .*ExportSolutionAsync/))
})

test('the built action, and its summary', async () => {
  emulated.emulator.clock.start()
  const environment = await emulated.environment(orders)
  const workspace = mkdtempSync(join(tmpdir(), 'publish-'))
  try {
    const step = await runAction(
      'publish',
      { ...environment.connection, 'solution-name': 'Orders', 'run-asynchronously': 'true' },
      { workspace },
    )
    expect(step).toMatchObject({ code: 0, stderr: '', outputs: { published: 'Orders' } })
    expectGolden(import.meta.dirname, 'published', step.summary)
  } finally {
    rmSync(workspace, { recursive: true })
  }
})
