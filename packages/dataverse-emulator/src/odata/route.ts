import type { Row } from '../store/row.ts'
import { asText } from '../store/value.ts'
import { isRecord, json, parseJson, text, type Reply } from '../http/exchange.ts'
import { OPERATIONS } from '../operations/index.ts'
import { checkBody, checkFunctionArguments, type Operation } from '../operations/operation.ts'
import { checkPrivilege } from '../security/privileges.ts'
import { refuseWhileBusy } from '../jobs/lock.ts'
import { navigationColumn, queriedColumn, servedName, type Table } from '../tables/table.ts'
import type { Ask } from './ask.ts'
import type { Call } from './call.ts'
import { unknownProperty } from './query/compile-filter.ts'
import { entityDefinitions } from './metadata/entity-definitions.ts'
import { refuse } from './errors.ts'
import { runFetchXml } from './query/fetch-xml.ts'
import { fileColumn } from './rows/file-column.ts'
import { metadataDocument, serviceDocument } from './metadata/metadata.ts'
import { multiple } from './rows/multiple.ts'
import { readQueryOptions, type QueryOptions } from './query/query-options.ts'
import { countRows, readCollection, readFetch, readRow } from './rows/read.ts'
import { checkProjection, contextUrl, serializeRow } from './rows/serialize.ts'
import { parseFunctionArguments, parseKey, parsePath, parseQuery, type Segment } from './url.ts'
import { findRow, missingRow, referencedId } from './rows/find-row.ts'
import { createRow, deleteRow, linkRow, update, upsertRow } from './rows/write.ts'

/** Sends an ask where it belongs: an operation, a table, or a document about them. */
export async function route(ask: Ask, call: Call): Promise<Reply> {
  const segments = parsePath(ask.resource)
  const [first, ...rest] = segments
  if (first === undefined) return json(200, serviceDocument(call))
  if (first.name === '$metadata') return metadataDocument(call.environment)
  if (/^(EntityDefinitions|GlobalOptionSetDefinitions|RelationshipDefinitions)$/.test(first.name))
    return entityDefinitions(segments, parseQuery(ask.query), call)
  const table = call.environment.tableOfSet(first.name)
  if (table !== undefined) return routeTable(table, first, rest, ask, call)
  const operation = OPERATIONS.get(first.name)
  if (operation === undefined || operation.boundTo !== undefined) throw refuse('notFoundPath', first.name)
  if (rest.length > 0) throw refuse('notFoundPath', rest[0]?.name ?? '')
  return runOperation(operation, first, ask, call)
}

async function routeTable(
  table: Table,
  first: Segment,
  rest: readonly Segment[],
  ask: Ask,
  call: Call,
): Promise<Reply> {
  const [second, third] = rest
  const options = readQueryOptions(parseQuery(ask.query))
  if (second === undefined) checkProjection(table, options, call)
  if (first.inside === undefined || first.inside === '') {
    const rows = call.environment.rowsOf(table)
    if (second?.name === '$count' && ask.method === 'GET') return countRows(rows, table, options, call)
    if (second?.name.startsWith('Microsoft.Dynamics.CRM.') === true && ask.method === 'POST') {
      checkPrivilege(call, 'Write', table)
      return multiple(second.name, table, jsonBody(ask), call)
    }
    if (second !== undefined) throw refuse('notFoundPath', second.name)
    if (ask.method === 'GET') {
      checkPrivilege(call, 'Read', table)
      const fetchXml = fetchXmlOf(ask.query)
      if (fetchXml !== undefined) return readFetch(runFetchXml(fetchXml, table, rows, call), table, call)
      return readCollection(rows, table, options, call, ask.resource, ask.query)
    }
    if (ask.method !== 'POST') throw refuse('wrongVerb', ask.method)
    checkPrivilege(call, 'Create', table)
    return createRow(table, jsonBody(ask), call, options)
  }
  const key = parseKey(first.inside, call.aliases)
  if (second === undefined) {
    switch (ask.method) {
      case 'GET': {
        checkPrivilege(call, 'Read', table)
        const row = findRow(table, key, call)
        if (row === undefined) throw missingRow(table, key)
        return readRow(row, table, options, call)
      }
      case 'PATCH':
      case 'PUT':
        checkPrivilege(call, 'Write', table)
        return upsertRow(table, key, jsonBody(ask), call, options)
      case 'DELETE':
        checkPrivilege(call, 'Delete', table)
        return deleteRow(table, key, call)
      default:
        throw refuse('wrongVerb', ask.method)
    }
  }
  const row = findRow(table, key, call)
  if (row === undefined) throw missingRow(table, key)
  return routeMember(table, row, second, third, ask, options, call)
}

