import type { JobFault } from '../jobs/job-fault.ts'
import { isoSeconds, type Clock } from '../clock.ts'
import { checkFaults, checkLimits, ConfigError } from '../config.ts'
import type { Environment, Settings } from '../environment.ts'
import type { Push } from '../github/github-api.ts'
import { isRecord, json, parseJson, text, type Handler, type Incoming, type Reply } from '../http/exchange.ts'
import type { FaultScript, RequestFault } from '../http/faults.ts'
import type { LateRequests } from '../http/late-requests.ts'
import type { RequestLog } from '../http/request-log.ts'
import type { JobFaultScript } from '../jobs/job-faults.ts'
import { jobLog } from '../jobs/job-log.ts'
import { settleJobs } from '../jobs/settle.ts'
import type { SolutionSeed } from '../solutions/seed.ts'
import { statusPage } from '../status-page/status-page.ts'
import type { Snapshot } from '../store/store.ts'

export interface AdminParts {
  readonly environments: readonly Environment[]
  readonly clock: Clock
  readonly settings: Settings
  readonly faults: FaultScript
  readonly jobFaults: JobFaultScript
  readonly addFaults: (faults: readonly (RequestFault | JobFault)[]) => void
  readonly log: RequestLog
  readonly late: LateRequests
  readonly seed: (environment: string, seed: SolutionSeed) => void
  readonly push: (push: Push) => void
  /** Forgets what is on GitHub: repositories, and artifacts of runs. */
  readonly forgetRuns: () => void
}

type States = ReadonlyMap<Environment, Snapshot>

/** The control surface: faults, clock, settings, logs, snapshots, seeds, and the status page. */
export function createAdmin(parts: AdminParts): Handler {
  const { environments, clock, settings, faults, jobFaults, log } = parts
  const take = (): States =>
    new Map(environments.map((environment) => [environment, environment.store.snapshot()]))
  const restore = (states: States) => {
    for (const [environment, state] of states) {
      environment.store.restore(state)
      environment.forgetTables()
    }
  }
  const initial = take()
  const snapshots = new Map<string, States>()

  const routes: Readonly<Record<string, (request: Incoming, name: string) => Reply | Promise<Reply>>> = {
    'GET /': async () => {
      for (const environment of environments) await settleJobs(environment)
      return {
        status: 200,
        headers: { 'Content-Type': 'text/html; charset=utf-8' },
        body: statusPage(environments, clock, log.entries),
      }
    },
    'GET /requests': () => json(200, log.entries),
    'DELETE /requests': () => {
      log.clear()
      return { status: 204 }
    },
    'GET /jobs': async () => {
      for (const environment of environments) await settleJobs(environment)
      return json(200, environments.flatMap(jobLog))
    },
    'GET /faults': () => json(200, [...faults.list(), ...jobFaults.list()]),
    'POST /faults': (request) => {
      const list = checkFaults(parseJson(text(request)))
      parts.addFaults(list)
      return json(201, list)
    },
    'DELETE /faults': () => {
      faults.clear()
      jobFaults.clear()
      return { status: 204 }
    },
    'GET /clock': () => json(200, clockState(clock)),
    'POST /clock': (request) => {
      moveClock(clock, parseJson(text(request)))
      return json(200, clockState(clock))
    },
    'GET /settings': () => json(200, settings),
    'PATCH /settings': (request) => {
      changeSettings(settings, parseJson(text(request)))
      return json(200, settings)
    },
    'POST /reset': () => {
      restore(initial)
      parts.forgetRuns()
      faults.clear()
      jobFaults.clear()
      parts.late.clear()
      log.clear()
      return { status: 204 }
    },
    'PUT /snapshots/*': (_, name) => {
      snapshots.set(name, take())
      return json(201, { name })
    },
    'POST /snapshots/*': (_, name) => {
      const states = snapshots.get(name)
      if (states === undefined) return json(404, { message: `There is no snapshot '${name}'.` })
      restore(states)
      return { status: 204 }
    },
    'POST /environments/*': (request, name) => {
      parts.seed(name, { source: 'the request', archive: request.body })
      return { status: 204 }
    },
    'POST /pushes': (request) => {
      const push = parseJson(text(request))
      checkPush(push)
      parts.push(push)
      return { status: 204 }
    },
  }

  return async (request) => {
    if (!isFromHere(request)) return json(403, { message: 'Only programs on this machine may ask.' })
    const [, first = '', second] = request.path.split('/')
    const handle = routes[`${request.method} /${first}${second === undefined ? '' : '/*'}`]
    if (handle === undefined) return json(404, { message: 'Not found.', routes: Object.keys(routes) })
    try {
      return await handle(request, decodeURIComponent(second ?? ''))
    } catch (error) {
      const status = error instanceof ConfigError ? 400 : 422
      return json(status, { message: error instanceof Error ? error.message : String(error) })
    }
  }
}

function checkPush(value: unknown): asserts value is Push {
  const isPush =
    isRecord(value) &&
    ['repository', 'branch', 'sha', 'author'].every((name) => typeof value[name] === 'string') &&
    ['string', 'undefined'].includes(typeof value['tag'])
  if (!isPush)
    throw new ConfigError('A push has repository, branch, sha and author, and perhaps tag, each a text.')
}

/** A page in a browser must not reach the emulator by way of its user's machine. */
function isFromHere(request: Incoming): boolean {
  const loopback = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/
  const origin = request.headers['origin']
  if (!loopback.test(request.headers['host'] ?? '')) return false
  return origin === undefined || loopback.test(origin.replace(/^https?:\/\//, ''))
}

function clockState(clock: Clock): object {
  return { now: isoSeconds(clock.now()) }
}

/** `{"advanceSeconds": 60}`, `{"stop": true}` or `{"stop": "<time>"}`, `{"start": true}`. */
function moveClock(clock: Clock, order: unknown): void {
  if (!isRecord(order))
    throw new ConfigError(
      'The clock takes {"advanceSeconds": 60}, {"stop": true or a time} or {"start": true}.',
    )
  const { advanceSeconds, stop, start } = order
  if (typeof stop === 'string') clock.stop(Date.parse(stop))
  else if (stop === true) clock.stop()
  if (typeof advanceSeconds === 'number') clock.advance(advanceSeconds * 1000)
  if (start === true) clock.start()
}

function changeSettings(settings: Settings, order: unknown): void {
  if (!isRecord(order))
    throw new ConfigError(
      'Settings are an object with jobSeconds, tokenLifetimeSeconds, dateAheadSeconds and limits.',
    )
  const { jobSeconds, tokenLifetimeSeconds, dateAheadSeconds, limits } = order
  if (typeof jobSeconds === 'number') settings.jobSeconds = jobSeconds
  if (typeof tokenLifetimeSeconds === 'number') settings.tokenLifetimeSeconds = tokenLifetimeSeconds
  if (typeof dateAheadSeconds === 'number') settings.dateAheadSeconds = dateAheadSeconds
  if (limits === null) delete settings.limits
  else if (limits !== undefined) settings.limits = checkLimits(limits)
}
