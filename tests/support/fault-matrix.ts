import type { Fetch } from '../../packages/dataverse-client/src/index.ts'
import type { FaultKind } from '../../packages/dataverse-emulator/src/index.ts'
import type { Emulated, EmulatedEnvironment } from './emulated.ts'

/** What can go wrong with a request. */
type Fault = { readonly name: string } & (
  | {
      readonly fault: FaultKind
      readonly status?: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: unknown
      readonly acted?: boolean
    }
  | { readonly late: true }
)

/** A fault, and which request of a run meets it, counted from 1. */
export type PlacedFault = Fault & { readonly nth: number }

const faults: readonly Fault[] = [
  { name: 'connection reset before sending', fault: 'reset-before' },
  { name: 'connection reset after the server acted', fault: 'reset-after' },
  { name: 'half an answer', fault: 'half-answer' },
  { name: '401', fault: 'status', status: 401 },
  { name: '429 with Retry-After', fault: 'status', status: 429, headers: { 'retry-after': '7' } },
  { name: '500 after the server acted', fault: 'status', status: 500, acted: true },
  {
    name: '502 with HTML',
    fault: 'status',
    status: 502,
    body: '<html>Bad gateway</html>',
    headers: { 'content-type': 'text/html' },
  },
  { name: '503 after the server acted', fault: 'status', status: 503, acted: true },
  { name: 'an answer after the timeout', late: true },
]

/** The way to one environment, on the emulator's clock, with at most one fault on it. */
export interface FaultyConnection {
  readonly deps: {
    readonly fetch: Fetch
    clock(): number
    sleep(ms: number): Promise<void>
    timeoutSignal(): AbortSignal
  }
  /** How many requests the environment was sent. */
  sent(): number
  /** Whether the fault came to pass. */
  met(): boolean
}

export function faultyConnection(
  { emulator, http }: Emulated,
  { name, url }: EmulatedEnvironment,
  fault: PlacedFault | undefined,
): FaultyConnection {
  if (fault !== undefined && 'fault' in fault) {
    const { name: _, ...entry } = fault
    emulator.faults([{ ...entry, environment: name }])
  }
  let sent = 0
  let timeout = new AbortController()
  let wasLate = false
  return {
    deps: {
      clock: () => emulator.clock.now(),
      async sleep(ms) {
        emulator.clock.advance(ms)
      },
      timeoutSignal() {
        timeout = new AbortController()
        return timeout.signal
      },
      async fetch(target, init) {
        if (!String(target).startsWith(url)) return http.fetch(target, init)
        sent++
        const answer = await http.fetch(target, init)
        if (fault === undefined || !('late' in fault) || sent !== fault.nth) return answer
        await answer.text()
        wasLate = true
        timeout.abort()
        throw new Error('aborted')
      },
    },
    sent: () => sent,
    met: () =>
      wasLate ||
      emulator.requests().some((request) => request.environment === name && request.fault !== undefined),
  }
}

/** How a run ended that used a {@link FaultyConnection}. */
export interface FaultyRun {
  readonly requests: number
  readonly met: boolean
}

/**
 * Runs a flow once undisturbed, then once for each fault at each of its requests, and prints how many of those runs
 * ended as they should.
 *
 * @param flow name of the flow
 * @param run in an environment of its own
 * @param right what every run must end with, the undisturbed one as well
 */
export async function expectToSurvive<Run extends FaultyRun>(
  flow: string,
  run: (fault?: PlacedFault) => Promise<Run>,
  right: Partial<Run>,
): Promise<void> {
  const { requests, ...calm } = await run()
  expect(calm).toMatchObject(right)
  const wrong: unknown[] = []
  let runs = 0
  for (const fault of faults) {
    for (let nth = 1; nth <= requests; nth++) {
      const ended = await run({ ...fault, nth })
      runs++
      try {
        expect(ended).toMatchObject({ ...right, met: true })
      } catch {
        wrong.push({ fault: fault.name, nth, ...ended })
      }
    }
  }
  process.stdout.write(`${flow}: ${runs - wrong.length} of ${runs} faults survived (${requests} requests)\n`)
  expect(wrong).toEqual([])
}
