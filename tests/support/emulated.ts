import { createHttp, type Http } from '../../packages/dataverse-client/src/index.ts'
import {
  type Emulator,
  type EmulatorConfig,
  startEmulator,
} from '../../packages/dataverse-emulator/src/index.ts'
import {
  makeArchive,
  type SolutionSketch,
} from '../../packages/dataverse-emulator/src/testing/solution-archive.ts'

/** An emulator for the tests of one file, with an empty environment for each of them. */
export interface Emulated {
  readonly emulator: Emulator
  readonly http: Http
  /** An environment that no other test uses, with solutions in it, described or as archives. */
  environment(...solutions: readonly (SolutionSketch | Uint8Array)[]): Promise<EmulatedEnvironment>
  close(): Promise<void>
}

export interface EmulatedEnvironment {
  readonly name: string
  readonly url: string
  /** The connection inputs of the application that may do everything here. */
  readonly connection: Readonly<Record<string, string>>
  /** Requests to this environment: method, path from the root of the Web API, and body. */
  requests(): readonly { readonly method: string; readonly path: string; readonly body: unknown }[]
}

/** @param count how many empty environments to start with, sandboxes named `e0`, `e1` and so on */
export async function emulate(config: EmulatorConfig = {}, count = 100): Promise<Emulated> {
  const names = Array.from({ length: count }, (_, index) => `e${index}`)
  const emulator = await startEmulator({
    ...config,
    environments: {
      ...Object.fromEntries(names.map((name) => [name, { kind: 'sandbox' as const }])),
      ...config.environments,
    },
  })
  const http = createHttp({ env: {} })
  const { authority, tenantId, appId, clientSecret, environments: urls } = emulator.ready
  const free = names.values()
  return {
    emulator,
    http,
    async environment(...solutions) {
      const name = free.next().value
      if (name === undefined) throw new Error(`All of the ${count} environments are in use.`)
      const url = urls[name] ?? ''
      for (const solution of solutions) {
        const archive = solution instanceof Uint8Array ? solution : await makeArchive(solution)
        emulator.seed(name, { source: 'test', archive })
      }
      return {
        name,
        url,
        connection: {
          'environment-url': url,
          authority,
          'tenant-id': tenantId,
          'app-id': appId,
          'client-secret': clientSecret,
        },
        requests: () =>
          emulator
            .requests()
            .filter(({ environment }) => environment === name)
            .map(({ method, path, body }) => ({
              method,
              path: path.replace(/^\/api\/data\/v9\.\d\//, ''),
              body,
            })),
      }
    },
    async close() {
      await http.close()
      await emulator.close()
    },
  }
}
