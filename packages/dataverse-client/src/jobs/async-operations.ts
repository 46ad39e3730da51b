import { duration, UserError } from '@dsa/user-error'
import type { DataverseClient } from '../pipeline/client.ts'
import { normalizeCode } from '../pipeline/error-code.ts'
import { DataverseError } from '../pipeline/errors.ts'
import { poll } from './poller.ts'
import type { PollState } from './poller.ts'
import { query } from '../pipeline/query.ts'
import { asRow, optionalNumber, optionalText } from '../pipeline/wire.ts'
import type { Row } from '../pipeline/wire.ts'

/** A system job: an import, export, publish or uninstall that the server works on. */
export interface AsyncOperation {
  readonly id: string
  readonly messageName: string
  readonly name: string
  readonly state: PollState
  /** `Waiting`, `InProgress`, … in the documentation's words. */
  readonly status: string
  readonly message: string
  readonly friendlyMessage: string
  /** Lower-case hex, or ''. */
  readonly errorCode: string
  readonly createdOn: string
  readonly startedOn: string
  readonly completedOn: string
  readonly createdBy: string
}

const COLUMNS = [
  'asyncoperationid',
  'name',
  'messagename',
  'statecode',
  'statuscode',
  'message',
  'friendlymessage',
  'errorcode',
  'createdon',
  'startedon',
  'completedon',
  '_createdby_value',
]

/** `asyncoperation.statuscode`, as documented for the table. */
const STATUS: Readonly<Record<number, string>> = {
  0: 'waiting for resources',
  10: 'waiting',
  20: 'in progress',
  21: 'pausing',
  22: 'canceling',
  30: 'succeeded',
  31: 'failed',
  32: 'canceled',
}

/** Whether the service has begun with a job; one that has not can still be canceled. */
export function hasBegun({ status }: AsyncOperation): boolean {
  return !status.startsWith('waiting')
}

function stateOf(row: Row): PollState {
  // statecode 3 is Completed; only statuscode 30 is a success.
  if (optionalNumber(row, 'statecode') !== 3) return 'running'
  const status = optionalNumber(row, 'statuscode')
  if (status === 30) return 'succeeded'
  return status === 32 ? 'canceled' : 'failed'
}

function parseAsyncOperation(row: Row): AsyncOperation {
  return {
    id: optionalText(row, 'asyncoperationid') ?? '',
    name: optionalText(row, 'name') ?? '',
    messageName: optionalText(row, 'messagename') ?? '',
    state: stateOf(row),
    status: STATUS[optionalNumber(row, 'statuscode') ?? -1] ?? 'unknown',
    message: optionalText(row, 'message') ?? '',
    friendlyMessage: optionalText(row, 'friendlymessage') ?? '',
    errorCode: normalizeCode(row['errorcode']),
    createdOn: optionalText(row, 'createdon') ?? '',
    startedOn: optionalText(row, 'startedon') ?? '',
    completedOn: optionalText(row, 'completedon') ?? '',
    createdBy: optionalText(row, '_createdby_value') ?? '',
  }
}

/** One job, or `undefined` while it is not visible (a row can appear a moment after its id). */
export async function retrieveAsyncOperation(
  client: DataverseClient,
  id: string,
  limits: { readonly deadlineMs?: number } = {},
): Promise<AsyncOperation | undefined> {
  try {
    const row = await readingJobs(client.get(query(`asyncoperations(${id})`, { select: COLUMNS }), limits))
    return parseAsyncOperation(asRow(row, 'asyncoperation'))
  } catch (error) {
    if (error instanceof DataverseError && error.status === 404) return undefined
    throw error
  }
}

/**
 * Cancels a job that waits its turn. A job that has begun is not cancelled: the service refuses that.
 * @returns whether it was cancelled
 */
export async function cancelWaitingOperation(client: DataverseClient, id: string): Promise<boolean> {
  try {
    // The states as documented for the table: Completed, Canceled.
    await client.patch(`asyncoperations(${id})`, { statecode: 3, statuscode: 32 })
    return true
  } catch (error) {
    if (!(error instanceof DataverseError)) throw error
    client.log.debug(`The job ${id} was not cancelled: ${error.message}`)
    return false
  }
}

/**
 * Jobs by an encoded OData filter, newest first.
 * @param top how many of the latest; all when left out
 */
export async function listAsyncOperations(
  client: DataverseClient,
  filter: string,
  top?: number,
): Promise<readonly AsyncOperation[]> {
  const limit = top === undefined ? {} : { top }
  const found = await readingJobs(
    client.list(query('asyncoperations', { select: COLUMNS, filter, orderBy: 'createdon desc', ...limit })),
  )
  return found.map(parseAsyncOperation)
}

/** What to do is the same wherever jobs may not be read, and the service's answer mostly does not say it. */
async function readingJobs<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (!(error instanceof DataverseError) || error.status !== 403) throw error
    throw error.withAdvice(
      "To see jobs, the application user needs the privilege prvReadAsyncOperation (read, table 'System Job') in one of its roles; System Customizer has it.",
    )
  }
}

/** The reason of a failed job: the words for people first, then the long ones. */
export function failureText(operation: AsyncOperation): string {
  const words = operation.friendlyMessage || operation.message || `The job ended as ${operation.status}.`
  return operation.errorCode === '' || words.includes(operation.errorCode)
    ? words
    : `${operation.errorCode} ${words}`
}

export interface WaitOptions {
  readonly what: string
  readonly maxWaitMinutes: number
  /** Lines of the status when left out. */
  readonly onProgress?: (operation: AsyncOperation | undefined, elapsedMs: number) => void | Promise<void>
}

/** A line at most this often while nothing changes. */
const LINE_EVERY_MS = 60_000

/**
 * Says what becomes of a job whenever that changes, and now and then that it still runs.
 * @param detail what else to say of a job, behind its status; asked only when a line is said
 */
export function statusLines(
  client: DataverseClient,
  what: string,
  detail: (operation: AsyncOperation) => Promise<string> = async () => '',
): Required<WaitOptions>['onProgress'] {
  let lastStatus = ''
  let lastLineMs = 0
  return async (operation, elapsedMs) => {
    const status = operation?.status ?? 'not visible yet'
    if (status === lastStatus && elapsedMs - lastLineMs < LINE_EVERY_MS) return
    const more = operation === undefined ? '' : await detail(operation)
    client.log.info(`${what}: ${status}${more} (${duration(elapsedMs)}).`)
    lastStatus = status
    lastLineMs = elapsedMs
  }
}

/**
 * Waits until a job has ended, whichever way.
 * @throws StillRunningError at the deadline; the job goes on
 */
export async function watchAsyncOperation(
  client: DataverseClient,
  id: string,
  options: WaitOptions,
): Promise<AsyncOperation> {
  const { value } = await poll(client, {
    onProgress: statusLines(client, options.what),
    ...options,
    asyncOperationId: id,
    read: (limits) => retrieveAsyncOperation(client, id, limits),
    state: (operation) => operation.state,
  })
  return value
}

/**
 * Waits until a job has succeeded.
 * @throws UserError with the server's reason
 * @throws StillRunningError at the deadline; the job goes on
 */
export async function waitForAsyncOperation(
  client: DataverseClient,
  id: string,
  options: WaitOptions,
): Promise<AsyncOperation> {
  const operation = await watchAsyncOperation(client, id, options)
  if (operation.state === 'succeeded') return operation
  throw new UserError(
    `${options.what} ended as ${operation.state}: ${failureText(operation)} (async operation ${id})`,
  )
}
