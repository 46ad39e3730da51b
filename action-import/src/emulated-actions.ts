import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jest } from '@jest/globals'
import { startEmulator } from '@dsa/dataverse-emulator'
import type { Emulator, EmulatorConfig, LoggedRequest } from '@dsa/dataverse-emulator'
import { runBuiltAction } from './built-action.ts'
import type { ActionOptions, ActionRun } from './built-action.ts'
import { solutionArchive } from './scripted-environment.ts'
import type { ArchiveSpec } from './scripted-environment.ts'

/** Test support: the built action against an emulator with many environments, one for each run. */

export interface EmulatedAction extends ActionRun {
  readonly environment: string
  /** What the action asked the emulator for, token requests included. */
  readonly requests: readonly LoggedRequest[]
}

export interface ActOptions extends Omit<Partial<ActionOptions>, 'inputs'> {
  /** A fresh environment when left out. */
  readonly environmentName?: string
  /** Gives no tenant, application or secret: the inputs bring their own credentials. */
  readonly bare?: boolean
}

const ENVIRONMENTS = 40

/** Folder and emulator live from before the first test of a file to after its last. */
export const emulatedActions = (config: EmulatorConfig = {}) => {
  // Each test starts processes, which a busy machine does slowly.
  jest.setTimeout(60_000)
  let emulator: Emulator | undefined
  let folder = ''
  let next = 0

  beforeAll(async () => {
    const sandboxes = Array.from({ length: ENVIRONMENTS }, (_, index) => [
      `e${index}`,
      { kind: 'sandbox' as const },
    ])
    emulator = await startEmulator({
      ...config,
      environments: {
        ...Object.fromEntries(sandboxes),
        production: { kind: 'production' },
        ...config.environments,
      },
    })
    folder = await mkdtemp(join(tmpdir(), 'workspace-'))
    const archives: Readonly<Record<string, ArchiveSpec>> = {
      'core.zip': { version: '1.1.0.0' },
      'unmanaged.zip': { managed: false },
    }
    for (const [name, spec] of Object.entries(archives)) {
      await writeFile(join(folder, name), await solutionArchive(spec))
    }
    await writeFile(join(folder, 'broken.zip'), 'PK')
  })

  afterAll(async () => {
    await emulator?.close()
    await rm(folder, { recursive: true, force: true })
  })

  const server = (): Emulator => {
    if (emulator === undefined) throw new Error('The emulator does not run.')
    return emulator
  }
  const freshEnvironment = (): string => `e${next++}`

  return {
    server,
    workspace: () => folder,
    freshEnvironment,
    /** The messages and ends of the jobs that ran in an environment. */
    jobsOf: async (environment: string): Promise<readonly string[]> => {
      const jobs = await server().jobs()
      return jobs
        .filter((job) => job.environment === environment)
        .map(({ message, state }) => `${message} ${state}`)
    },
    /** A fresh environment that has `core` as described. */
    seeded: async (spec: ArchiveSpec): Promise<{ environmentName: string }> => {
      const environmentName = freshEnvironment()
      server().seed(environmentName, { source: 'before', archive: await solutionArchive(spec) })
      return { environmentName }
    },
    act: async (inputs: Readonly<Record<string, string>>, more: ActOptions = {}): Promise<EmulatedAction> => {
      const { ready } = server()
      const environment = more.environmentName ?? freshEnvironment()
      const ids = { 'tenant-id': ready.tenantId, 'app-id': ready.appId, 'client-secret': ready.clientSecret }
      const first = server().requests().length
      const run = await runBuiltAction({
        workspace: folder,
        ...more,
        inputs: {
          'solution-file': 'core.zip',
          'environment-url': ready.environments[environment] ?? '',
          authority: ready.authority,
          ...(more.bare !== true && ids),
          ...inputs,
        },
        environment: {
          ACTIONS_ID_TOKEN_REQUEST_URL: ready.oidc.requestUrl,
          ACTIONS_ID_TOKEN_REQUEST_TOKEN: ready.oidc.requestToken,
          ...more.environment,
        },
      })
      return { ...run, environment, requests: server().requests().slice(first) }
    },
  }
}
