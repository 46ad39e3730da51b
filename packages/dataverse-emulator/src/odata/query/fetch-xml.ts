import type { Row } from '../../store/row.ts'
import { parseXml, type XmlElement } from '@dsa/solution-package'
import { isLookup, queriedColumn, type Column, type Table } from '../../tables/table.ts'
import type { Call } from '../call.ts'
import { compileFilter, unknownProperty } from './compile-filter.ts'
import { refuse } from '../errors.ts'
import type { Comparison, Expression, Literal } from './filter-syntax.ts'
import type { QueryOptions } from './query-options.ts'

/** A FetchXML query in the terms of OData. */
export interface FetchQuery {
  readonly rows: readonly Row[]
  readonly options: QueryOptions
  readonly pageSize?: number
  readonly page: number
}

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  eq: 'eq',
  ne: 'ne',
  neq: 'ne',
  gt: 'gt',
  ge: 'ge',
  lt: 'lt',
  le: 'le',
  on: 'eq',
}
const MOST = 5000

/**
 * Carries out a FetchXML query on one table: attributes, filters, order, `top`, `count` and `page`. Joins and
 * aggregates are refused.
 * @throws ApiError 400 for what is not well-formed, not known or not served
 */
export function runFetchXml(source: string, table: Table, rows: readonly Row[], call: Call): FetchQuery {
  const fetch = readFetch(source)
  const entity = fetch.element('entity')
  if (entity?.attribute('name') !== table.logicalName) {
    throw refuse('badUrl', `The entity of the FetchXML must be '${table.logicalName}'.`)
  }
  if (fetch.attribute('aggregate') === 'true' || entity.element('link-entity') !== undefined) {
    throw refuse('badUrl', 'Joins and aggregates of FetchXML are not supported by this emulator.')
  }
  const test = entity
    .elements('filter')
    .map((item) => compileFilter(group(item, table), scopeOf(table, call)))
  const kept = rows.filter((row) => test.every((matches) => matches(row)))
  const top = Number(fetch.attribute('top')) || undefined
  const count = Number(fetch.attribute('count')) || undefined
  const select =
    entity.element('all-attributes') === undefined
      ? entity.elements('attribute').map((item) => item.attribute('name') ?? '')
      : []
  return {
    rows: kept,
    options: {
      ...(select.length === 0 ? {} : { select }),
      orderBy: entity.elements('order').map((item) => ({
        path: item.attribute('attribute') ?? '',
        descending: item.attribute('descending') === 'true',
      })),
      ...(top === undefined ? {} : { top }),
      count: fetch.attribute('returntotalrecordcount') === 'true',
      expand: [],
    },
    pageSize: Math.min(count ?? MOST, MOST),
    page: Math.max(Number(fetch.attribute('page')) || 1, 1),
  }
}

function readFetch(source: string): XmlElement {
  try {
    const { root } = parseXml(Buffer.from(source), 'fetchXml')
    if (root.is('fetch')) return root
  } catch (error) {
    throw Object.assign(refuse('badUrl', 'Invalid XML.'), { cause: error })
  }
  throw refuse('badUrl', 'Invalid XML.')
}

function scopeOf(table: Table, { environment, user, now }: Call) {
  const id = user['systemuserid']
  return {
    environment,
    table,
    userId: typeof id === 'string' ? id : '',
    businessUnitId: environment.businessUnitId,
    now,
  }
}

function group(filter: XmlElement, table: Table): Expression {
  const parts = [
    ...filter.elements('condition').map((item) => condition(item, table)),
    ...filter.elements('filter').map((item) => group(item, table)),
  ]
  const kind = filter.attribute('type') === 'or' ? 'or' : 'and'
  const always: Expression = { kind: 'literal', type: 'boolean', value: true }
  return parts.length === 0 ? always : parts.reduce((left, right) => ({ kind, left, right }))
}

function condition(item: XmlElement, table: Table): Expression {
  const name = item.attribute('attribute') ?? ''
  const column = queriedColumn(table, name)
  if (column === undefined) throw unknownProperty(name, table)
  const left: Expression = { kind: 'path', path: [isLookup(column) ? `_${column.name}_value` : column.name] }
  const operator = item.attribute('operator') ?? 'eq'
  const value = item.attribute('value') ?? ''
  const comparison = COMPARISONS[operator]
  if (comparison !== undefined)
    return { kind: 'compare', operator: comparison, left, right: literal(column, value) }
  switch (operator) {
    case 'null':
    case 'not-null':
      return {
        kind: 'compare',
        operator: operator === 'null' ? 'eq' : 'ne',
        left,
        right: { kind: 'literal', type: 'null', value: null },
      }
    case 'in':
      return { kind: 'in', left, values: item.elements('value').map((each) => literal(column, each.text)) }
    case 'like':
    case 'not-like': {
      const like = pattern(left, value)
      return operator === 'like' ? like : { kind: 'not', inner: like }
    }
    case 'begins-with':
      return { kind: 'call', name: 'startswith', parameters: [left, string(value)] }
    case 'ends-with':
      return { kind: 'call', name: 'endswith', parameters: [left, string(value)] }
    case 'eq-userid':
      return {
        kind: 'query-function',
        name: 'EqualUserId',
        arguments: new Map([['PropertyName', string(left.path.join('/'))]]),
      }
    default:
      throw refuse('badUrl', `The condition operator '${operator}' is not supported by this emulator.`)
  }
}

function string(value: string): Literal {
  return { kind: 'literal', type: 'string', value }
}

/** `%a%`, `a%` and `%a`; without a sign the whole text. */
function pattern(left: Expression, value: string): Expression {
  const bare = value.replace(/^%|%$/g, '')
  const [start, end] = [value.startsWith('%'), value.endsWith('%')]
  if (!start && !end) return { kind: 'compare', operator: 'eq', left, right: string(bare) }
  return {
    kind: 'call',
    name: start && end ? 'contains' : start ? 'endswith' : 'startswith',
    parameters: [left, string(bare)],
  }
}

function literal(column: Column, value: string): Literal {
  switch (column.type) {
    case 'int':
    case 'long':
    case 'double':
    case 'choice':
      return { kind: 'literal', type: 'number', value: Number(value) }
    case 'boolean':
    case 'managed':
      return { kind: 'literal', type: 'boolean', value: value === '1' || value === 'true' }
    case 'key':
    case 'guid':
    case 'lookup':
    case 'owner':
      return { kind: 'literal', type: 'guid', value: value.replace(/[{}]/g, '').toLowerCase() }
    case 'time':
      return { kind: 'literal', type: 'time', value }
    case 'text':
    case 'memo':
    case 'file':
      return string(value)
  }
}
