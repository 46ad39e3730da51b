import { UserError } from '@dsa/user-error'
import type { Clock } from './clock.ts'
import type { EmulatorConfig } from './config.ts'
import type { Environment, Settings } from './environment.ts'
import { takePush, type Push } from './github/github-api.ts'
import type { RequestFault } from './http/faults.ts'
import type { LoggedRequest } from './http/request-log.ts'
import { serve, type RunningServer } from './http/serve.ts'
import type { JobFault } from './jobs/job-fault.ts'
import { jobLog, type LoggedJob } from './jobs/job-log.ts'
import { settleJobs } from './jobs/settle.ts'
import { openServices, type Entries, type ReadyLine } from './services.ts'
import { seedSolution, type SolutionSeed } from './solutions/seed.ts'
import { addFaults, createWorld } from './world.ts'

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

/**
 * Starts all services on free ports of the loopback interface.
 * @throws ConfigError for a configuration that cannot be understood
 */
export async function startEmulator(given: EmulatorConfig = {}): Promise<Emulator> {
  const world = await createWorld(given)
  const { clock, settings, log, late, environments } = world
  const entries: Entries = {
    seed: (name, item) => seedSolution(environmentNamed(environments, name), item),
    push: (commit) => takePush(commit, world.repositories, clock),
  }
  const around = { ...world, dateAheadSeconds: () => settings.dateAheadSeconds }
  const servers: RunningServer[] = []
  const close = async () => {
    await Promise.all(servers.map((server) => server.close()))
  }
  try {
    const ready = await openServices(world, entries, async (service) => {
      const server = await serve(service, around)
      servers.push(server)
      return server.origin
    })
    return {
      ready,
      clock,
      requests: () => log.entries,
      settings,
      async jobs(name) {
        await late.deliver(clock.now())
        const asked = name === undefined ? environments : [environmentNamed(environments, name)]
        for (const environment of asked) await settleJobs(environment)
        return asked.flatMap(jobLog)
      },
      faults: (list) => addFaults(world, list),
      ...entries,
      environment: (name) => environmentNamed(environments, name),
      close,
    }
  } catch (error) {
    await close()
    throw error
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
