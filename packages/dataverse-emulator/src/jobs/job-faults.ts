import type { JobFault, JobFaults } from '../environment.ts'

export interface JobFaultScript extends JobFaults {
  add(faults: readonly JobFault[]): void
  clear(): void
  list(): readonly (JobFault & { readonly seen: number })[]
}

/** The part of the fault script that jobs obey: the n-th job of a kind fails, lasts, or leaves something behind. */
export function createJobFaults(): JobFaultScript {
  let entries: { readonly fault: JobFault; seen: number }[] = []
  return {
    add(faults) {
      entries.push(...faults.map((fault) => ({ fault, seen: 0 })))
    },
    clear() {
      entries = []
    },
    list: () => entries.map(({ fault, seen }) => ({ ...fault, seen })),
    next(environment, job) {
      let chosen: JobFault | undefined
      for (const entry of entries) {
        const { fault } = entry
        if (fault.job !== job || (fault.environment !== undefined && fault.environment !== environment))
          continue
        entry.seen += 1
        const first = fault.nth ?? 1
        if (entry.seen >= first && entry.seen < first + (fault.times ?? 1)) chosen ??= fault
      }
      return chosen
    },
  }
}
