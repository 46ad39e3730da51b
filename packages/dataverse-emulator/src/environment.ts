import type { Clock } from './clock.ts'
import type { Row, Store } from './store/store.ts'
import type { Collection, Table } from './tables/table.ts'

export type EnvironmentKind = 'developer' | 'sandbox' | 'production' | 'default' | 'trial' | 'teams'

/** What can be changed while the emulator runs. Times are in seconds. */
export interface Settings {
  jobSeconds: number
  tokenLifetimeSeconds: number
  /** By how much the `Date` header is ahead of the clock that rows are written by; may be negative. */
  dateAheadSeconds: number
  /** Service protection; absent when it is switched off, which is the default. */
  limits?: Limits
}

export interface Limits {
  readonly requests?: number
  readonly windowSeconds?: number
  readonly concurrent?: number
  readonly retryAfterSeconds?: number
}

/** One Dataverse organisation. */
export interface Environment {
  readonly name: string
  readonly kind: EnvironmentKind
  readonly organizationId: string
  readonly businessUnitId: string
  /** `http://127.0.0.1:PORT`; known once the server listens. */
  origin: string
  readonly tenantId: string
  /** `http://127.0.0.1:PORT` of the token endpoint. */
  authority: string
  readonly store: Store
  readonly clock: Clock
  readonly settings: Settings
  readonly jobFaults: JobFaults
  /** Names of Microsoft solutions that are present; `all` takes every one to be. */
  readonly microsoftSolutions: 'all' | readonly string[]
  tables(): readonly Table[]
  tableNamed(logicalName: string): Table | undefined
  tableOfSet(entitySet: string): Table | undefined
  rowsOf(table: Table): readonly Row[]
  rowOf(table: Table, key: string): Row | undefined
  /** The rows on the other side of a collection-valued navigation property. */
  related(table: Table, row: Row, collection: Collection): readonly Row[]
  /** To be called when tables came or went with a solution. */
  forgetTables(): void
}

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
