import { join } from 'node:path'
import { readFile, writeFile } from 'node:fs/promises'
import { createHttp } from '@dsa/dataverse-client'
import type { Fetch, Http } from '@dsa/dataverse-client'
import { startEmulator } from '@dsa/dataverse-emulator'
import type { Emulator, FaultKind, RequestFault } from '@dsa/dataverse-emulator'
import type { Inputs } from './inputs.ts'
import { run } from './run.ts'
import { inputs, solutionArchive, withArchive, world } from './scripted-environment.ts'

/**
 * For every request that a successful import makes, in turn, something goes wrong. What counts is the emulator's log
 * of jobs, not our word: the solution is there once, and one job did it.
 */

type Fault = { readonly name: string } & (
  | {
      readonly fault: FaultKind
      readonly status?: number
      readonly headers?: Record<string, string>
      readonly body?: unknown
      readonly acted?: boolean
    }
  | { readonly late: true }
)

const FAULTS: readonly Fault[] = [
  { name: 'connection reset before sending', fault: 'reset-before' },
  { name: 'connection reset after the server acted', fault: 'reset-after' },
  { name: 'half an answer', fault: 'half-answer' },
  { name: '401', fault: 'status', status: 401 },
  { name: '429 with Retry-After', fault: 'status', status: 429, headers: { 'retry-after': '7' } },
  { name: '500 after the server acted', fault: 'status', status: 500, acted: true },
  {
    name: '502 with HTML',
    fault: 'status',
    status: 502,
    body: '<html>Bad gateway</html>',
    headers: { 'content-type': 'text/html' },
  },
  { name: '503 after the server acted', fault: 'status', status: 503, acted: true },
  { name: 'an answer after the timeout', late: true },
]

interface Flow {
  readonly name: string
  /** What is there before. */
  readonly before: '' | '1.0.0.0'
  readonly steps: readonly Parameters<typeof inputs>[0][]
  /** Messages of the jobs that must have run, in order. */
  readonly jobs: readonly string[]
}

const FLOWS: readonly Flow[] = [
  { name: 'install', before: '', steps: [{}], jobs: ['ImportSolutionAsync'] },
  {
    name: 'update',
    before: '1.0.0.0',
    steps: [{ wishes: { mode: 'update' } }],
    jobs: ['ImportSolutionAsync'],
  },
  {
    name: 'upgrade',
    before: '1.0.0.0',
    steps: [{ wishes: { mode: 'upgrade' } }],
    jobs: ['StageAndUpgradeAsync'],
  },
  {
    name: 'stage and promote',
    before: '1.0.0.0',
    steps: [{ wishes: { mode: 'stage' } }, { mode: 'promote', solutionName: 'core' }],
    jobs: ['ImportSolutionAsync', 'DeleteAndPromoteAsync'],
  },
]

/** Each run has an environment of its own; this is more than there are runs. */
const ENVIRONMENTS = 500

let emulator: Emulator | undefined
let http: Http | undefined
let next = 0

const started = (): { emulator: Emulator; fetch: Fetch } => {
  if (emulator === undefined || http === undefined) throw new Error('The emulator does not run.')
  return { emulator, fetch: http.fetch }
}

beforeAll(async () => {
  const names = Array.from({ length: ENVIRONMENTS }, (_, index) => `e${index}`)
  emulator = await startEmulator({
    environments: Object.fromEntries(names.map((name) => [name, { kind: 'sandbox' }])),
  })
  emulator.clock.stop()
  http = createHttp({ env: {} })
}, 60_000)

afterAll(async () => {
  await http?.close()
  await emulator?.close()
})

/** Runs a flow in a fresh environment with one fault. @returns how many requests it made and the jobs that ran */
const runFlow = async (
  root: string,
  flow: Flow,
  fault?: Fault & { readonly nth: number },
): Promise<{
  readonly requests: number
  readonly jobs: readonly string[]
  readonly failure: string
  readonly version: string
  readonly met: boolean
}> => {
  const { emulator: own, fetch } = started()
  const name = `e${next++}`
  const url = own.ready.environments[name] ?? ''
  if (flow.before !== '')
    own.seed(name, { source: 'before', archive: await readFile(join(root, 'before.zip')) })
  if (fault !== undefined && 'fault' in fault) {
    const { name: _, nth, ...rest } = fault
    const entry: RequestFault = { ...rest, environment: name, nth }
    own.faults([entry])
  }
  let sent = 0
  let late: AbortController | undefined
  let wasLate = false
  const { deps } = world(root)
  let failure = ''
  for (const step of flow.steps) {
    const connection: Inputs['connection'] = {
      environmentUrl: url,
      authority: own.ready.authority,
      tenantId: own.ready.tenantId,
      appId: own.ready.appId,
      clientSecret: own.ready.clientSecret,
      cloud: 'Public',
    }
    try {
      await run(inputs({ connection, ...step }), {
        ...deps,
        clock: () => own.clock.now(),
        async sleep(ms) {
          own.clock.advance(ms)
        },
        timeoutSignal() {
          late = new AbortController()
          return late.signal
        },
        async fetch(target, init) {
          if (!String(target).startsWith(url)) return fetch(target, init)
          sent++
          const answer = await fetch(target, init)
          if (fault === undefined || !('late' in fault) || sent !== fault.nth) return answer
          await answer.text()
          wasLate = true
          late?.abort()
          throw new Error('aborted')
        },
      })
    } catch (error) {
      failure = String(error)
      break
    }
  }
  const met = own.requests().some((request) => request.environment === name && request.fault !== undefined)
  const jobs = (await own.jobs()).filter(({ environment }) => environment === name)
  const row = own.environment(name).store.find('solution', (solution) => solution['uniquename'] === 'core')
  return {
    requests: sent,
    jobs: jobs.map(({ message }) => message),
    failure,
    met: met || wasLate,
    version: typeof row?.['version'] === 'string' ? row['version'] : '',
  }
}

test.each(FLOWS)(
  '$name ends with the solution there once, whatever happens to whichever request (C14, C15, C20)',
  async (flow) => {
    await withArchive({ version: '1.1.0.0' }, async (root) => {
      await writeFile(join(root, 'before.zip'), await solutionArchive({ version: '1.0.0.0' }))
      const calm = await runFlow(root, flow)
      expect(calm).toMatchObject({ failure: '', jobs: flow.jobs, version: '1.1.0.0' })
      const wrong: unknown[] = []
      let runs = 0
      for (const fault of FAULTS) {
        for (let nth = 1; nth <= calm.requests; nth++) {
          const { failure, jobs, version, met } = await runFlow(root, flow, { ...fault, nth })
          runs++
          if (!met || failure !== '' || version !== '1.1.0.0' || jobs.join() !== flow.jobs.join()) {
            wrong.push({ fault: fault.name, nth, met, failure, jobs, version })
          }
        }
      }
      process.stdout.write(
        `${flow.name}: ${runs - wrong.length} of ${runs} faults survived (${calm.requests} requests)\n`,
      )
      expect(wrong).toEqual([])
    })
  },
  120_000,
)