/** What stands behind a row: an operation bound to it, a column, or related rows. */
async function routeMember(
  table: Table,
  row: Row,
  member: Segment,
  last: Segment | undefined,
  ask: Ask,
  options: QueryOptions,
  call: Call,
): Promise<Reply> {
  if (member.name.startsWith('Microsoft.Dynamics.CRM.')) {
    const operation = OPERATIONS.get(member.name.slice('Microsoft.Dynamics.CRM.'.length))
    if (operation?.boundTo !== table.logicalName) throw refuse('notFoundPath', member.name)
    return runOperation(operation, member, ask, call, row)
  }
  const lookup = navigationColumn(table, member.name)
  const collection = table.collections[member.name]
  const column = queriedColumn(table, member.name)
  if (column?.type === 'file' && (last === undefined || last.name === '$value'))
    return fileColumn(table, row, column, last !== undefined, ask, call)
  if (collection !== undefined) return routeCollection(table, row, member, last, ask, options, call)
  if (lookup !== undefined && !member.name.startsWith('_'))
    return routeLookup(table, row, member, last, ask, options, call)
  if (column === undefined) throw unknownProperty(member.name, table)
  const value = row[column.name] ?? null
  if (ask.method === 'GET') {
    if (last?.name === '$value') {
      return value === null
        ? { status: 204 }
        : { status: 200, headers: { 'Content-Type': 'text/plain' }, body: asText(value) }
    }
    if (value === null) return { status: 204 }
    return json(200, {
      '@odata.context': `${call.root}$metadata#${table.entitySet}(${asText(row[table.primaryKey])})/${servedName(column)}`,
      value,
    })
  }
  if (ask.method === 'PUT' || ask.method === 'PATCH') {
    const body = jsonBody(ask)
    return upsertRow(
      table,
      { id: asText(row[table.primaryKey]) },
      { [column.name]: isRecord(body) ? body['value'] : undefined },
      { ...call, headers: { ...call.headers, 'if-match': '*' } },
      options,
    )
  }
  if (ask.method !== 'DELETE') throw refuse('wrongVerb', ask.method)
  update(table, row, { [column.name]: null }, call)
  return { status: 204 }
}

function routeLookup(
  table: Table,
  row: Row,
  member: Segment,
  last: Segment | undefined,
  ask: Ask,
  options: QueryOptions,
  call: Call,
): Reply {
  const lookup = navigationColumn(table, member.name)
  const target = lookup?.target === undefined ? undefined : call.environment.tableNamed(lookup.target)
  if (lookup === undefined || target === undefined) throw unknownProperty(member.name, table)
  const id = row[lookup.name]
  if (last?.name === '$ref') {
    if (ask.method === 'PUT') return linkRow(table, row, member.name, jsonBody(ask), call)
    if (ask.method === 'DELETE') {
      update(table, row, { [lookup.name]: null }, call)
      return { status: 204 }
    }
    if (typeof id !== 'string') return { status: 204 }
    return json(200, {
      '@odata.context': `${call.root}$metadata#$ref`,
      '@odata.id': `${call.root}${target.entitySet}(${id})`,
    })
  }
  if (ask.method !== 'GET') throw refuse('wrongVerb', ask.method)
  const found = typeof id === 'string' ? call.environment.rowOf(target, id) : undefined
  return found === undefined ? { status: 204 } : readRow(found, target, options, call)
}

