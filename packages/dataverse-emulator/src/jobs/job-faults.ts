import type { JobFault, JobFaults } from './job-fault.ts'
import { createFaultTurns, type FaultTurns } from '../http/fault-turns.ts'

export type JobFaultScript = JobFaults & Pick<FaultTurns<JobFault>, 'add' | 'clear' | 'list'>

/** The part of the fault script that jobs obey: the n-th job of a kind fails, lasts, or leaves something behind. */
export function createJobFaults(): JobFaultScript {
  const turns = createFaultTurns<JobFault>()
  return {
    ...turns,
    next: (environment, job) =>
      turns.next(
        (fault) =>
          fault.job === job && (fault.environment === undefined || fault.environment === environment),
      ),
  }
}
