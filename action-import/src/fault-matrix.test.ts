import { join } from 'node:path'
import { readFile, writeFile } from 'node:fs/promises'
import { type Emulated, emulate } from '../../tests/support/emulated.ts'
import {
  expectToSurvive,
  type FaultyRun,
  faultyConnection,
  type PlacedFault,
} from '../../tests/support/fault-matrix.ts'
import type { Inputs } from './inputs.ts'
import { run } from './run.ts'
import { inputs, solutionArchive, withArchive, world } from './testing/scripted-environment.ts'

/**
 * For every request that a successful import makes, in turn, something goes wrong. What counts is the emulator's log
 * of jobs, not our word: the solution is there once, and one job did it.
 */

interface Flow {
  readonly name: string
  /** What is there before. */
  readonly before: '' | '1.0.0.0'
  readonly managed: boolean
  /** Which requests meet faults; all of them, unless another flow sends the rest in the same way. */
  readonly at?: RegExp
  readonly steps: readonly NonNullable<Parameters<typeof inputs>[0]>[]
  /** Messages of the jobs that must have run, in order. */
  readonly jobs: readonly string[]
}

const FLOWS: readonly Flow[] = [
  { name: 'install', before: '', managed: true, at: /^POST/, steps: [{}], jobs: ['ImportSolutionAsync'] },
  {
    name: 'update',
    before: '1.0.0.0',
    managed: true,
    at: /^POST/,
    steps: [{ wishes: { mode: 'update' } }],
    jobs: ['ImportSolutionAsync'],
  },
  {
    name: 'upgrade',
    before: '1.0.0.0',
    managed: true,
    at: /^POST/,
    steps: [{ wishes: { mode: 'upgrade' } }],
    jobs: ['StageAndUpgradeAsync'],
  },
  {
    name: 'stage and promote',
    before: '1.0.0.0',
    managed: true,
    steps: [{ wishes: { mode: 'stage' } }, { mode: 'promote', solutionName: 'core' }],
    jobs: ['ImportSolutionAsync', 'DeleteAndPromoteAsync'],
  },
  {
    name: 'unmanaged with a backup',
    before: '1.0.0.0',
    managed: false,
    steps: [{ backupArtifactName: 'backup' }],
    jobs: ['ExportSolutionAsync', 'ImportSolutionAsync'],
  },
]

/** Each run has an environment of its own; this is more than there are runs. */
const environments = 450

let emulated: Emulated

beforeAll(async () => {
  emulated = await emulate({}, environments)
  emulated.emulator.clock.stop()
})

afterAll(() => emulated.close())

interface ImportRun extends FaultyRun {
  /** Messages of the jobs that did something, in order. */
  readonly jobs: readonly string[]
  /** Names of the artifacts that were uploaded. */
  readonly artifacts: readonly string[]
  readonly failure: string
  readonly version: unknown
}

/** Runs a flow in a fresh environment with one fault. */
async function runFlow(root: string, flow: Flow, fault?: PlacedFault): Promise<ImportRun> {
  const { emulator } = emulated
  const before = flow.before === '' ? [] : [await readFile(join(root, 'before.zip'))]
  const environment = await emulated.environment(...before)
  const { ready } = emulator
  const connection: Inputs['connection'] = {
    environmentUrl: environment.url,
    authority: ready.authority,
    tenantId: ready.tenantId,
    appId: ready.appId,
    clientSecret: ready.clientSecret,
    cloud: 'Public',
  }
  const way = faultyConnection(emulated, environment, fault)
  const { deps, uploads } = world(root)
  let failure = ''
  for (const step of flow.steps) {
    try {
      await run(inputs({ connection, ...step }), { ...deps, ...way.deps })
    } catch (error) {
      failure = String(error)
      break
    }
  }
  // Whatever is still on its way arrives.
  emulator.clock.advance(600_000)
  const jobs = await emulator.jobs(environment.name)
  const row = emulator
    .environment(environment.name)
    .store.find('solution', (solution) => solution['uniquename'] === 'core')
  return {
    requests: way.sent(),
    met: way.met(),
    // A second DeleteAndPromoteAsync is refused in its job, since nothing is left to promote.
    jobs: jobs.filter(({ state }) => state === 'succeeded').map(({ message }) => message),
    artifacts: uploads.map(([name]) => name),
    failure,
    version: row?.['version'],
  }
}

test.each(FLOWS)(
  '$name ends with the solution there once, whatever happens to whichever request (C14, C15, C20)',
  async (flow) => {
    await withArchive({ version: '1.1.0.0', managed: flow.managed }, async (root) => {
      const before = await solutionArchive({ version: '1.0.0.0', managed: flow.managed })
      await writeFile(join(root, 'before.zip'), before)
      await expectToSurvive(
        flow.name,
        (fault) => runFlow(root, flow, fault),
        (ended, fault) => {
          // An export that arrives late changes nothing; its archive is nobody's.
          const isLate = fault !== undefined && 'lateSeconds' in fault
          const changes = (jobs: readonly string[]): readonly string[] =>
            jobs.filter((message) => !isLate || message !== 'ExportSolutionAsync')
          expect({ ...ended, jobs: changes(ended.jobs) }).toMatchObject({
            failure: '',
            jobs: changes(flow.jobs),
            artifacts: flow.steps.flatMap(({ backupArtifactName: name }) => name ?? []),
            version: '1.1.0.0',
          })
        },
        flow.at,
      )
    })
  },
)
