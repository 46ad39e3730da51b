import type { Row, Value } from '../../store/row.ts'
import { isRecord } from '../../http/exchange.ts'
import { isGuid } from '../../stable-id.ts'
import { navigationColumn, type Column, type Table } from '../../tables/table.ts'
import type { Call } from '../call.ts'
import { EDM_TYPES } from '../metadata/edm-types.ts'
import { refuse } from '../errors.ts'
import { referencedId } from './find-row.ts'

/** A request's body, read against a table. */
export interface Payload {
  readonly values: Row
  /** Rows to be made with this one, by collection-valued navigation property. */
  readonly children: ReadonlyMap<string, readonly unknown[]>
  /** Rows to be made first, by the lookup column that will point to them. */
  readonly parents: ReadonlyMap<string, { readonly table: Table; readonly body: unknown }>
}

const BIND = '@odata.bind'
const EMPTY = '00000000-0000-0000-0000-000000000000'

/**
 * @throws ApiError 400 `0x80048d19` for what is not declared or of another type, `0x80040203` for an empty guid,
 * `0x8004431a` and `0x80044331` for values out of their limits
 */
export function readPayload(table: Table, body: unknown, call: Call): Payload {
  if (!isRecord(body))
    throw refuse('badPayload', table.entitySet, 'The request body could not be deserialized.')
  const values: Record<string, Value> = {}
  const nested: Nested = { children: new Map(), parents: new Map() }
  for (const [name, value] of Object.entries(body)) {
    if (name.endsWith(BIND)) bind(values, table, name.slice(0, -BIND.length), value, call)
    else if (name.includes('@')) continue
    else if (!readColumn(values, table, name, value)) readNested(nested, table, name, value, call)
  }
  return { values, ...nested }
}

function bind(
  values: Record<string, Value>,
  table: Table,
  navigation: string,
  value: unknown,
  call: Call,
): void {
  const column = navigationColumn(table, navigation)
  if (column === undefined) {
    throw refuse(
      'badPayload',
      table.entitySet,
      `An undeclared property '${navigation}' which only has property annotations in the payload but no property value was found in the payload. In OData, only declared navigation properties and declared named streams can be represented as properties without values.`,
    )
  }
  if (value === null) values[column.name] = null
  else if (typeof value === 'string') values[column.name] = referencedId(value, column.target ?? '', call)
  else throw mistyped(table, navigation + BIND, 'Edm.String')
}

function readColumn(values: Record<string, Value>, table: Table, name: string, value: unknown): boolean {
  const column = table.columns.get(name)
  if (column === undefined || (column.navigation === name && isRecord(value))) return false
  if (column.navigation !== undefined) {
    if (value !== null)
      throw refuse(
        'badPayload',
        table.entitySet,
        'CRM do not support direct update of Entity Reference properties, Use Navigation properties instead.',
      )
    values[name] = null
  } else {
    const read = readValue(column, table, value)
    if (!column.readOnly) values[name] = read
  }
  return true
}

interface Nested {
  readonly children: Map<string, readonly unknown[]>
  readonly parents: Map<string, { readonly table: Table; readonly body: unknown }>
}

function readNested(nested: Nested, table: Table, name: string, value: unknown, call: Call): void {
  const lookup = navigationColumn(table, name)
  const target = lookup?.target === undefined ? undefined : call.environment.tableNamed(lookup.target)
  if (lookup !== undefined && target !== undefined && isRecord(value)) {
    nested.parents.set(lookup.name, { table: target, body: value })
    return
  }
  if (table.collections[name] !== undefined && Array.isArray(value)) {
    nested.children.set(name, value)
    return
  }
  // A read row may be sent back whole: its `_x_value` members are not columns to write.
  throw refuse(
    'badPayload',
    table.entitySet,
    `The property '${name}' does not exist on type 'Microsoft.Dynamics.CRM.${table.logicalName}'. Make sure to only use property names that are defined by the type.`,
  )
}

/** The names that refusals give to types; of files and managed properties they are others than in the metadata. */
const EDM: Readonly<Record<Column['type'], string>> = {
  ...EDM_TYPES,
  managed: 'Microsoft.Dynamics.CRM.BooleanManagedProperty',
  file: 'Edm.Binary',
}

function readValue(column: Column, table: Table, value: unknown): Value {
  if (value === null) {
    if (column.required) throw refuse('requiredMissing', column.name)
    return null
  }
  switch (column.type) {
    case 'key':
    case 'guid':
    case 'lookup':
    case 'owner':
      if (!isGuid(value)) throw mistyped(table, column.name, EDM[column.type])
      if (column.type === 'key' && value === EMPTY)
        throw refuse('invalidArgument', `Expected non-empty Guid for '${column.name}'.`)
      return value.toLowerCase()
    case 'text':
    case 'memo':
    case 'file':
      if (typeof value !== 'string') throw mistyped(table, column.name, EDM[column.type])
      if (column.maxLength !== undefined && value.length > column.maxLength)
        throw refuse('tooLong', column.name, table.logicalName, column.maxLength)
      return value
    case 'int':
    case 'long':
    case 'choice':
      if (typeof value !== 'number' || !Number.isSafeInteger(value))
        throw mistyped(table, column.name, EDM[column.type])
      return inRange(column, table, value)
    case 'double':
      if (typeof value !== 'number') throw mistyped(table, column.name, EDM[column.type])
      return value
    case 'boolean':
      if (typeof value !== 'boolean') throw mistyped(table, column.name, EDM[column.type])
      return value
    case 'managed': {
      const inner = isRecord(value) ? value['Value'] : value
      if (typeof inner !== 'boolean') throw mistyped(table, column.name, EDM[column.type])
      return inner
    }
    case 'time':
      if (typeof value !== 'string' || Number.isNaN(Date.parse(value)))
        throw mistyped(table, column.name, EDM[column.type])
      return value
  }
}

function inRange(column: Column, table: Table, value: number): number {
  if (column.options !== undefined && !column.options.has(value)) {
    throw refuse(
      'choiceOutOfRange',
      value,
      column.name,
      table.logicalName,
      [...column.options.keys()].join(','),
    )
  }
  const [low, high] = column.range ?? [-Infinity, Infinity]
  if (value < low || value > high)
    throw refuse('invalidArgument', `The value ${value} of '${column.name}' is outside of ${low} to ${high}.`)
  return value
}

function mistyped(table: Table, name: string, type: string): Error {
  return refuse(
    'badPayload',
    table.entitySet,
    `Cannot convert the literal of the property '${name}' to the expected type '${type}'. The value could not be deserialized.`,
  )
}
