import { UserError } from '@dsa/user-error'
import { listAsyncOperations } from './async-operations.ts'
import type { AsyncOperation } from './async-operations.ts'
import type { DataverseClient } from './client.ts'
import { LostAnswerError } from './errors.ts'
import { listImportJobs } from './import-jobs.ts'
import { moment } from './query.ts'
import { listSolutionOperations } from './solution-operations.ts'
import { whoAmI } from './who-am-i.ts'

/** Whether the operation was started cannot be decided, so nothing is sent again. */
export class UnknownOutcomeError extends UserError {
  override readonly name = 'UnknownOutcomeError'
}

export interface StartedOperation {
  readonly asyncOperationId: string
  /** Missing when the job was found by looking and has not begun yet. */
  readonly importJobId: string | undefined
  /** True when the answer was lost and the job was found by looking for it. */
  readonly recovered: boolean
}

export interface StartOptions<Started extends StartedOperation = StartedOperation> {
  /** For messages: `Import of 'contoso_core' 1.2.0.0`. */
  readonly what: string
  /** Message names that the job can carry, such as `ImportSolutionAsync`. */
  readonly messages: readonly string[]
  readonly solutionName: string
  /** Whether jobs of this kind have an import job, which names their solution. */
  readonly hasImportJob: boolean
  /** Ids of async operations that were started before and are not it. */
  readonly earlier?: readonly string[]
  readonly send: () => Promise<Started>
}

/** The first sending and two more, each only after it is certain that the one before started nothing. */
const MAX_SENDS = 3

/** When to look for a job whose answer was lost, in milliseconds after the look before. */
const LOOKS_MS = [0, 2_000, 5_000, 15_000, 30_000, 60_000]

/** How much the two clocks may differ although the server's `Date` was read, which counts whole seconds. */
const SKEW_MS = 5_000

/**
 * Starts a job that must not be started twice. When the answer is lost, the job is looked for by message, caller,
 * solution and time; only when it is certain that there is none is it sent again.
 * @throws UnknownOutcomeError when that cannot be decided
 */
export const startOnce = async <Started extends StartedOperation>(
  client: DataverseClient,
  options: StartOptions<Started>,
): Promise<Started | StartedOperation> => {
  // Asked before anything is sent: it is needed to recognise our own job, and may not be reachable later.
  const { userId } = await whoAmI(client)
  for (let sends = 1; ; sends++) {
    try {
      return await options.send()
    } catch (error) {
      if (!(error instanceof LostAnswerError)) throw error
      client.log.notice(
        `${options.what}: the answer was lost; looking for the job before anything is sent again.`,
      )
      client.log.info(error.message)
      const found = await findStarted(client, options, userId, error)
      if (found !== undefined) {
        client.log.notice(
          `${options.what}: it was started as async operation ${found.asyncOperationId}; following it.`,
        )
        return found
      }
      if (sends === MAX_SENDS) throw unknown(options, error)
      client.log.notice(`${options.what}: it was not started, and the environment is idle; sending it again.`)
    }
  }
}

/** The job that a lost request started, or `undefined` when there certainly is none. */
const findStarted = async (
  client: DataverseClient,
  options: StartOptions,
  userId: string,
  lost: LostAnswerError,
): Promise<StartedOperation | undefined> => {
  const sinceMs = lost.sentAtMs - SKEW_MS
  let undecided = false
  for (const waitMs of LOOKS_MS) {
    if (waitMs > 0) await client.sleep(waitMs)
    const outcome = await look(client, options, userId, sinceMs)
    if (outcome !== 'none' && outcome !== 'several') return outcome
    undecided = outcome === 'several'
  }
  const running = await listSolutionOperations(client)
  if (!undecided && running.length === 0) return undefined
  throw unknown(options, lost)
}

const look = async (
  client: DataverseClient,
  { messages, solutionName, hasImportJob, earlier = [] }: StartOptions,
  userId: string,
  sinceMs: number,
): Promise<StartedOperation | 'none' | 'several'> => {
  const names = messages.map((message) => `messagename eq '${message}'`).join(' or ')
  const since = await listAsyncOperations(
    client,
    `(${names}) and createdon ge ${moment(sinceMs)} and _createdby_value eq ${userId}`,
  )
  const operations = since.filter(({ id }) => !earlier.includes(id))
  if (operations.length === 0) return 'none'
  // Rows of operations do not name the solution; import jobs do, as soon as the job has begun.
  const jobs = hasImportJob ? await listImportJobs(client, { sinceMs, createdBy: userId }) : []
  const own = jobs.filter((job) => job.solutionName.toLowerCase() === solutionName.toLowerCase())
  const others = jobs.filter((job) => !own.includes(job))
  const left = others.reduce<readonly AsyncOperation[]>(
    (rest, job) => without(rest, nearest(rest, job.startedOn)),
    operations,
  )
  const [ownJob] = own
  const operation = ownJob === undefined ? left[0] : nearest(left, ownJob.startedOn)
  if (operation === undefined) return 'none'
  if (ownJob === undefined && left.length > 1) return 'several'
  return { asyncOperationId: operation.id, importJobId: ownJob?.id, recovered: true }
}

const without = <T>(list: readonly T[], item: T | undefined): readonly T[] =>
  list.filter((other) => other !== item)

/** The operation that began closest to a moment; an operation that has not begun is the last to be taken. */
const nearest = (operations: readonly AsyncOperation[], startedOn: string): AsyncOperation | undefined => {
  const at = Date.parse(startedOn)
  const gap = ({ startedOn: own }: AsyncOperation): number =>
    own === '' || Number.isNaN(at) ? Number.MAX_SAFE_INTEGER : Math.abs(Date.parse(own) - at)
  return operations.toSorted((a, b) => gap(a) - gap(b))[0]
}

const IMPORT_ADVICE =
  "If it is running or done there, give its id as 'async-operation-id' to follow it; if not, run the step again."
const EXPORT_ADVICE = 'When nothing runs there any more, run the step again: an export changes nothing.'

const unknown = (
  { what, solutionName, hasImportJob }: StartOptions,
  cause: LostAnswerError,
): UnknownOutcomeError =>
  new UnknownOutcomeError(
    `${what}: whether it was started is not known, so it was not sent again. ${cause.message} Look at Solutions, ` +
      `History in the environment for '${solutionName}'. ${hasImportJob ? IMPORT_ADVICE : EXPORT_ADVICE}`,
    { cause },
  )
