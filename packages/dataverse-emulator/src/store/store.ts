/** A value in a row. Files are kept as bytes, structured values as plain JSON. */
export type Value =
  | string
  | number
  | boolean
  | null
  | Uint8Array
  | readonly Value[]
  | { readonly [name: string]: Value | undefined }

/** Rows are never changed in place, so that a snapshot is a copy of the maps alone. */
export type Row = Readonly<Record<string, Value>>

export type Snapshot = ReadonlyMap<string, ReadonlyMap<string, Row>>

/** Everything that one environment holds: rows by table and key. */
export interface Store {
  rows(table: string): readonly Row[]
  count(table: string): number
  get(table: string, key: string): Row | undefined
  find(table: string, test: (row: Row) => boolean): Row | undefined
  filter(table: string, test: (row: Row) => boolean): Row[]
  put(table: string, key: string, row: Row): void
  remove(table: string, key: string): void
  clear(table: string): void
  /** The next row version of the environment; grows with every write. */
  nextVersion(): number
  snapshot(): Snapshot
  restore(snapshot: Snapshot): void
}

const FIRST_VERSION = 1_000_000

export function createStore(): Store {
  let tables = new Map<string, Map<string, Row>>()
  const lists = new Map<string, readonly Row[]>()
  let version = FIRST_VERSION
  const tableOf = (name: string) => {
    let table = tables.get(name)
    if (table === undefined) tables.set(name, (table = new Map()))
    return table
  }
  const rows = (name: string) => {
    let list = lists.get(name)
    if (list === undefined) lists.set(name, (list = [...tableOf(name).values()]))
    return list
  }
  return {
    rows,
    count: (name) => tables.get(name)?.size ?? 0,
    get: (name, key) => tables.get(name)?.get(key),
    find: (name, test) => rows(name).find(test),
    filter: (name, test) => rows(name).filter(test),
    put(name, key, row) {
      tableOf(name).set(key, row)
      lists.delete(name)
    },
    remove(name, key) {
      tables.get(name)?.delete(key)
      lists.delete(name)
    },
    clear(name) {
      tables.delete(name)
      lists.delete(name)
    },
    nextVersion: () => ++version,
    snapshot: () => new Map([...tables].map(([name, table]) => [name, new Map(table)])),
    restore(snapshot) {
      tables = new Map([...snapshot].map(([name, table]) => [name, new Map(table)]))
      lists.clear()
    },
  }
}
