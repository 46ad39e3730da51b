import { jest } from '@jest/globals'
import { createHttp } from '@dsa/dataverse-client'
import type { Fetch } from '@dsa/dataverse-client'
import { startEmulator } from '@dsa/dataverse-emulator'
import type { Emulator, EmulatorConfig } from '@dsa/dataverse-emulator'
import { run } from '../run.ts'
import { inputs, world } from './scripted-environment.ts'
import type { World } from './scripted-environment.ts'

/** Test support: an import in this process against the emulator, whose clock moves when somebody sleeps. */

// Jobs of hours are hundreds of requests, which a busy machine answers slowly.
jest.setTimeout(60_000)

export interface EmulatedRun extends World {
  readonly result: Readonly<Record<string, unknown>>
  readonly failure: string
}

/** Waited for before each request, whose number counts from 0. */
export type BeforeRequest = (index: number, url: string) => Promise<void>

function fetchAfter(fetch: Fetch, beforeRequest: BeforeRequest | undefined): Fetch {
  let index = 0
  return async (url, init) => {
    await beforeRequest?.(index++, String(url))
    return fetch(url, init)
  }
}

/** Starts an emulator with a stopped clock for the time of `work`. */
export async function withEmulator(
  config: EmulatorConfig,
  work: (
    emulator: Emulator,
    act: (
      environment: string,
      change: Parameters<typeof inputs>[0],
      beforeRequest?: BeforeRequest,
    ) => Promise<EmulatedRun>,
  ) => Promise<void>,
  root: string,
): Promise<void> {
  const emulator = await startEmulator(config)
  const http = createHttp({ env: {} })
  emulator.clock.stop()
  const { ready, clock } = emulator
  try {
    await work(emulator, async (environment, change, beforeRequest) => {
      const own = world(root)
      const connection = {
        environmentUrl: ready.environments[environment],
        authority: ready.authority,
        tenantId: ready.tenantId,
        appId: ready.appId,
        clientSecret: ready.clientSecret,
        cloud: 'Public' as const,
      }
      const deps = {
        ...own.deps,
        fetch: fetchAfter(http.fetch, beforeRequest),
        clock: () => clock.now(),
        async sleep(ms: number) {
          clock.advance(ms)
        },
        timeoutSignal: () => new AbortController().signal,
      }
      try {
        const returned = await run(inputs({ connection, ...change }), deps)
        return { ...own, result: { ...own.outputs, ...returned }, failure: '' }
      } catch (error) {
        return { ...own, result: own.outputs, failure: String(error) }
      }
    })
  } finally {
    await http.close()
    await emulator.close()
  }
}
