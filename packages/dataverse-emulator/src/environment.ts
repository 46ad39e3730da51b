import type { JobFaults } from './jobs/job-fault.ts'
import type { Row } from './store/row.ts'
import type { Clock } from './clock.ts'
import type { Store } from './store/store.ts'
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
