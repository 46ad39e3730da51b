import { jobsOf } from './queue.ts'
import { text } from '../store/value.ts'
import { isoSeconds } from '../clock.ts'
import type { Environment } from '../environment.ts'

/** One job, as the log shows it for assertions. */
export interface LoggedJob {
  readonly environment: string
  readonly id: string
  readonly message: string
  readonly solution: string
  readonly importJobId?: string
  readonly state: 'queued' | 'running' | 'succeeded' | 'failed' | 'canceled'
  readonly createdOn: string
  readonly startedOn: string | null
  readonly endsOn: string | null
  readonly errorMessage: string | null
}

const STATES: Readonly<Record<number, LoggedJob['state']>> = { 30: 'succeeded', 31: 'failed', 32: 'canceled' }

export function jobLog(environment: Environment): readonly LoggedJob[] {
  return jobsOf(environment).map((job) => {
    const row = environment.store.get('asyncoperation', job.id)
    const { importJobId } = job.input
    return {
      environment: environment.name,
      id: job.id,
      message: job.message,
      solution: job.input.solution,
      ...(importJobId === undefined ? {} : { importJobId }),
      state: job.state === 'done' ? (STATES[Number(row?.['statuscode'])] ?? 'succeeded') : job.state,
      createdOn: isoSeconds(job.createdAt),
      startedOn: job.startedAt === 0 ? null : isoSeconds(job.startedAt),
      endsOn: job.endsAt === 0 ? null : isoSeconds(job.endsAt),
      errorMessage: text(row, 'message') || null,
    }
  })
}
