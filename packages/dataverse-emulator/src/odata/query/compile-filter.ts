import type { Row, Value } from '../../store/row.ts'
import type { Environment } from '../../environment.ts'
import { navigationColumn, queriedColumn, type Column, type Table } from '../../tables/table.ts'
import { refuse } from '../errors.ts'
import type { Comparison, Expression, Literal } from './filter-syntax.ts'
import { QUERY_FUNCTIONS } from './query-functions.ts'

type Test = (row: Row) => boolean

/** What a filter is compiled for: the table whose rows it judges, and who asks and when. */
export interface FilterScope {
  readonly environment: Environment
  readonly table: Table
  readonly userId: string
  readonly businessUnitId: string
  readonly now: number
  /** Inside `any(x:…)`: the name by which the rows are called. */
  readonly variable?: string
}

type Comparable = string | number | boolean | null

/** Something with a value per row, and the kind of its values. */
interface Operand {
  readonly type: Literal['type']
  readonly column?: Column
  readonly of: (row: Row) => Comparable
}

/**
 * Turns a filter into a test of a row.
 * @throws ApiError 400 `0x80060888` for unknown columns, functions and types that cannot be compared
 */
export function compileFilter(expression: Expression, scope: FilterScope): Test {
  switch (expression.kind) {
    case 'and':
    case 'or': {
      const [left, right] = [compileFilter(expression.left, scope), compileFilter(expression.right, scope)]
      return expression.kind === 'and' ? (row) => left(row) && right(row) : (row) => left(row) || right(row)
    }
    case 'not': {
      const inner = compileFilter(expression.inner, scope)
      return (row) => !inner(row)
    }
    case 'compare':
      return compileComparison(expression.operator, expression.left, expression.right, scope)
    case 'in': {
      const tests = expression.values.map((value) => compileComparison('eq', expression.left, value, scope))
      return (row) => tests.some((test) => test(row))
    }
    case 'call':
      return compileCall(expression.name, expression.parameters, scope)
    case 'query-function':
      return compileQueryFunction(expression.name, expression.arguments, scope)
    case 'any':
    case 'all':
      return compileLambda(expression, scope)
    case 'path': {
      const operand = operandOf(expression, scope)
      if (operand.type !== 'boolean')
        throw refuse('badUrl', 'The $filter expression must evaluate to a single boolean value.')
      return (row) => operand.of(row) === true
    }
    case 'literal':
      if (expression.type !== 'boolean')
        throw refuse('badUrl', 'The $filter expression must evaluate to a single boolean value.')
      return () => expression.value === true
  }
}

function compileComparison(
  operator: Comparison,
  leftSide: Expression,
  rightSide: Expression,
  scope: FilterScope,
): Test {
  if (isTest(leftSide) && rightSide.kind === 'literal' && rightSide.type === 'boolean') {
    // `contains(name,'x') eq true`
    const inner = compileFilter(leftSide, scope)
    return (row) => (operator === 'ne') !== (inner(row) === rightSide.value)
  }
  const [left, right] = [operandOf(leftSide, scope), operandOf(rightSide, scope)]
  const type = commonType(left, right)
  if (type === undefined) {
    throw refuse(
      'badUrl',
      `A binary operator with incompatible types was detected. Found operand types '${edm(left.type)}' and '${edm(right.type)}' for operator kind '${operator}'.`,
    )
  }
  const compare = COMPARE[operator]
  return (row) => compare(comparable(left.of(row), type), comparable(right.of(row), type))
}

const COMPARE: Readonly<Record<Comparison, (left: Comparable, right: Comparable) => boolean>> = {
  eq: (left, right) => left === right,
  // The service's "not equal" also finds rows without a value.
  ne: (left, right) => left !== right,
  gt: (left, right) => left !== null && right !== null && left > right,
  ge: (left, right) => left !== null && right !== null && left >= right,
  lt: (left, right) => left !== null && right !== null && left < right,
  le: (left, right) => left !== null && right !== null && left <= right,
}

function isTest(side: Expression): boolean {
  return side.kind !== 'path' && side.kind !== 'literal'
}

function commonType(left: Operand, right: Operand): Literal['type'] | undefined {
  if (left.type === right.type) return left.type
  if (left.type === 'null') return right.type
  if (right.type === 'null') return left.type
  const types = new Set([left.type, right.type])
  // Text is taken where a guid or a time is meant, when it is one.
  if (types.has('string') && (types.has('guid') || types.has('time')))
    return types.has('guid') ? 'guid' : 'time'
  return undefined
}

function comparable(value: Comparable, type: Literal['type']): Comparable {
  if (typeof value !== 'string') return value
  if (type === 'time') return Date.parse(value)
  // Text compares without regard to case, as the service's database does.
  return value.toLowerCase()
}

function edm(type: Literal['type']): string {
  return {
    string: 'Edm.String',
    number: 'Edm.Int32',
    boolean: 'Edm.Boolean',
    null: 'null',
    guid: 'Edm.Guid',
    time: 'Edm.DateTimeOffset',
  }[type]
}

const COLUMN_KINDS: Readonly<Record<Column['type'], Literal['type']>> = {
  key: 'guid',
  guid: 'guid',
  lookup: 'guid',
  owner: 'guid',
  text: 'string',
  memo: 'string',
  int: 'number',
  long: 'number',
  double: 'number',
  choice: 'number',
  boolean: 'boolean',
  managed: 'boolean',
  time: 'time',
  file: 'string',
}

