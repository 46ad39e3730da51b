import { createClock, type Clock } from './clock.ts'
import { checkConfig, type EmulatorConfig, type EnvironmentConfig } from './config.ts'
import { createEnvironment } from './create-environment.ts'
import { DEFAULT_SUBJECT, readApplications, readPeople, TENANT_ID } from './directory-config.ts'
import type { Artifact } from './artifacts/artifact-service.ts'
import type { Directory } from './entra/directory.ts'
import type { Environment, Settings } from './environment.ts'
import type { Repository } from './github/repository.ts'
import { createFaultScript, type FaultScript, type RequestFault } from './http/faults.ts'
import { createLateRequests, type LateRequests } from './http/late-requests.ts'
import { createRequestLog, type RequestLog } from './http/request-log.ts'
import type { JobFault } from './jobs/job-fault.ts'
import { createJobFaults, type JobFaultScript } from './jobs/job-faults.ts'
import { readSeed } from './seed-files.ts'
import { addApplicationUser, addPersonUser, seedBuiltIns } from './solutions/built-in.ts'
import { seedSolution } from './solutions/seed.ts'

/** All that the services share: what is in them, the time, and what goes wrong. */
export interface World {
  readonly clock: Clock
  readonly settings: Settings
  readonly faults: FaultScript
  readonly jobFaults: JobFaultScript
  readonly log: RequestLog
  readonly late: LateRequests
  readonly environments: readonly Environment[]
  readonly directory: Directory
  /** The subject of tokens of the emulated GitHub. */
  readonly subject: string
  readonly github: NonNullable<EmulatorConfig['github']>
  readonly repositories: Map<string, Repository>
  /** Artifacts of runs. */
  readonly artifacts: Map<string, Artifact>
}

const DEFAULT_ENVIRONMENTS: Readonly<Record<string, EnvironmentConfig>> = {
  dev: { kind: 'developer' },
  test: { kind: 'sandbox' },
  prod: { kind: 'production' },
}

/** @throws ConfigError for a configuration that cannot be understood */
export async function createWorld(given: EmulatorConfig): Promise<World> {
  const config = checkConfig(given)
  const baseDir = config.baseDir ?? process.cwd()
  const clock = createClock()
  const settings: Settings = {
    jobSeconds: config.jobSeconds ?? 0.2,
    tokenLifetimeSeconds: config.tokenLifetimeSeconds ?? 3599,
    dateAheadSeconds: config.dateAheadSeconds ?? 0,
    ...(config.limits === undefined ? {} : { limits: config.limits }),
  }
  const scripts = { faults: createFaultScript(), jobFaults: createJobFaults() }
  addFaults(scripts, config.faults ?? [])
  const subject = config.oidcSubject ?? DEFAULT_SUBJECT
  const configs = config.environments ?? DEFAULT_ENVIRONMENTS
  const environments = Object.entries(configs).map(([name, { kind, microsoftSolutions, pipelinesHost }]) =>
    createEnvironment({
      name,
      kind: kind ?? 'sandbox',
      tenantId: TENANT_ID,
      clock,
      settings,
      jobFaults: scripts.jobFaults,
      microsoftSolutions: microsoftSolutions ?? 'all',
      isPipelinesHost: pipelinesHost ?? false,
    }),
  )
  const directory: Directory = {
    tenantId: TENANT_ID,
    applications: readApplications(config, subject, baseDir),
    people: readPeople(config),
    resources: () => environments.map(({ origin }) => origin),
  }
  for (const environment of environments) {
    seedBuiltIns(environment, config.securityRoles)
    addUsers(environment, configs[environment.name] ?? {}, config, directory)
    for (const path of configs[environment.name]?.solutions ?? [])
      seedSolution(environment, await readSeed(path, baseDir))
  }
  return {
    clock,
    settings,
    ...scripts,
    log: createRequestLog(),
    late: createLateRequests(),
    environments,
    directory,
    subject,
    github: config.github ?? {},
    repositories: new Map(),
    artifacts: new Map(),
  }
}

/** Adds to the scripts of what goes wrong, each fault to the one that it belongs to. */
export function addFaults(
  { faults, jobFaults }: Pick<World, 'faults' | 'jobFaults'>,
  list: readonly (RequestFault | JobFault)[],
): void {
  faults.add(list.filter((fault): fault is RequestFault => 'fault' in fault))
  jobFaults.add(list.filter((fault): fault is JobFault => 'job' in fault))
}

const ADMINISTRATOR = ['System Administrator']

function addUsers(
  environment: Environment,
  own: EnvironmentConfig,
  config: EmulatorConfig,
  directory: Directory,
): void {
  const clients = config.clients ?? []
  for (const application of directory.applications) {
    const client = clients.find(({ appId }) => appId.toLowerCase() === application.appId)
    if (client === undefined) {
      if (own.roles?.length !== 0) addApplicationUser(environment, application, own.roles ?? ADMINISTRATOR)
    } else if (client.environments?.includes(environment.name) ?? true) {
      addApplicationUser(environment, application, client.roles ?? ADMINISTRATOR)
    }
  }
  for (const person of directory.people) {
    const user = config.users?.find(({ userName }) => userName === person.userName)
    if (user?.environments?.includes(environment.name) ?? true)
      addPersonUser(environment, person, user?.roles ?? ADMINISTRATOR)
  }
}
