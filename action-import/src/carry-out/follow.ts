import {
  failureText,
  ifTold,
  listImportJobs,
  retrieveImportJob,
  retrieveImportJobData,
  retrieveSolutionImportResult,
  statusLines,
  watchAsyncOperation,
  whoAmI,
} from '@dsa/dataverse-client'
import type { AsyncOperation, DataverseClient, ImportVerdict, StartedOperation } from '@dsa/dataverse-client'
import { dependenciesIn, withoutDependencies } from '../look/missing-dependencies.ts'
import { readImportJobData } from './import-job-data.ts'
import type { ImportRecord } from './import-job-data.ts'
import type { Job } from './job.ts'

export interface FollowOptions {
  readonly what: string
  readonly solutionName: string
  readonly maxWaitMinutes: number
}

/** How an import ended. */
export interface ImportOutcome {
  readonly status: 'succeeded' | 'failed' | 'canceled'
  readonly operation: AsyncOperation
  readonly importJobId: string | undefined
  /** The platform's reason when it did not succeed. */
  readonly reason: string
  readonly verdict: ImportVerdict | undefined
  readonly record: ImportRecord
  /** `importjob.data` as it is, when it was read. */
  readonly rawLog: string
}

/** The percentage is read at most this often; it is a request of its own. */
const PROGRESS_EVERY_MS = 15_000

const NO_RECORD: ImportRecord = { results: [], missingDependencies: [], processed: 0 }

/** Follows a started import to its end and reads what became of it. */
export async function followImport(
  client: DataverseClient,
  started: StartedOperation,
  job: Job,
  options: FollowOptions,
): Promise<ImportOutcome> {
  const operation = await watchAsyncOperation(client, started.asyncOperationId, {
    what: options.what,
    maxWaitMinutes: options.maxWaitMinutes,
    onProgress: statusLines(client, options.what, percentOf(client, started.importJobId)),
  })
  const importJobId = started.importJobId ?? (await findImportJob(client, operation, options.solutionName))
  job.isKnownAs({ importJobId })
  const verdict =
    importJobId === undefined ? undefined : await retrieveSolutionImportResult(client, importJobId)
  const passed = operation.state === 'succeeded' && verdict?.passed !== false
  // The record can be very large, so it is only read when there is something in it to tell.
  const rawLog = passed || importJobId === undefined ? '' : await readLog(client, importJobId)
  return {
    status: passed ? 'succeeded' : operation.state === 'canceled' ? 'canceled' : 'failed',
    operation,
    importJobId,
    reason: passed ? '' : reasonOf(operation, verdict),
    verdict,
    record: recordOf(rawLog, operation),
    rawLog,
  }
}

/** A job that was found by looking has its import job only by name and time. */
async function findImportJob(
  client: DataverseClient,
  operation: AsyncOperation,
  solutionName: string,
): Promise<string | undefined> {
  const { userId } = await whoAmI(client)
  const sinceMs = Date.parse(operation.createdOn)
  if (Number.isNaN(sinceMs)) return undefined
  const [job] = await listImportJobs(client, { sinceMs, createdBy: userId, solutionName })
  return job?.id
}

/** How far an import is, in words that follow its status; '' where it is not known, or was told just now. */
function percentOf(
  client: DataverseClient,
  importJobId: string | undefined,
): (operation: AsyncOperation) => Promise<string> {
  let lastReadMs = client.clock()
  return async ({ status }) => {
    const now = client.clock()
    if (importJobId === undefined || status !== 'in progress' || now - lastReadMs < PROGRESS_EVERY_MS)
      return ''
    lastReadMs = now
    const job = await retrieveImportJob(client, importJobId).catch(() => undefined)
    return job === undefined ? '' : `, ${Math.round(job.progress)} %`
  }
}

async function readLog(client: DataverseClient, importJobId: string): Promise<string> {
  const log = await ifTold(
    client,
    () => retrieveImportJobData(client, importJobId),
    (why) => client.log.info(`The import job's record could not be read: ${why}`),
  )
  return log ?? ''
}

function reasonOf(operation: AsyncOperation, verdict: ImportVerdict | undefined): string {
  const words = operation.state === 'succeeded' ? '' : failureText(operation)
  const reason = [words, ...(verdict?.errors ?? [])].find((text) => text.trim() !== '')
  return reason === undefined ? 'The platform gave no reason.' : withoutDependencies(reason)
}

function recordOf(rawLog: string, operation: AsyncOperation): ImportRecord {
  let record = NO_RECORD
  try {
    if (rawLog !== '') record = readImportJobData(rawLog)
  } catch {
    // Not XML: the raw text goes into the log artifact, and the operation's message says the reason.
  }
  return record.missingDependencies.length > 0
    ? record
    : { ...record, missingDependencies: dependenciesIn([operation.message, operation.friendlyMessage]) }
}