function operandOf(expression: Expression, scope: FilterScope): Operand {
  if (expression.kind === 'literal') {
    const { type, value } = expression
    return { type, of: () => value }
  }
  if (expression.kind !== 'path') throw refuse('badUrl', 'Only columns and literals can be compared.')
  return pathOperand(withoutVariable(expression.path, scope), scope.table, scope.environment)
}

function withoutVariable(path: readonly string[], scope: FilterScope): readonly string[] {
  return scope.variable !== undefined && path[0] === scope.variable ? path.slice(1) : path
}

function pathOperand(path: readonly string[], table: Table, environment: Environment): Operand {
  const [first = '', ...rest] = path
  if (rest.length > 0) {
    const managed = table.columns.get(first)
    if (managed?.type === 'managed' && rest[0] === 'Value') return columnOperand(managed)
    const lookup = navigationColumn(table, first)
    const target = lookup?.target === undefined ? undefined : environment.tableNamed(lookup.target)
    if (lookup === undefined || target === undefined) throw unknownProperty(first, table)
    const inner = pathOperand(rest, target, environment)
    return {
      ...inner,
      of(row) {
        const id = row[lookup.name]
        const found = typeof id === 'string' ? environment.rowOf(target, id) : undefined
        return found === undefined ? null : inner.of(found)
      },
    }
  }
  const column = queriedColumn(table, first)
  if (column === undefined) throw unknownProperty(first, table)
  if (table.unfilterable.has(column.name))
    throw refuse(
      'badUrl',
      `The column '${column.name}' of '${table.logicalName}' cannot be used in a filter.`,
    )
  return columnOperand(column)
}

function columnOperand(column: Column): Operand {
  return { type: COLUMN_KINDS[column.type], column, of: (row) => plain(row[column.name]) }
}

function plain(value: Value | undefined): Comparable {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
}

export function unknownProperty(name: string, table: Table): Error {
  return refuse(
    'badUrl',
    `Could not find a property named '${name}' on type 'Microsoft.Dynamics.CRM.${table.logicalName}'.`,
  )
}

const TEXT_TESTS: Readonly<Record<string, (text: string, part: string) => boolean>> = {
  contains: (text, part) => text.includes(part),
  startswith: (text, part) => text.startsWith(part),
  endswith: (text, part) => text.endsWith(part),
}

function compileCall(name: string, parameters: readonly Expression[], scope: FilterScope): Test {
  const test = TEXT_TESTS[name]
  if (test === undefined)
    throw refuse(
      'badUrl',
      `An unknown function with name '${name}' was found. This may also be a function import or a key lookup on a navigation property, which is not allowed.`,
    )
  const [text, part] = parameters
  if (text === undefined || part === undefined || parameters.length !== 2) {
    throw refuse(
      'badUrl',
      `No function signature for the function with name '${name}' matches the specified arguments.`,
    )
  }
  const [left, right] = [operandOf(text, scope), operandOf(part, scope)]
  if (left.type !== 'string' || right.type !== 'string') {
    throw refuse(
      'badUrl',
      `No function signature for the function with name '${name}' matches the specified arguments. The function signatures considered are: ${name}(Edm.String Nullable=true, Edm.String Nullable=true).`,
    )
  }
  return (row) => {
    const [whole, piece] = [left.of(row), right.of(row)]
    return (
      typeof whole === 'string' && typeof piece === 'string' && test(whole.toLowerCase(), piece.toLowerCase())
    )
  }
}

function compileQueryFunction(
  name: string,
  named: ReadonlyMap<string, Literal | readonly Literal[]>,
  scope: FilterScope,
): Test {
  const queryFunction = QUERY_FUNCTIONS[name]
  if (queryFunction === undefined)
    throw refuse('badUrl', `An unknown function with name 'Microsoft.Dynamics.CRM.${name}' was found.`)
  const property = named.get('PropertyName')
  if (property === undefined || !('kind' in property) || typeof property.value !== 'string') {
    throw refuse('badUrl', `The parameter 'PropertyName' of the function '${name}' is missing.`)
  }
  const operand = pathOperand(property.value.split('/'), scope.table, scope.environment)
  const given = named.get('PropertyValues') ?? named.get('PropertyValue')
  const values = given === undefined ? [] : 'kind' in given ? [given] : given
  const read = (item: Literal) => comparable(typed(item.value, operand.type), operand.type)
  const test = queryFunction(values.map(read), scope)
  return (row) => test(comparable(operand.of(row), operand.type))
}

/** `PropertyValues` are texts whatever the column is. */
function typed(value: Literal['value'], type: Literal['type']): Comparable {
  if (typeof value !== 'string') return value
  if (type === 'number') return Number(value)
  if (type === 'boolean') return value === 'true' || value === '1'
  return value
}

function compileLambda(expression: Extract<Expression, { kind: 'any' | 'all' }>, scope: FilterScope): Test {
  const path = withoutVariable(expression.path, scope)
  const name = path.at(-1) ?? ''
  const collection = scope.table.collections[name]
  const target = collection === undefined ? undefined : scope.environment.tableNamed(collection.table)
  if (collection === undefined || target === undefined || path.length !== 1)
    throw unknownProperty(path.join('/'), scope.table)
  const inner =
    expression.inner === undefined
      ? () => true
      : compileFilter(expression.inner, {
          ...scope,
          table: target,
          ...(expression.variable === undefined ? {} : { variable: expression.variable }),
        })
  return (row) => {
    const rows = scope.environment.related(scope.table, row, collection)
    return expression.kind === 'any' ? rows.some(inner) : rows.every(inner)
  }
}
