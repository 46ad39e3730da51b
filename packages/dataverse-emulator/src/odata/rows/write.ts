import type { Row } from '../../store/row.ts'
import { asText } from '../../store/value.ts'
import { randomUUID } from 'node:crypto'
import { isoSeconds } from '../../clock.ts'
import { isRecord, json, type Reply } from '../../http/exchange.ts'
import { isGuid } from '../../stable-id.ts'
import { navigationColumn, type Table } from '../../tables/table.ts'
import { rulesOf } from '../../tables/rules.ts'
import type { Call } from '../call.ts'
import { refuse } from '../errors.ts'
import { appliedPreferences } from './read.ts'
import { defaultRow } from './default-row.ts'
import { findRow, missingRow, referencedId, sameValue } from './find-row.ts'
import { readPayload } from './payload.ts'
import type { QueryOptions } from '../query/query-options.ts'
import { contextUrl, etagOf, serializeRow } from './serialize.ts'
import type { Key } from '../url.ts'

/** POST to a set: 204 with the row's address, or 201 with the row when `return=representation`. */
export function createRow(table: Table, body: unknown, call: Call, options: QueryOptions): Reply {
  checkWritable(table)
  return created(insert(table, body, {}, call), table, call, options)
}

/** PATCH: updates, or creates what is not there unless `If-Match` forbids it. */
export function upsertRow(table: Table, key: Key, body: unknown, call: Call, options: QueryOptions): Reply {
  checkWritable(table)
  const before = findRow(table, key, call)
  if (before === undefined) {
    if (call.headers['if-match'] !== undefined) throw missingRow(table, key)
    return created(insert(table, body, keyValues(table, key), call), table, call, options)
  }
  if (call.headers['if-none-match'] === '*') throw refuse('duplicateKey')
  checkMatch(table, before, call)
  const after = update(table, before, readPayload(table, body, call).values, call)
  if (call.preferences.returnRepresentation) {
    return json(
      200,
      {
        '@odata.context': contextUrl(table, options, call, true),
        ...serializeRow(after, table, options, call),
      },
      { ...addresses(table, after, call, false), ...appliedPreferences(call) },
    )
  }
  return { status: 204, headers: addresses(table, after, call, false) }
}

export async function deleteRow(table: Table, key: Key, call: Call): Promise<Reply> {
  checkWritable(table)
  const row = findRow(table, key, call)
  if (row === undefined) throw missingRow(table, key)
  checkMatch(table, row, call)
  const done = await rulesOf(table).remove?.(row, call)
  if (done !== true) call.environment.store.remove(table.logicalName, asText(row[table.primaryKey]))
  return { status: 204 }
}

/** Stores changed columns; the row's version and times move on. */
export function update(table: Table, before: Row, values: Row, call: Call): Row {
  const merged: Row = {
    ...before,
    ...values,
    ...(table.columns.has('modifiedon') ? { modifiedon: isoSeconds(call.now) } : {}),
    ...(table.columns.has('modifiedby') ? { modifiedby: call.user['systemuserid'] ?? null } : {}),
    ...(table.hasVersion ? { versionnumber: call.environment.store.nextVersion() } : {}),
  }
  const after = rulesOf(table).update?.(before, merged, call) ?? merged
  checkUnique(table, after, call)
  call.environment.store.put(table.logicalName, asText(after[table.primaryKey]), after)
  return after
}

