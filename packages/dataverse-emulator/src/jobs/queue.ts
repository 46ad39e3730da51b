import type { Row } from '../store/row.ts'
import { randomUUID } from 'node:crypto'
import { isoSeconds } from '../clock.ts'
import type { Environment } from '../environment.ts'
import type { Call } from '../odata/call.ts'
import type { Job, JobInput } from './job.ts'
import { text } from '../store/value.ts'
import { newRow, type Actor } from '../solutions/solution-row.ts'

/** What a kind of job does when its time has come. */
export interface JobKind {
  readonly message: string
  /** `name` of the system job. */
  readonly name: string
  readonly operationType: number
  /** See `Job`. */
  readonly lock: string
  begin?(job: Job, actor: Actor): void
  /** Called while it runs, with the share of its time that has passed (0 to 1). */
  progress?(job: Job, actor: Actor, share: number): void
  /** Does the work; throws an ApiError to fail. */
  finish(job: Job, actor: Actor): Promise<void> | void
  /** After a failure, when the work was undone. */
  failed?(job: Job, actor: Actor, error: Error): void
}

export function jobsOf(environment: Environment): readonly Job[] {
  return environment.store.jobs.all()
}

export function putJob(environment: Environment, job: Job): void {
  environment.store.jobs.put(job.id, job)
}

/** Queues a job and its row among the system jobs; returns the id that both share. */
export function startJob(kind: JobKind, input: JobInput, call: Call): string {
  const { environment } = call
  const id = randomUUID()
  const order = environment.store.nextVersion()
  const fault = environment.jobFaults.next(environment.name, kind.message) ?? null
  const userId = text(call.user, 'systemuserid')
  putJob(environment, {
    id,
    message: kind.message,
    lock: kind.lock,
    input,
    userId,
    order,
    state: 'queued',
    createdAt: call.now,
    startedAt: 0,
    endsAt: 0,
    fault,
  })
  environment.store.put('asyncoperation', id, jobRow(id, kind, order, call))
  return id
}

function jobRow(id: string, kind: JobKind, order: number, call: Call): Row {
  const now = isoSeconds(call.now)
  return newRow(call, 'asyncoperation', {
    asyncoperationid: id,
    name: kind.name,
    messagename: kind.message,
    operationtype: kind.operationType,
    statecode: 0,
    statuscode: 0,
    depth: 1,
    subtype: 1,
    retrycount: 0,
    retainjobhistory: false,
    iswaitingforevent: false,
    sequence: order,
    timezoneruleversionnumber: 0,
    correlationid: randomUUID(),
    correlationupdatedtime: now,
    expanderstarttime: now,
    parentpluginexecutionid: '00000000-0000-0000-0000-000000000000',
    hostid: 'EMULATOR.MSCRMAsyncService.00000000-0000-4000-8000-000000000001',
    dependencytoken: `SolutionOperation_{${call.environment.organizationId}}`,
    createdonbehalfby: call.user['systemuserid'] ?? null,
    modifiedonbehalfby: call.user['systemuserid'] ?? null,
  })
}

/** The job that holds the environment's lock, if one is running or waits to. */
export function unfinishedJob(environment: Environment): Job | undefined {
  return jobsOf(environment).find(({ state }) => state !== 'done')
}
