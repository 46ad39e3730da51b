import type { JobFault } from './jobs/job-fault.ts'
import { UserError } from '@dsa/user-error'
import { createAdmin } from './admin/admin-api.ts'
import { createArtifactService, type Artifact } from './artifacts/artifact-service.ts'
import { createClock, type Clock } from './clock.ts'
import { checkConfig, type EmulatorConfig, type EnvironmentConfig } from './config.ts'
import { createEnvironment } from './create-environment.ts'
import {
  DEFAULT_APP_ID,
  DEFAULT_SECRET,
  DEFAULT_SUBJECT,
  readApplications,
  readPeople,
  TENANT_ID,
} from './directory-config.ts'
import { createAuthority } from './entra/authority.ts'
import type { Directory } from './entra/directory.ts'
import { signingKey } from './entra/jwt.ts'
import type { Environment, Settings } from './environment.ts'
import { createGithub, takePush, type Push } from './github/github-api.ts'
import { createAssetStore } from './github/routes/releases.ts'
import type { Repository } from './github/repository.ts'
import { createRunnerOidc } from './github/runner-oidc.ts'
import { json, type Handler } from './http/exchange.ts'
import { createFaultScript, type RequestFault } from './http/faults.ts'
import { createLateRequests } from './http/late-requests.ts'
import { createRequestLog, type LoggedRequest } from './http/request-log.ts'
import { serve, type RunningServer, type Service } from './http/serve.ts'
import { createJobFaults } from './jobs/job-faults.ts'
import { jobLog, type LoggedJob } from './jobs/job-log.ts'
import { settleJobs } from './jobs/settle.ts'
import { createWebApi } from './odata/web-api.ts'
import { readSeed } from './seed-files.ts'
import { addApplicationUser, addPersonUser, seedBuiltIns } from './solutions/built-in.ts'
import { seedSolution, type SolutionSeed } from './solutions/seed.ts'

/** What `pnpm emulator` prints in one line when everything listens. */
export interface ReadyLine {
  readonly authority: string
  readonly tenantId: string
  readonly appId: string
  readonly clientSecret: string
  /** Base URLs by environment name. */
  readonly environments: Readonly<Record<string, string>>
  readonly github: string
  readonly admin: string
  readonly oidc: { readonly requestUrl: string; readonly requestToken: string }
  readonly artifacts: string
}

export interface Emulator {
  readonly ready: ReadyLine
  readonly clock: Clock
  /** All requests to all services, in order. */
  requests(): readonly LoggedRequest[]
  /** Can be changed while it runs. */
  readonly settings: Settings
  /** The jobs of one environment, or of all, brought up to the present moment; late requests have arrived that should have. */
  jobs(environment?: string): Promise<readonly LoggedJob[]>
  /** Adds to the fault script. */
  faults(faults: readonly (RequestFault | JobFault)[]): void
  seed(environment: string, seed: SolutionSeed): void
  /** A commit that git brings to the emulated GitHub. */
  push(push: Push): void
  environment(name: string): Environment
  close(): Promise<void>
}

const DEFAULT_ENVIRONMENTS: Readonly<Record<string, EnvironmentConfig>> = {
  dev: { kind: 'developer' },
  test: { kind: 'sandbox' },
  prod: { kind: 'production' },
}

const REQUEST_TOKEN = 'emulated-runner-request-token-that-is-no-secret'
const FAILURE = json(500, { error: { code: '0x80040216', message: 'An unexpected error occurred.' } })

/**
 * Starts all services on free ports of the loopback interface.
 * @throws ConfigError for a configuration that cannot be understood
 */
