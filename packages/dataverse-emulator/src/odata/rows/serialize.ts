import type { Row, Value } from '../../store/row.ts'
import { asText, text } from '../../store/value.ts'
import {
  isLookup,
  navigationColumn,
  queriedColumn,
  servedName,
  type Column,
  type Table,
} from '../../tables/table.ts'
import { wantsAnnotation, type Call } from '../call.ts'
import { EDM_TYPES } from '../metadata/edm-types.ts'
import { unknownProperty } from '../query/compile-filter.ts'
import type { Expansion, QueryOptions } from '../query/query-options.ts'
import { selectRows } from '../query/select-rows.ts'

/** A row as the Web API writes it. */
export type ServedRow = Record<string, unknown>

const FORMATTED = 'OData.Community.Display.V1.FormattedValue'
const LOOKUP_TABLE = 'Microsoft.Dynamics.CRM.lookuplogicalname'
const LOOKUP_NAVIGATION = 'Microsoft.Dynamics.CRM.associatednavigationproperty'

/** @throws ApiError 400 for names that the table does not have */
export function serializeRow(row: Row, table: Table, options: QueryOptions, call: Call): ServedRow {
  const served: ServedRow = {}
  if (table.hasVersion) served['@odata.etag'] = etagOf(row)
  if (call.metadata === 'full') describe(served, row, table, call)
  for (const column of selectedColumns(table, options)) writeColumn(served, table, column, row, call)
  for (const expansion of options.expand) expand(served, expansion, row, table, call)
  return served
}

/** Types that JSON does not show; in full metadata they are named. */
const TYPED = new Set(['Edm.Guid', 'Edm.Int64', 'Edm.DateTimeOffset'])

function describe(served: ServedRow, row: Row, table: Table, call: Call): void {
  const address = `${table.entitySet}(${asText(row[table.primaryKey])})`
  served['@odata.type'] = `#Microsoft.Dynamics.CRM.${table.logicalName}`
  served['@odata.id'] = `${call.root}${address}`
  served['@odata.editLink'] = address
}

export function etagOf(row: Row): string {
  return `W/"${asText(row['versionnumber'] ?? 0)}"`
}

/** The key always travels along, whatever was selected. */
function selectedColumns(table: Table, options: QueryOptions): Iterable<Column> {
  if (options.select === undefined || table.ignoresSelect) return table.columns.values()
  const chosen = new Set<Column>()
  for (const name of options.select) {
    const column = queriedColumn(table, name)
    if (column === undefined) throw unknownProperty(name, table)
    chosen.add(column)
  }
  const key = table.columns.get(table.primaryKey)
  if (key !== undefined) chosen.add(key)
  return chosen
}

function writeColumn(served: ServedRow, table: Table, column: Column, row: Row, call: Call): void {
  const value = table.alwaysNull.has(column.name) ? null : (row[column.name] ?? null)
  const name = servedName(column)
  if (value !== null && call.preferences.annotations.length > 0) annotate(served, name, column, value, call)
  const type = call.metadata === 'full' && value !== null ? EDM_TYPES[column.type] : ''
  if (TYPED.has(type)) served[`${name}@odata.type`] = type.replace('Edm.', '#')
  served[name] = column.type === 'managed' ? managedProperty(column, value) : value
}

function managedProperty(column: Column, value: Value): object {
  return { Value: value ?? true, CanBeChanged: true, ManagedPropertyLogicalName: column.name }
}

function annotate(served: ServedRow, name: string, column: Column, value: Value, call: Call): void {
  const formatted = FORMATS[column.type]?.(value, column, call)
  if (formatted !== undefined && wantsAnnotation(call.preferences, FORMATTED))
    served[`${name}@${FORMATTED}`] = formatted
  if (!isLookup(column) || column.target === undefined) return
  if (wantsAnnotation(call.preferences, LOOKUP_NAVIGATION))
    served[`${name}@${LOOKUP_NAVIGATION}`] = column.navigation
  if (wantsAnnotation(call.preferences, LOOKUP_TABLE)) served[`${name}@${LOOKUP_TABLE}`] = column.target
}

type Format = (value: Value, column: Column, call: Call) => string | undefined

function asNumber(value: Value): string | undefined {
  return Number(value).toLocaleString('en-US')
}

function nameOfTarget(value: Value, column: Column, call: Call): string | undefined {
  const target = column.target === undefined ? undefined : call.environment.tableNamed(column.target)
  const row = target === undefined ? undefined : call.environment.rowOf(target, asText(value))
  return target === undefined || row === undefined ? undefined : text(row, target.primaryName) || undefined
}

/** How values of a type are shown to people; types that are missing are shown as they are. */
const FORMATS: Readonly<Partial<Record<Column['type'], Format>>> = {
  choice: (value, column) => column.options?.get(Number(value)) ?? asText(value),
  boolean: (value) => (value === true ? 'Yes' : 'No'),
  int: asNumber,
  long: asNumber,
  double: asNumber,
  time: (value) =>
    new Date(asText(value)).toLocaleString('en-US', {
      timeZone: 'UTC',
      dateStyle: 'short',
      timeStyle: 'short',
    }),
  lookup: nameOfTarget,
  owner: nameOfTarget,
}

function expand(served: ServedRow, expansion: Expansion, row: Row, table: Table, call: Call): void {
  const { environment } = call
  const lookup = [...table.columns.values()].find((column) => column.navigation === expansion.navigation)
  if (lookup?.target !== undefined) {
    const target = environment.tableNamed(lookup.target)
    const id = row[lookup.name]
    const found = target === undefined || typeof id !== 'string' ? undefined : environment.rowOf(target, id)
    served[expansion.navigation] =
      found === undefined || target === undefined
        ? null
        : serializeRow(found, target, expansion.options, call)
    return
  }
  const collection = table.collections[expansion.navigation]
  const target = collection === undefined ? undefined : environment.tableNamed(collection.table)
  if (collection === undefined || target === undefined) throw unknownProperty(expansion.navigation, table)
  const rows = selectRows(environment.related(table, row, collection), target, expansion.options, call)
  const top = rows.slice(0, expansion.options.top)
  served[expansion.navigation] = top.map((item) => serializeRow(item, target, expansion.options, call))
}

/**
 * Checks what `$select` and `$expand` name, so that they are refused where there is no row to show too.
 * @throws ApiError 400 `0x80060888`
 */
export function checkProjection(table: Table, options: QueryOptions, call: Call): void {
  for (const name of options.select ?? [])
    if (queriedColumn(table, name) === undefined) throw unknownProperty(name, table)
  for (const { navigation, options: inner } of options.expand) {
    const lookup = navigationColumn(table, navigation)
    const target = call.environment.tableNamed(lookup?.target ?? table.collections[navigation]?.table ?? '')
    if (lookup === undefined && table.collections[navigation] === undefined)
      throw unknownProperty(navigation, table)
    if (target !== undefined) checkProjection(target, inner, call)
  }
}

/** The `@odata.context` of an answer: the set, what was selected and what was expanded. */
export function contextUrl(table: Table, options: QueryOptions, call: Call, single: boolean): string {
  return `${call.root}$metadata#${table.entitySet}${projection(options)}${single ? '/$entity' : ''}`
}

function projection(options: QueryOptions): string {
  const parts = [
    ...(options.select ?? []),
    ...options.expand.map(({ navigation, options: inner }) => `${navigation}${projection(inner) || '()'}`),
  ]
  return parts.length === 0 ? '' : `(${parts.join(',')})`
}
