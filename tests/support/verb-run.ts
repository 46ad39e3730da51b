import type { ConnectedDeps } from '../../packages/connected-action/src/index.ts'
import type { EmulatorConfig } from '../../packages/dataverse-emulator/src/index.ts'
import { emulate, type Emulated, type EmulatedEnvironment } from './emulated.ts'
import { type FaultyRun, faultyConnection, type PlacedFault } from './fault-matrix.ts'
import { readWith } from './inputs-read.ts'
import { recordedDeps } from './recorded-deps.ts'

const reader = {
  appId: '0a11ce00-0000-4000-8000-000000000008',
  secret: 'a-secret-that-is-long-enough-0001',
  roles: ['Basic User'],
}

/** The inputs of an application that may read and nothing more, where a verb is to name the right that is missing. */
export const asReader = { 'app-id': reader.appId, 'client-secret': reader.secret }

/** An emulator for the tests of a verb: it knows the reader, and its clock moves only when it is told to. */
export async function emulateForVerb(config: EmulatorConfig = {}, count?: number): Promise<Emulated> {
  const emulated = await emulate({ ...config, clients: [reader] }, count)
  emulated.emulator.clock.stop()
  return emulated
}

/** An action with an environment, in this process, on the emulator's clock, which its test has stopped. */
export interface VerbUnderTest<Inputs> {
  /** Its folder. */
  readonly action: string
  readonly readInputs: () => Inputs
  readonly run: (inputs: Inputs, deps: ConnectedDeps) => Promise<Readonly<Record<string, unknown>>>
}

/** Has the application of the tests start a job by hand, which runs for so long. */
export async function startJob(
  { emulator }: Emulated,
  { name, url }: EmulatedEnvironment,
  message: string,
  { seconds, body = {} }: { readonly seconds: number; readonly body?: unknown },
): Promise<void> {
  emulator.faults([{ job: message, environment: name, seconds }])
  const { authority, tenantId, appId, clientSecret } = emulator.ready
  const form = new URLSearchParams({
    client_id: appId,
    client_secret: clientSecret,
    grant_type: 'client_credentials',
    scope: `${url}/.default`,
  })
  const answer = await fetch(`${authority}/${tenantId}/oauth2/v2.0/token`, { method: 'POST', body: form })
  const token = /"access_token":"([^"]+)"/.exec(await answer.text())?.[1] ?? ''
  await fetch(`${url}/api/data/v9.2/${message}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

export interface VerbRun extends FaultyRun {
  /** The message of the error that ended it; '' when it ended well. */
  readonly failure: string
  readonly outputs: Readonly<Record<string, unknown>>
  readonly lines: readonly string[]
  readonly summary: readonly string[]
  /** Messages and ends of the jobs that ran in the environment, in order. */
  readonly jobs: readonly string[]
}

/**
 * Runs an action in an environment, with at most one fault on the way.
 *
 * @param root what relative paths count from
 */
export async function runVerb<Inputs>(
  { action, readInputs, run }: VerbUnderTest<Inputs>,
  emulated: Emulated,
  environment: EmulatedEnvironment,
  inputs: Readonly<Record<string, string>>,
  { fault, root = '.' }: { readonly fault?: PlacedFault | undefined; readonly root?: string } = {},
): Promise<VerbRun> {
  const { emulator } = emulated
  const way = faultyConnection(emulated, environment, fault)
  const { deps, lines, outputs, summary } = recordedDeps(root, emulator.clock)
  const given = readWith(action, readInputs, { ...environment.connection, ...inputs })
  const before = emulator.requests().length
  let failure = ''
  let returned: Readonly<Record<string, unknown>> = {}
  try {
    returned = await run(given.inputs, { ...deps, ...way.deps })
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error)
  }
  // Whatever is still on its way arrives.
  if (emulator.requests().length > before) emulator.clock.advance(600_000)
  const jobs = (await emulator.jobs(environment.name)).map(({ message, state }) => `${message} ${state}`)
  return {
    failure,
    outputs: { ...outputs, ...returned },
    lines,
    summary,
    jobs,
    requests: way.sent(),
    met: way.met(),
  }
}
