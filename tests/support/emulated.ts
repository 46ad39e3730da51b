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
  /** An environment that no other test uses, with a solution in it. */
  environment(solution?: SolutionSketch): Promise<EmulatedEnvironment>
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

const environments = Array.from({ length: 100 }, (_, index) => `e${index}`)

export async function emulate(config: EmulatorConfig = {}): Promise<Emulated> {
  const emulator = await startEmulator({
    environments: Object.fromEntries(environments.map((name) => [name, { kind: 'sandbox' }])),
    ...config,
  })
  const http = createHttp({ env: {} })
  const { authority, tenantId, appId, clientSecret, environments: urls } = emulator.ready
  const free = environments.values()
  return {
    emulator,
    http,
    async environment(solution) {
      const name = free.next().value ?? ''
      const url = urls[name] ?? ''
      if (solution !== undefined)
        emulator.seed(name, { source: 'test', archive: await makeArchive(solution) })
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