function routeCollection(
  table: Table,
  row: Row,
  member: Segment,
  last: Segment | undefined,
  ask: Ask,
  options: QueryOptions,
  call: Call,
): Reply {
  const collection = table.collections[member.name]
  const target = collection === undefined ? undefined : call.environment.tableNamed(collection.table)
  if (collection === undefined || target === undefined) throw unknownProperty(member.name, table)
  const rows = call.environment.related(table, row, collection)
  const own = asText(row[table.primaryKey])
  if (last?.name === '$count') return countRows(rows, target, options, call)
  if (last?.name !== '$ref') {
    if (ask.method !== 'GET') throw refuse('wrongVerb', ask.method)
    return readCollection(rows, target, options, call, ask.resource, ask.query)
  }
  if (ask.method === 'GET') {
    return json(200, {
      '@odata.context': `${call.root}$metadata#Collection($ref)`,
      value: rows.map((item) => ({
        '@odata.id': `${call.root}${target.entitySet}(${asText(item[target.primaryKey])})`,
      })),
    })
  }
  const body = ask.method === 'POST' ? jsonBody(ask) : undefined
  const named =
    member.inside === undefined || member.inside === ''
      ? (parseQuery(ask.query).get('$id') ?? (isRecord(body) ? body['@odata.id'] : undefined))
      : `${target.entitySet}(${member.inside})`
  if (typeof named !== 'string')
    throw refuse('badPayload', table.entitySet, "The property '@odata.id' is missing.")
  const other = referencedId(named, target.logicalName, call)
  const link = collection.through
  if (link === undefined) {
    const child = call.environment.rowOf(target, other)
    if (child !== undefined && collection.column !== undefined)
      update(target, child, { [collection.column]: ask.method === 'POST' ? own : null }, call)
  } else if (ask.method === 'POST') {
    call.environment.store.put(link.table, `${own}/${other}`, {
      [link.own]: own,
      [link.other]: other,
      [`${link.table}id`]: `${own}/${other}`,
    })
  } else {
    call.environment.store.remove(link.table, `${own}/${other}`)
  }
  return { status: 204 }
}

function fetchXmlOf(query: string): string | undefined {
  return [...parseQuery(query)].find(([name]) => name.toLowerCase() === 'fetchxml')?.[1]
}

async function runOperation(
  operation: Operation,
  segment: Segment,
  ask: Ask,
  call: Call,
  bound?: Row,
): Promise<Reply> {
  const verb = operation.kind === 'action' ? 'POST' : 'GET'
  if (ask.method !== verb) throw refuse('wrongVerb', ask.method)
  const input =
    operation.kind === 'action'
      ? checkBody(operation, ask.body.length === 0 ? {} : jsonBody(ask))
      : checkFunctionArguments(operation, parseFunctionArguments(segment.inside ?? '', call.aliases))
  if (operation.privilege !== undefined) checkPrivilege(call, operation.privilege)
  if (operation.exclusive !== undefined) refuseWhileBusy(call.environment, operation.exclusive)
  const result = await operation.handle(input, call, bound)
  if (operation.returns === undefined) return { status: 204 }
  const rows = /^Collection\(mscrm\.(\w+)\)$/.exec(operation.returns)?.[1]
  const table = rows === undefined ? undefined : call.environment.tableNamed(rows)
  if (table !== undefined && Array.isArray(result)) {
    const options = readQueryOptions(parseQuery(ask.query))
    const list: readonly Row[] = result
    return json(200, {
      '@odata.context': contextUrl(table, options, call, false),
      value: list.map((row) => serializeRow(row, table, options, call)),
    })
  }
  const type = operation.returns.startsWith('Collection(')
    ? operation.returns.replace('mscrm.', 'Microsoft.Dynamics.CRM.')
    : `Microsoft.Dynamics.CRM.${operation.returns}`
  return json(200, { '@odata.context': `${call.root}$metadata#${type}`, ...(isRecord(result) ? result : {}) })
}

function jsonBody(ask: Ask): unknown {
  const source = text({ ...ask.request, body: ask.body })
  const body = source.trim() === '' ? undefined : parseJson(source)
  if (body === undefined)
    throw refuse('badPayload', ask.resource, 'The request body could not be deserialized: it is no JSON.')
  return body
}
