import { UserError } from '@dsa/user-error'
import type { DataverseClient } from '../pipeline/client.ts'
import { isCustomizationLock } from '../pipeline/error-code.ts'
import { DataverseError, LostAnswerError } from '../pipeline/errors.ts'
import { knownJobs, newJob } from './own-jobs.ts'
import type { JobKind, KnownJobs } from './own-jobs.ts'
import { openQueue } from '../pipeline/queue.ts'
import type { Queue } from '../pipeline/queue.ts'
import { whoAmI } from '../identity/who-am-i.ts'

/** Whether the operation was started cannot be decided, so nothing is sent again. */
export class UnknownOutcomeError extends UserError {
  override readonly name = 'UnknownOutcomeError'
}

export interface StartedOperation {
  readonly asyncOperationId: string
  /** Missing when the job was found by looking and has not begun yet. */
  readonly importJobId: string | undefined
  /**
   * True when the answer was lost and the job was found by looking: it may be one that the same caller started for the
   * same solution elsewhere at this moment. What it was shows when it has ended.
   */
  readonly isFound?: boolean
}

/**
 * Why a request is prepared:
 * - `first`: nothing was sent yet;
 * - `waited`: another solution operation held the environment or ended just now, so what was read before is out of date;
 * - `lost`: the answer was lost, certainly nothing was started, and the upload that it named is gone;
 * - `expired`: the service no longer knows the upload that the request named.
 */
export type SendReason = 'first' | 'waited' | 'lost' | 'expired'

/** A job that must not be started twice. */
export interface Start<Request, Started extends StartedOperation = StartedOperation> extends JobKind {
  /** For messages: `Import of 'contoso_core' 1.2.0.0`. */
  readonly what: string
  /**
   * Makes the request, anew before each sending: whoever waited looks again and decides again. What it throws ends the
   * start, and nothing is sent.
   */
  readonly prepare: (reason: SendReason) => Promise<Request>
  /** Sends the request once, with `whenBusy: 'refuse'`, so that all waiting for the environment happens here. */
  readonly send: (request: Request) => Promise<Started>
  /**
   * Sees to it that a request whose answer was lost starts nothing, or nothing that matters, if it arrives only later.
   * False where that is not certain; then it is never sent again, as without a fence.
   */
  readonly fence?: (request: Request) => Promise<boolean>
  /** What the job changes, in a few words, such as the installed version. When it changed, something did start. */
  readonly state?: () => Promise<string>
  /** The state that the caller decided from. When it is another right before the sending, the request is prepared anew. */
  readonly decidedFrom?: string
  /** A refusal that only says that the request waited too long to be sent. It is prepared anew, once. */
  readonly isExpired?: (error: DataverseError) => boolean
  /** Time for waiting that is shared with other work. */
  readonly queue?: Queue
  /** What to do after an unknown outcome. */
  readonly advice: string
}

/** The first sending and two more, each only after it is certain that the one before started nothing. */
const MAX_SENDS = 3

/**
 * Reads the ids out of an answer that was a success.
 * @throws LostAnswerError when they are not there: something was started, or not
 */
export function idsIn<Ids>(label: string, read: () => Ids): Ids {
  try {
    return read()
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause
    throw new LostAnswerError(`${label} was sent, and its answer names no job: ${cause.message}`, { cause })
  }
}

/** Waits before each look at the jobs, while the lost request may still start one. */
const FIRST_LOOKS_MS = [0, 2_000, 5_000]
/** Behind the fence: a row can appear a moment after its job was accepted. */
const FENCED_LOOKS_MS = [3_000, 10_000]
/** Without one. */
const UNFENCED_LOOKS_MS = [15_000, 30_000, 60_000]

/**
 * Starts a job that must not be started twice. The jobs that are there are noted before the first sending. When the
 * answer is lost, a job that was not there before is ours and is followed. When there is none, the fence makes sure that
 * there will be none, and after one more look it is sent again.
 * @throws UnknownOutcomeError when that cannot be decided
 * @throws EnvironmentBusyError when other operations held the environment for too long
 */
