import { DynamicsWebApi } from 'dynamics-web-api'
import { makeArchive } from './solution-archive.ts'
import { pick, type Kit } from './with-emulator.ts'

/** The npm client as its users set it up; nothing about it knows that it talks to an emulator. */
export function client(kit: Kit, environment: string): DynamicsWebApi {
  return new DynamicsWebApi({
    serverUrl: kit.emulator.ready.environments[environment] ?? '',
    dataApi: { version: '9.2' },
    onTokenRefresh: () => kit.token(environment),
  })
}

export function statusOf(error: unknown): unknown {
  return pick(error, 'status')
}

export async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('It was expected to fail.')
}

export async function base64(sketch: Parameters<typeof makeArchive>[0]): Promise<string> {
  return Buffer.from(await makeArchive(sketch)).toString('base64')
}
