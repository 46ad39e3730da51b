import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Fetch, TransportError } from '@dsa/dataverse-client'
import { openPackage, openZip, readManifest } from '@dsa/solution-package'
import { makeArchive } from '../../packages/dataverse-emulator/src/testing/solution-archive.ts'
import { type Emulated, emulate, type EmulatedEnvironment } from '../../tests/support/emulated.ts'
import {
  expectToSurvive,
  type FaultyRun,
  faultyConnection,
  type PlacedFault,
} from '../../tests/support/fault-matrix.ts'
import { readWith } from '../../tests/support/inputs-read.ts'
import { recordedDeps } from '../../tests/support/recorded-deps.ts'
import { runAction } from '../../tests/support/run-action.ts'
import { readInputs } from './inputs.ts'
import { run } from './run.ts'

/**
 * For every request that a successful export makes, in turn, something goes wrong. What counts is what the emulator
 * has, not our word: one job for each archive, and the version that was to be set.
 */

const inputs = {
  'solution-name': 'Orders',
  'solution-output-file': 'Orders.zip',
  'solution-type': 'Both',
  version: 'minor',
}

const right = {
  failure: '',
  jobs: ['ExportSolutionAsync succeeded', 'ExportSolutionAsync succeeded'],
  version: '1.5.0.0',
  written: ['1.5.0.0'],
  archives: ['unmanaged Orders 1.5.0.0', 'managed Orders 1.5.0.0'],
}

interface ExportRun extends FaultyRun {
  readonly failure: string
  /** Messages and ends of the jobs that ran, in order. */
  readonly jobs: readonly string[]
  /** What the environment has now. */
  readonly version: unknown
  /** The different versions that requests asked to set. */
  readonly written: readonly unknown[]
  /** What is in the files. */
  readonly archives: readonly string[]
}

let emulated: Emulated
let workspace: string
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'export-'))
})
afterEach(async () => {
  await emulated.close()
  rmSync(workspace, { recursive: true })
})

function inEnvironment(): Promise<EmulatedEnvironment> {
  return emulated.environment({ uniqueName: 'Orders', version: '1.4.0.0' })
}

/** What an export left in an environment, and in a folder. */
async function left(
  environment: EmulatedEnvironment,
  folder: string,
): Promise<Pick<ExportRun, 'jobs' | 'version' | 'written' | 'archives'>> {
  const { emulator } = emulated
  const { name } = environment
  const jobs = await emulator.jobs(name)
  const row = emulator
    .environment(name)
    .store.find('solution', (solution) => solution['uniquename'] === 'Orders')
  const patches = environment.requests().filter(({ method }) => method === 'PATCH')
  const files = ['Orders.zip', 'Orders_managed.zip'].map((file) => join(folder, file))
  return {
    jobs: jobs.map(({ message, state }) => `${message} ${state}`),
    version: row?.['version'],
    written: [...new Set(patches.map(({ body }) => Object(body).version))],
    archives: files.filter((file) => existsSync(file)).map(contentOf),
  }
}

function contentOf(file: string): string {
  const { managed, uniqueName, version } = readManifest(openPackage(openZip(readFileSync(file))))
  return `${managed.toLowerCase()} ${uniqueName} ${version}`
}

test.each([
  ['export of both kinds with a version', {}, /^/],
  ['the same after publishing everything', { 'publish-all': 'true' }, /PublishAllXml/],
])(
  '%s ends with the archives and one job for each, whatever happens to whichever request',
  async (flow, more, at) => {
    emulated = await emulate({}, 150)
    emulated.emulator.clock.stop()
    const runFlow = async (fault?: PlacedFault): Promise<ExportRun> => {
      const environment = await inEnvironment()
      const folder = join(workspace, environment.name)
      const way = faultyConnection(emulated, environment, fault)
      const { deps } = recordedDeps(folder, emulated.emulator.clock)
      const given = readWith('action-export', readInputs, { ...environment.connection, ...inputs, ...more })
      const failure = await run(Object(given.inputs), { ...deps, ...way.deps }).then(() => '', String)
      // Whatever is still on its way arrives.
      emulated.emulator.clock.advance(600_000)
      return { requests: way.sent(), met: way.met(), failure, ...(await left(environment, folder)) }
    }
    await expectToSurvive(
      flow,
      runFlow,
      (ended, fault) => {
        // An export that arrives late changes nothing; its archive is nobody's.
        const jobs = fault !== undefined && 'lateSeconds' in fault ? expect.any(Array) : right.jobs
        expect(ended).toMatchObject({ ...right, jobs })
        expect(ended.jobs.length).toBeLessThanOrEqual(right.jobs.length + 1)
      },
      at,
    )
  },
)

test('the built action survives the loss of any answer to a write after the server acted', async () => {
  emulated = await emulate({ jobSeconds: 0.01 })
  const runBuilt = async (nth?: number): Promise<ExportRun> => {
    const environment = await inEnvironment()
    const { name, connection } = environment
    if (nth !== undefined) emulated.emulator.faults([{ fault: 'reset-after', environment: name, nth }])
    const place = mkdtempSync(join(workspace, 'built-'))
    const { code, stdout } = await runAction('export', { ...connection, ...inputs }, { workspace: place })
    return {
      requests: environment.requests().map(({ method, path }) => `${method} ${path}`),
      met: emulated.emulator
        .requests()
        .some(({ environment: where, fault }) => where === name && fault !== undefined),
      failure: code === 0 ? '' : stdout,
      ...(await left(environment, place)),
    }
  }
  const calm = await runBuilt()
  expect(calm).toMatchObject(right)
  const writes = calm.requests.flatMap((request, index) => (request.startsWith('GET ') ? [] : [index + 1]))
  const runs = await Promise.all(writes.map(runBuilt))
  const survived = runs.filter((each) => expect(each).toMatchObject({ ...right, met: true }) === undefined)
  process.stdout.write(`built export: ${survived.length} of ${runs.length} faults survived\n`)
})

test('when an export is lost before it starts, the job of somebody who signs in alike is not taken for it', async () => {
  emulated = await emulate()
  const { emulator } = emulated
  emulator.clock.stop()
  const environment = await inEnvironment()
  emulator.seed(environment.name, {
    source: 'test',
    archive: await makeArchive({ uniqueName: 'Invoices', version: '3.0.0.0' }),
  })
  const way = faultyConnection(emulated, environment, undefined)
  const { deps, lines } = recordedDeps(workspace, emulator.clock)
  let isLost = false
  const fetch: Fetch = async (url, init) => {
    if (isLost || !String(url).endsWith('/ExportSolutionAsync')) return way.deps.fetch(url, init)
    isLost = true
    await way.deps.fetch(url, {
      ...init,
      body: JSON.stringify({ SolutionName: 'Invoices', Managed: false }),
    })
    throw new TransportError('The connection was reset.', { code: 'ECONNRESET', neverSent: false })
  }
  const given = readWith('action-export', readInputs, { ...environment.connection, ...inputs })
  await run(Object(given.inputs), { ...deps, ...way.deps, fetch })
  const { archives } = await left(environment, workspace)
  expect(archives).toEqual(right.archives)
  const jobs = (await emulator.jobs()).filter((job) => job.environment === environment.name)
  expect(jobs.map(({ solution }) => solution)).toEqual(['Invoices', 'Orders', 'Orders'])
  expect(lines).toContainEqual(expect.stringMatching(/^notice: .*is not ours/))
})