export async function startEmulator(given: EmulatorConfig = {}): Promise<Emulator> {
  const config = checkConfig(given)
  const baseDir = config.baseDir ?? process.cwd()
  const clock = createClock()
  const settings: Settings = {
    jobSeconds: config.jobSeconds ?? 0.2,
    tokenLifetimeSeconds: config.tokenLifetimeSeconds ?? 3599,
    dateAheadSeconds: config.dateAheadSeconds ?? 0,
    ...(config.limits === undefined ? {} : { limits: config.limits }),
  }
  const [faults, jobFaults, log, late] = [
    createFaultScript(),
    createJobFaults(),
    createRequestLog(),
    createLateRequests(),
  ]
  const addFaults = (list: readonly (RequestFault | JobFault)[]) => {
    faults.add(list.filter((fault): fault is RequestFault => 'fault' in fault))
    jobFaults.add(list.filter((fault): fault is JobFault => 'job' in fault))
  }
  addFaults(config.faults ?? [])

  const subject = config.oidcSubject ?? DEFAULT_SUBJECT
  const environmentConfigs = config.environments ?? DEFAULT_ENVIRONMENTS
  const environments = Object.entries(environmentConfigs).map(
    ([name, { kind, microsoftSolutions, pipelinesHost }]) =>
      createEnvironment({
        name,
        kind: kind ?? 'sandbox',
        tenantId: TENANT_ID,
        clock,
        settings,
        jobFaults,
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
    addUsers(environment, environmentConfigs[environment.name] ?? {}, config, directory)
    for (const path of environmentConfigs[environment.name]?.solutions ?? [])
      seedSolution(environment, await readSeed(path, baseDir))
  }

  const [entraKey, githubKey] = await Promise.all([signingKey('entra'), signingKey('github')])
  const [repositories, artifactsOfRuns] = [new Map<string, Repository>(), new Map<string, Artifact>()]
  const forgetRuns = () => {
    repositories.clear()
    artifactsOfRuns.clear()
  }
  const servers: RunningServer[] = []
  const open = async (service: Service) => {
    const server = await serve(service, {
      clock,
      faults,
      log,
      late,
      dateAheadSeconds: () => settings.dateAheadSeconds,
    })
    servers.push(server)
    return server.origin
  }
  const close = async () => {
    await Promise.all(servers.map((server) => server.close()))
  }
  try {
    const authority = await open({
      name: 'entra',
      failure: FAILURE,
      handle: createAuthority({
        directory,
        clock,
        key: entraKey,
        githubKey,
        tokenLifetime: () => settings.tokenLifetimeSeconds,
      }),
    })
    await Promise.all(
      environments.map(async (environment) => {
        environment.authority = authority
        const handle = createWebApi(environment, entraKey.publicKey)
        environment.origin = await open({
          name: 'dataverse',
          environment: environment.name,
          handle,
          failure: FAILURE,
        })
      }),
    )
    const places = {
      artifacts: artifactsOfRuns,
      uploadFailures: new Set(config.github?.uploadFailures),
      // Known when both servers run, and before anything is asked of them.
      storage: '',
      api: '',
    }
    const githubApi = createGithub(config.github ?? {}, repositories, places, clock)
    const artifacts = await open({
      name: 'artifacts',
      failure: FAILURE,
      handle: createStorage({
        artifacts: createArtifactService(artifactsOfRuns, clock),
        assets: createAssetStore(repositories),
        uploads: githubApi,
      }),
    })
    const oidc = await open({
      name: 'oidc',
      failure: FAILURE,
      handle: createRunnerOidc(
        { subject, repository: 'contoso/orders', ref: 'refs/heads/main', requestToken: REQUEST_TOKEN },
        githubKey,
        clock,
      ),
    })
    const github = await open({ name: 'github', failure: FAILURE, handle: githubApi })
    Object.assign(places, { storage: artifacts, api: github })
    const push = (commit: Push) => takePush(commit, repositories, clock)
    const seed = (name: string, item: SolutionSeed) =>
      seedSolution(environmentNamed(environments, name), item)
    const admin = await open({
      name: 'admin',
      failure: FAILURE,
      handle: createAdmin({
        environments,
        clock,
        settings,
        faults,
        jobFaults,
        addFaults,
        log,
        late,
        seed,
        push,
        forgetRuns,
      }),
    })
    return {
      ready: {
        authority,
        tenantId: TENANT_ID,
        appId: DEFAULT_APP_ID,
        clientSecret: DEFAULT_SECRET,
        environments: Object.fromEntries(environments.map(({ name, origin }) => [name, origin])),
        github,
        admin,
        oidc: { requestUrl: `${oidc}/oidc/token?api-version=2.0`, requestToken: REQUEST_TOKEN },
        artifacts: `${artifacts}/`,
      },
      clock,
      requests: () => log.entries,
      settings,
      async jobs(name) {
        await late.deliver(clock.now())
        const asked = name === undefined ? environments : [environmentNamed(environments, name)]
        for (const environment of asked) await settleJobs(environment)
        return asked.flatMap(jobLog)
      },
      faults: addFaults,
      seed,
      push,
      environment: (name) => environmentNamed(environments, name),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** One store for all that signed addresses lead to, and the host that takes uploads. */
function createStorage(handlers: Readonly<Record<'artifacts' | 'assets' | 'uploads', Handler>>): Handler {
  return (request) => {
    const { path } = request
    if (path.startsWith('/release-assets/')) return handlers.assets(request)
    if (path.startsWith('/uploads.github.com/')) return handlers.uploads(request)
    return handlers.artifacts(request)
  }
}

function environmentNamed(environments: readonly Environment[], name: string): Environment {
  const environment = environments.find((item) => item.name === name)
  if (environment === undefined)
    throw new UserError(
      `There is no environment '${name}'. There are: ${environments.map((item) => item.name).join(', ')}.`,
    )
  return environment
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