export async function startOnce<Request, Started extends StartedOperation>(
  client: DataverseClient,
  start: Start<Request, Started>,
): Promise<Started | StartedOperation> {
  // Asked before anything is sent: it is needed to recognise our own job, and may not be reachable later.
  const { userId } = await whoAmI(client)
  const queue = start.queue ?? openQueue(client)
  const look = (): Promise<KnownJobs> => knownJobs(client, start, userId)
  let before: Snapshot | undefined
  let lost: LostAnswerError | undefined
  let reason: SendReason = 'first'
  for (let sends = 1; ;) {
    let request = await start.prepare(reason)
    // Once an answer was lost, everything since then may be its job.
    if (before === undefined || lost === undefined) before = await snapshot(start, look)
    if (start.decidedFrom !== undefined && before.state !== start.decidedFrom) {
      request = await start.prepare('waited')
    }
    try {
      return await start.send(request)
    } catch (error) {
      if (error instanceof LostAnswerError) {
        lost = error
        reason = 'lost'
        const found = await findStarted(client, start, request, before, look, lost)
        if (found !== undefined) return found
        if (sends === MAX_SENDS) throw unknown(start, lost)
        sends++
        client.log.notice(`${start.what}: it was certainly not started; sending it again.`)
        continue
      }
      if (!(error instanceof DataverseError)) throw error
      if (isCustomizationLock(error.code, error.serverMessage)) {
        await queue.wait(error.serverMessage, error.retryAfterMs)
        reason = 'waited'
        continue
      }
      if (reason !== 'expired' && start.isExpired?.(error) === true) {
        reason = 'expired'
        continue
      }
      // Refused because the lost request did arrive, or for a reason of its own.
      const found = lost && newJob(start, before.jobs, await look())
      if (found !== undefined && typeof found !== 'string') return followed(client, start, found)
      if (lost !== undefined && (await start.state?.()) !== before.state) throw unknown(start, lost)
      throw error
    }
  }
}

interface Snapshot {
  readonly jobs: KnownJobs
  readonly state: string | undefined
}

async function snapshot(
  { state }: Pick<Start<never>, 'state'>,
  look: () => Promise<KnownJobs>,
): Promise<Snapshot> {
  return { jobs: await look(), state: await state?.() }
}

/** The job that a lost request started, or `undefined` when there certainly is none and will be none. */
async function findStarted<Request, Started extends StartedOperation>(
  client: DataverseClient,
  start: Start<Request, Started>,
  request: Request,
  before: Snapshot,
  look: () => Promise<KnownJobs>,
  lost: LostAnswerError,
): Promise<StartedOperation | undefined> {
  client.log.notice(`${start.what}: the answer was lost; looking for the job before anything is sent again.`)
  client.log.info(lost.message)
  let undecided = false
  const lookAfter = async (waits: readonly number[]): Promise<StartedOperation | undefined> => {
    for (const waitMs of waits) {
      if (waitMs > 0) await client.sleep(waitMs)
      const found = newJob(start, before.jobs, await look())
      undecided = found === 'several'
      if (typeof found !== 'string') return followed(client, start, found)
    }
    return undefined
  }
  const atOnce = await lookAfter(FIRST_LOOKS_MS)
  if (atOnce !== undefined) return atOnce
  const fenced = !undecided && (await start.fence?.(request)) === true
  const later = await lookAfter(fenced ? FENCED_LOOKS_MS : UNFENCED_LOOKS_MS)
  if (later !== undefined) return later
  if (!fenced || undecided || (await start.state?.()) !== before.state) throw unknown(start, lost)
  return undefined
}

function followed(
  { log }: DataverseClient,
  { what }: Pick<Start<never>, 'what'>,
  { operation, importJobId }: Exclude<ReturnType<typeof newJob>, string>,
): StartedOperation {
  log.notice(`${what}: it was started as async operation ${operation.id}; following it.`)
  return { asyncOperationId: operation.id, importJobId, isFound: true }
}

function unknown(
  { what, solutionName, advice }: Pick<Start<never>, 'what' | 'solutionName' | 'advice'>,
  cause: LostAnswerError,
): UnknownOutcomeError {
  return new UnknownOutcomeError(
    `${what}: whether it was started is not known, so it was not sent again. ${cause.message} Look at Solutions, ` +
      `History in the environment for '${solutionName}'. ${advice}`,
    { cause },
  )
}
