import type { ImportReport } from '../solutions/import/import-report.ts'
import type { Row } from './row.ts'
import type { KeptArchives } from '../solutions/archive/kept-archives.ts'
import type { Requirement } from '../solutions/dependencies/requirement.ts'
import type { Layer } from '../solutions/layers/layer.ts'
import type { Job } from '../jobs/job.ts'
import { createShelf, type Shelf } from './shelf.ts'

/** The content of a file column, or of a staged or exported archive. */
export interface StoredFile {
  readonly name: string
  readonly content: Uint8Array
  /** When it cannot be used any more, in milliseconds since 1970. */
  readonly expires?: number
}

/** A file on its way in blocks. */
export interface Transfer {
  readonly table: string
  readonly row: string
  readonly column: string
  readonly blocks: ReadonlyMap<string, Uint8Array>
}

/** Brings the state back to what it was. */
export type Snapshot = readonly (() => void)[]

/** Everything that one environment holds: rows by table and key, and what stands behind them. */
export interface Store {
  rows(table: string): readonly Row[]
  count(table: string): number
  get(table: string, key: string): Row | undefined
  find(table: string, test: (row: Row) => boolean): Row | undefined
  filter(table: string, test: (row: Row) => boolean): Row[]
  put(table: string, key: string, row: Row): void
  remove(table: string, key: string): void
  clear(table: string): void
  readonly layers: Shelf<Layer>
  readonly requirements: Shelf<Requirement>
  readonly jobs: Shelf<Job>
  /** By unique name of the solution, in lower case. */
  readonly archives: Shelf<KeptArchives>
  /** How imports went, by import job. */
  readonly reports: Shelf<ImportReport>
  /** By table, row and column: `stagesolutionupload/<id>/solutionfile`. */
  readonly files: Shelf<StoredFile>
  readonly transfers: Shelf<Transfer>
  /** The next row version of the environment; grows with every write. */
  nextVersion(): number
  snapshot(): Snapshot
  restore(snapshot: Snapshot): void
}

const FIRST_VERSION = 1_000_000

export function createStore(): Store {
  let tables = new Map<string, Shelf<Row>>()
  let version = FIRST_VERSION
  const tableOf = (name: string) => {
    let table = tables.get(name)
    if (table === undefined) tables.set(name, (table = createShelf<Row>()))
    return table
  }
  const shelves = {
    layers: createShelf<Layer>(),
    requirements: createShelf<Requirement>(),
    jobs: createShelf<Job>(),
    archives: createShelf<KeptArchives>(),
    reports: createShelf<ImportReport>(),
    files: createShelf<StoredFile>(),
    transfers: createShelf<Transfer>(),
  }
  return {
    ...shelves,
    rows: (name) => tableOf(name).all(),
    count: (name) => tableOf(name).count(),
    get: (name, key) => tables.get(name)?.get(key),
    find: (name, test) => tableOf(name).all().find(test),
    filter: (name, test) => tableOf(name).all().filter(test),
    put: (name, key, row) => tableOf(name).put(key, row),
    remove: (name, key) => tableOf(name).remove(key),
    clear: (name) => tableOf(name).clear(),
    nextVersion: () => ++version,
    snapshot() {
      const known = new Map(tables)
      const saved = [...known.values(), ...Object.values(shelves)].map((shelf) => shelf.save())
      return [...saved, () => void (tables = new Map(known))]
    },
    restore(snapshot) {
      for (const bringBack of snapshot) bringBack()
    },
  }
}
