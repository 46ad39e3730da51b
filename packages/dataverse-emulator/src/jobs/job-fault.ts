/** How jobs fail on request; see the `jobs` part of the fault script. */
export interface JobFault {
  readonly environment?: string
  /** The message that starts the job: `ImportSolutionAsync`, `StageAndUpgradeAsync`, … */
  readonly job: string
  readonly nth?: number
  readonly times?: number
  /** Lets the job end as failed with this code and text. */
  readonly code?: string
  readonly message?: string
  /** The component that the import job's result blames, by schema name. */
  readonly component?: string
  /** Makes the job last so long. */
  readonly seconds?: number
  /** A managed import leaves an unmanaged layer on its first form, as real ones can. */
  readonly leavesFormLayer?: boolean
  /** A failed upgrade leaves `<name>_Upgrade` behind. */
  readonly leavesHolding?: boolean
}

export interface JobFaults {
  next(environment: string, job: string): JobFault | undefined
}
