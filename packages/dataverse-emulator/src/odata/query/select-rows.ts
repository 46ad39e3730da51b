import type { Row } from '../../store/row.ts'
import { asText } from '../../store/value.ts'
import { navigationColumn, queriedColumn, type Table } from '../../tables/table.ts'
import type { Call } from '../call.ts'
import { compileFilter, unknownProperty } from './compile-filter.ts'
import { parseFilter } from './filter-syntax.ts'
import type { QueryOptions } from './query-options.ts'

/**
 * The rows that `$filter` leaves, in the order that `$orderby` asks for; not yet cut to a page.
 * @throws ApiError 400 `0x80060888`
 */
export function selectRows(
  rows: readonly Row[],
  table: Table,
  options: QueryOptions,
  call: Call,
): readonly Row[] {
  const kept = options.filter === undefined ? rows : rows.filter(compiled(options.filter, table, call))
  if (options.orderBy.length === 0) return kept
  const keys = options.orderBy.map(({ path, descending }) => ({
    read: orderKey(path, table, call),
    sign: descending ? -1 : 1,
  }))
  return kept.toSorted((left, right) => {
    for (const { read, sign } of keys) {
      const order = compareValues(read(left), read(right))
      if (order !== 0) return order * sign
    }
    return 0
  })
}

function compiled(filter: string, table: Table, call: Call): (row: Row) => boolean {
  const { environment, user, now } = call
  return compileFilter(parseFilter(filter, call.aliases), {
    environment,
    table,
    userId: asText(user['systemuserid']),
    businessUnitId: environment.businessUnitId,
    now,
  })
}

type OrderKey = (row: Row) => string | number | undefined

function orderKey(path: string, table: Table, call: Call): OrderKey {
  const [first = '', ...rest] = path.split('/')
  if (rest.length > 0) {
    const lookup = navigationColumn(table, first)
    const target = lookup?.target === undefined ? undefined : call.environment.tableNamed(lookup.target)
    if (lookup === undefined || target === undefined) throw unknownProperty(first, table)
    const inner = orderKey(rest.join('/'), target, call)
    return (row) => {
      const found = call.environment.rowOf(target, asText(row[lookup.name]))
      return found === undefined ? undefined : inner(found)
    }
  }
  const column = queriedColumn(table, first)
  if (column === undefined) throw unknownProperty(first, table)
  return (row) => {
    const value = row[column.name]
    if (typeof value === 'string') return value.toLowerCase()
    if (typeof value === 'boolean') return Number(value)
    return typeof value === 'number' ? value : undefined
  }
}

/** Rows without a value come first. */
function compareValues(left: string | number | undefined, right: string | number | undefined): number {
  if (left === right) return 0
  if (left === undefined) return -1
  if (right === undefined) return 1
  return left < right ? -1 : 1
}
