import { listAsyncOperations } from './async-operations.ts'
import type { AsyncOperation } from './async-operations.ts'
import type { DataverseClient } from '../pipeline/client.ts'
import { listImportJobs } from '../solutions/import-jobs.ts'
import type { ImportJob } from '../solutions/import-jobs.ts'

/** Which jobs count as ours: of these messages, of this caller. */
export interface JobKind {
  /** Message names that the job can carry, such as `ImportSolutionAsync`. */
  readonly messages: readonly string[]
  readonly solutionName: string
  /** Whether jobs of this kind have an import job, which names their solution. */
  readonly hasImportJob: boolean
}

/** The jobs that are known at one moment. What is new is told by comparing two of these, never by comparing clocks. */
export interface KnownJobs {
  readonly operations: readonly AsyncOperation[]
  readonly importJobs: readonly ImportJob[]
}

/** How many of the latest rows are compared. More jobs of one kind and caller do not begin during one look. */
const WINDOW = 200

/** The latest jobs of a kind that the environment shows for this caller. */
export async function knownJobs(
  client: DataverseClient,
  { messages, hasImportJob }: JobKind,
  userId: string,
): Promise<KnownJobs> {
  const names = messages.map((message) => `messagename eq '${message}'`).join(' or ')
  return {
    operations: await listAsyncOperations(client, `(${names}) and _createdby_value eq ${userId}`, WINDOW),
    importJobs: hasImportJob ? await listImportJobs(client, { createdBy: userId, top: WINDOW }) : [],
  }
}

/** The job that began between two looks: `none`, `several` that cannot be told apart, or the one. */
export function newJob(
  { solutionName }: JobKind,
  before: KnownJobs,
  after: KnownJobs,
): { readonly operation: AsyncOperation; readonly importJobId: string | undefined } | 'none' | 'several' {
  const operations = newRows(before.operations, after.operations)
  if (operations.length === 0) return 'none'
  // Rows of operations do not name the solution; import jobs do, as soon as the job has begun.
  const importJobs = newRows(before.importJobs, after.importJobs)
  const own = importJobs.filter((job) => job.solutionName.toLowerCase() === solutionName.toLowerCase())
  const left = importJobs
    .filter((job) => !own.includes(job))
    .reduce<readonly AsyncOperation[]>((rest, job) => without(rest, nearest(rest, job.startedOn)), operations)
  const [ownJob] = own
  const operation = ownJob === undefined ? left[0] : nearest(left, ownJob.startedOn)
  if (operation === undefined) return 'none'
  if (left.length > 1 && own.length !== 1) return 'several'
  return { operation, importJobId: ownJob?.id }
}

/** An old row that moves into a full window, because a newer one was deleted, is not new. */
function newRows<T extends { readonly id: string; readonly createdOn: string }>(
  before: readonly T[],
  after: readonly T[],
): readonly T[] {
  const known = new Set(before.map(({ id }) => id))
  const oldest = before.length < WINDOW ? '' : (before.at(-1)?.createdOn ?? '')
  return after.filter(({ id, createdOn }) => !known.has(id) && createdOn >= oldest)
}

function without<T>(list: readonly T[], item: T | undefined): readonly T[] {
  return list.filter((other) => other !== item)
}

/** The operation that began closest to a moment; an operation that has not begun is the last to be taken. */
function nearest(operations: readonly AsyncOperation[], startedOn: string): AsyncOperation | undefined {
  const at = Date.parse(startedOn)
  const gap = ({ startedOn: own }: AsyncOperation): number =>
    own === '' || Number.isNaN(at) ? Number.MAX_SAFE_INTEGER : Math.abs(Date.parse(own) - at)
  return operations.toSorted((a, b) => gap(a) - gap(b))[0]
}
