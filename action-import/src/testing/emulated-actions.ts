import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Emulator, EmulatorConfig, LoggedRequest } from '@dsa/dataverse-emulator'
import { type Emulated, emulate } from '../../../tests/support/emulated.ts'
import { builtAction, startStep, type Step, type StepResult } from '../../../tests/support/run-action.ts'
import { solutionArchive } from './scripted-environment.ts'
import type { ArchiveSpec } from './scripted-environment.ts'

/** Test support: the built action against an emulator with many environments, one for each run. */

export interface EmulatedAction extends StepResult {
  readonly environment: string
  /** What the action asked the emulator for, token requests included. */
  readonly requests: readonly LoggedRequest[]
}

export interface ActOptions {
  readonly environment?: Readonly<Record<string, string>>
  /** A fresh environment when left out. */
  readonly environmentName?: string
  /** Gives no tenant, application or secret: the inputs bring their own credentials. */
  readonly bare?: boolean
  /** What happens as soon as the log holds a text. */
  readonly whenLogged?: readonly [text: string, work: (step: Step) => void]
}

/** Folder and emulator live from before the first test of a file to after its last. */
export function emulatedActions(config: EmulatorConfig = {}) {
  let emulated: Emulated | undefined
  let folder = ''

  beforeAll(async () => {
    const environments = { production: { kind: 'production' as const }, ...config.environments }
    emulated = await emulate({ ...config, environments }, 40)
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
    await emulated?.close()
    await rm(folder, { recursive: true, force: true })
  })

  const running = (): Emulated => {
    if (emulated === undefined) throw new Error('The emulator does not run.')
    return emulated
  }
  const server = (): Emulator => running().emulator
  const freshEnvironment = async (): Promise<string> => (await running().environment()).name

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
      const { name } = await running().environment(await solutionArchive(spec))
      return { environmentName: name }
    },
    act: async (inputs: Readonly<Record<string, string>>, more: ActOptions = {}): Promise<EmulatedAction> => {
      const { ready } = server()
      const environment = more.environmentName ?? (await freshEnvironment())
      const ids = { 'tenant-id': ready.tenantId, 'app-id': ready.appId, 'client-secret': ready.clientSecret }
      const first = server().requests().length
      const step = startStep(
        builtAction('import'),
        {
          'solution-file': 'core.zip',
          'environment-url': ready.environments[environment] ?? '',
          authority: ready.authority,
          ...(more.bare !== true && ids),
          ...inputs,
        },
        {
          workspace: folder,
          environment: {
            ACTIONS_ID_TOKEN_REQUEST_URL: ready.oidc.requestUrl,
            ACTIONS_ID_TOKEN_REQUEST_TOKEN: ready.oidc.requestToken,
            ...more.environment,
          },
        },
      )
      const [text, work] = more.whenLogged ?? []
      if (text !== undefined) await step.logged(text).then(() => work?.(step))
      return { ...(await step.ended), environment, requests: server().requests().slice(first) }
    },
  }
}
