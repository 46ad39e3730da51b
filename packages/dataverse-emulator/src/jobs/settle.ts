import type { Row } from '../store/row.ts'
import { jobsOf, putJob, type JobKind } from './queue.ts'
import { isoSeconds } from '../clock.ts'
import type { Environment } from '../environment.ts'
import { ApiError, refuse, signedCode } from '../odata/errors.ts'
import type { Actor } from '../solutions/solution-row.ts'
import { JOB_KINDS } from './kinds.ts'
import { type Job } from './job.ts'

/**
 * Brings jobs to where the clock says they are. There are no timers: jobs begin, go on and end when somebody looks,
 * at the moments that they would have. One runs at a time, in the order of their coming.
 */
export function settleJobs(environment: Environment): Promise<void> {
  const before = settling.get(environment) ?? Promise.resolve()
  const settled = before.then(() => settle(environment))
  settling.set(
    environment,
    settled.catch(() => undefined),
  )
  return settled
}

/** Several may look at the same time; a job must not be carried out twice. */
const settling = new WeakMap<Environment, Promise<void>>()

async function settle(environment: Environment): Promise<void> {
  const now = environment.clock.now()
  let free = 0
  for (const job of jobsOf(environment).toSorted((left, right) => left.order - right.order)) {
    const current = jobsOf(environment).find(({ id }) => id === job.id) ?? job
    if (current.state === 'done') {
      free = Math.max(free, current.endsAt)
      continue
    }
    const running =
      current.state === 'running' ? current : begin(current, environment, Math.max(current.createdAt, free))
    if (running === undefined) continue
    if (running.endsAt > now) {
      const share = (now - running.startedAt) / Math.max(1, running.endsAt - running.startedAt)
      kindOf(running).progress?.(running, actorOf(running, environment, now), Math.max(0, share))
      return
    }
    await end(running, environment)
    free = running.endsAt
  }
}

function kindOf(job: Job): JobKind {
  const kind = JOB_KINDS.get(job.message)
  if (kind === undefined) throw new Error(`There is no job kind ${job.message}.`)
  return kind
}

function actorOf(job: Job, environment: Environment, now: number): Actor {
  return { environment, user: environment.store.get('systemuser', job.userId) ?? {}, now }
}

/** A job that was cancelled while it waited never begins. */
function begin(job: Job, environment: Environment, startedAt: number): Job | undefined {
  const row = environment.store.get('asyncoperation', job.id)
  if (row === undefined || row['statecode'] === 3) {
    putJob(environment, { ...job, state: 'done', startedAt, endsAt: startedAt })
    return undefined
  }
  const seconds = job.fault?.seconds ?? environment.settings.jobSeconds
  const running: Job = { ...job, state: 'running', startedAt, endsAt: startedAt + seconds * 1000 }
  putJob(environment, running)
  setRow(environment, job.id, {
    statecode: 2,
    statuscode: 20,
    startedon: isoSeconds(startedAt),
    modifiedon: isoSeconds(startedAt),
  })
  kindOf(job).begin?.(running, actorOf(job, environment, startedAt))
  return running
}

async function end(job: Job, environment: Environment): Promise<void> {
  const actor = actorOf(job, environment, job.endsAt)
  const before = environment.store.snapshot()
  try {
    await kindOf(job).finish(job, actor)
    finishRow(environment, job, { statuscode: 30 })
  } catch (error) {
    environment.store.restore(before)
    environment.forgetTables()
    const known = error instanceof ApiError ? error : refuse('unexpected')
    kindOf(job).failed?.(job, actor, error instanceof Error ? error : known)
    finishRow(environment, job, {
      statuscode: 31,
      errorcode: signedCode(known.code),
      message: known.message,
      friendlymessage: known.message,
    })
  }
}

function finishRow(environment: Environment, job: Job, values: Row): void {
  putJob(environment, { ...job, state: 'done' })
  setRow(environment, job.id, {
    statecode: 3,
    completedon: isoSeconds(job.endsAt),
    modifiedon: isoSeconds(job.endsAt),
    executiontimespan: (job.endsAt - job.startedAt) / 1000,
    ...values,
  })
}

function setRow(environment: Environment, id: string, values: Row): void {
  const row = environment.store.get('asyncoperation', id)
  if (row !== undefined) environment.store.put('asyncoperation', id, { ...row, ...values })
}