/** Makes a row of a request's body, with what the table fills in by itself. */
export function insert(table: Table, body: unknown, given: Row, call: Call): Row {
  const payload = readPayload(table, body, call)
  const parents = [...payload.parents].map(([column, parent]) => [
    column,
    insert(parent.table, parent.body, {}, call)[parent.table.primaryKey],
  ])
  const values: Row = { ...payload.values, ...Object.fromEntries(parents), ...given }
  const key = values[table.primaryKey]
  const row: Row = {
    ...defaultRow(table, call),
    ...Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)),
    [table.primaryKey]: typeof key === 'string' ? key : randomUUID(),
  }
  const stored = rulesOf(table).create?.(row, call) ?? row
  for (const column of table.columns.values()) {
    if (column.required && (stored[column.name] ?? null) === null) {
      throw refuse(
        'invalidArgument',
        `The required attribute '${column.name}' of the entity '${table.logicalName}' is missing.`,
      )
    }
  }
  if (call.environment.store.get(table.logicalName, asText(stored[table.primaryKey])) !== undefined)
    throw refuse('duplicateKey')
  checkUnique(table, stored, call)
  call.environment.store.put(table.logicalName, asText(stored[table.primaryKey]), stored)
  for (const [navigation, children] of payload.children)
    insertChildren(table, stored, navigation, children, call)
  return stored
}

/** Rows that come within their parent ("deep insert"). */
function insertChildren(
  table: Table,
  parent: Row,
  navigation: string,
  children: readonly unknown[],
  call: Call,
): void {
  const collection = table.collections[navigation]
  const child = collection === undefined ? undefined : call.environment.tableNamed(collection.table)
  if (child === undefined || collection?.column === undefined)
    throw refuse('badPayload', table.entitySet, `An undeclared property '${navigation}' was found.`)
  for (const item of children)
    insert(child, item, { [collection.column]: parent[table.primaryKey] ?? null }, call)
}

function keyValues(table: Table, key: Key): Row {
  if ('id' in key) {
    const { id } = key
    if (!isGuid(id)) throw refuse('badUrl', 'The key value is not a guid.')
    return { [table.primaryKey]: id.toLowerCase() }
  }
  return Object.fromEntries([...key.columns].map(([name, literal]) => [name, literal.value]))
}

function checkWritable(table: Table): void {
  if (!table.writable)
    throw refuse('badUrl', `The entity '${table.logicalName}' does not support this operation.`)
}

function checkMatch(table: Table, row: Row, call: Call): void {
  const wanted = call.headers['if-match']
  if (wanted === undefined || wanted === '*' || !table.hasVersion) return
  if (wanted !== etagOf(row)) throw refuse('staleEtag')
}

function checkUnique(table: Table, row: Row, call: Call): void {
  for (const columns of table.alternateKeys) {
    if (columns.some((name) => (row[name] ?? null) === null)) continue
    const twin = call.environment.store.find(
      table.logicalName,
      (other) =>
        other[table.primaryKey] !== row[table.primaryKey] &&
        columns.every((name) => sameValue(other[name], row[name])),
    )
    if (twin !== undefined) throw refuse('duplicateKey')
  }
}

function created(row: Row, table: Table, call: Call, options: QueryOptions): Reply {
  const headers = addresses(table, row, call, true)
  if (!call.preferences.returnRepresentation) return { status: 204, headers }
  const body = {
    '@odata.context': contextUrl(table, options, call, true),
    ...serializeRow(row, table, options, call),
  }
  return json(201, body, { ...headers, ...appliedPreferences(call) })
}

function addresses(table: Table, row: Row, call: Call, isNew: boolean): Record<string, string> {
  const url = `${call.root}${table.entitySet}(${asText(row[table.primaryKey])})`
  return {
    ...(isNew ? { Location: url } : {}),
    'OData-EntityId': url,
    ...(table.hasVersion ? { ETag: etagOf(row) } : {}),
  }
}

/** Sets or clears a single-valued navigation property by `$ref`. */
export function linkRow(table: Table, row: Row, navigation: string, body: unknown, call: Call): Reply {
  const column = navigationColumn(table, navigation)
  const reference = isRecord(body) ? body['@odata.id'] : undefined
  if (column === undefined || typeof reference !== 'string')
    throw refuse('badPayload', table.entitySet, "The property '@odata.id' is missing.")
  update(table, row, { [column.name]: referencedId(reference, column.target ?? '', call) }, call)
  return { status: 204 }
}
