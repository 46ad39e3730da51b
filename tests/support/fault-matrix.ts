import type { Fetch } from '../../packages/dataverse-client/src/index.ts'
import type { RequestFault } from '../../packages/dataverse-emulator/src/index.ts'
import type { Emulated, EmulatedEnvironment } from './emulated.ts'

/** What can go wrong with a request. */
type Fault = { readonly name: string } & (
  | Pick<RequestFault, 'fault' | 'status' | 'headers' | 'body' | 'acted' | 'lateSeconds'>
  | { readonly unanswered: true }
)

/** A fault, and which request of a run meets it, counted from 1. */
export type PlacedFault = Fault & {
  readonly nth: number
  /** Seconds by which the server's `Date` is ahead of its rows, and its rows are ahead of the runner's clock. */
  readonly ahead: number
}

/** A read can be repeated whatever happened, so only the ways in which the client notices differ. */
const readFaults: readonly Fault[] = [
  { name: 'connection reset', fault: 'reset-after' },
  { name: 'half an answer', fault: 'half-answer' },
  { name: '401', fault: 'status', status: 401 },
  { name: '503', fault: 'status', status: 503, headers: { 'retry-after': '7' } },
]

const lostAnswers: readonly Fault[] = [
  { name: 'connection reset before sending', fault: 'reset-before' },
  { name: 'connection reset after the server acted', fault: 'reset-after' },
  { name: 'delivered 130 s after the connection broke', fault: 'late', lateSeconds: 130 },
]

const writeFaults: readonly Fault[] = [
  ...lostAnswers,
  { name: 'delivered 4 s after the connection broke', fault: 'late', lateSeconds: 4 },
  { name: 'delivered 12 s after the connection broke', fault: 'late', lateSeconds: 12 },
  { name: 'half an answer', fault: 'half-answer' },
  { name: '401', fault: 'status', status: 401 },
  { name: '429 with Retry-After', fault: 'status', status: 429, headers: { 'retry-after': '7' } },
  {
    name: '502 with HTML',
    fault: 'status',
    status: 502,
    body: '<html>Bad gateway</html>',
    headers: { 'content-type': 'text/html' },
  },
  { name: '503 after the server acted', fault: 'status', status: 503, acted: true },
  { name: 'an answer after the timeout', unanswered: true },
]

/** How far the clocks are apart while an answer is lost that tells of a job. */
const clocksAhead = [-600, -60, 60, 600]

/** Requests that start a job on the server, by their name. */
const startsJob = /^POST (\w+Async|PublishAllXml)$/

/** Every fault at every request. */
function placedFaults(requests: readonly string[]): readonly PlacedFault[] {
  return requests.flatMap((request, index) => {
    const place = (faults: readonly Fault[], ahead: number): readonly PlacedFault[] =>
      faults.map((fault) => ({ ...fault, nth: index + 1, ahead }))
    if (request.startsWith('GET ')) return place(readFaults, 0)
    const clocks = startsJob.test(request) ? clocksAhead : []
    return [...place(writeFaults, 0), ...clocks.flatMap((ahead) => place(lostAnswers, ahead))]
  })
}

/** The way to one environment, on the emulator's clock, with at most one fault on it. */
export interface FaultyConnection {
  readonly deps: {
    readonly fetch: Fetch
    clock(): number
    sleep(ms: number): Promise<void>
    timeoutSignal(): AbortSignal
  }
  /** The requests that the environment was sent, such as `POST StageSolution`. */
  sent(): readonly string[]
  /** Whether the fault came to pass. */
  met(): boolean
}

export function faultyConnection(
  { emulator, http }: Emulated,
  { name, url }: EmulatedEnvironment,
  fault: PlacedFault | undefined,
): FaultyConnection {
  if (fault !== undefined && 'fault' in fault) {
    const { name: _, ahead: __, ...entry } = fault
    emulator.faults([{ ...entry, environment: name }])
  }
  const ahead = fault?.ahead ?? 0
  emulator.settings.dateAheadSeconds = ahead
  const sent: string[] = []
  let timeout = new AbortController()
  let wasLate = false
  return {
    deps: {
      clock: () => emulator.clock.now() - ahead * 1000,
      async sleep(ms) {
        emulator.clock.advance(ms)
      },
      timeoutSignal() {
        timeout = new AbortController()
        return timeout.signal
      },
      async fetch(target, init) {
        if (!String(target).startsWith(url)) return http.fetch(target, init)
        sent.push(`${init?.method ?? 'GET'} ${/v9\.\d\/(\w+)/.exec(String(target))?.[1] ?? ''}`)
        const answer = await http.fetch(target, init)
        if (fault === undefined || !('unanswered' in fault) || sent.length !== fault.nth) return answer
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
  readonly requests: readonly string[]
  readonly met: boolean
}

/**
 * Runs a flow once undisturbed, then once for each fault at each of its requests, and prints how many of those runs
 * ended as they should.
 *
 * @param flow name of the flow
 * @param run in an environment of its own
 * @param expectRight expects what every run must end with, the undisturbed one as well
 * @param at which requests meet faults; all of them, unless another flow sends the rest in the same way
 */
export async function expectToSurvive<Run extends FaultyRun>(
  flow: string,
  run: (fault?: PlacedFault) => Promise<Run>,
  expectRight: (ended: Run, fault?: PlacedFault) => void,
  at = /^/,
): Promise<void> {
  const calm = await run()
  expectRight(calm)
  const faults = placedFaults(calm.requests).filter(({ nth }) => at.test(calm.requests[nth - 1] ?? ''))
  const wrong: unknown[] = []
  for (const fault of faults) {
    const ended = await run(fault)
    try {
      expect(ended.met).toBe(true)
      expectRight(ended, fault)
    } catch {
      const { name, nth, ahead } = fault
      wrong.push({ ...ended, fault: name, ahead, requests: `${nth}: ${calm.requests[nth - 1]}` })
    }
  }
  process.stdout.write(
    `${flow}: ${faults.length - wrong.length} of ${faults.length} faults survived (${calm.requests.length} requests)\n`,
  )
  expect(wrong).toEqual([])
}
