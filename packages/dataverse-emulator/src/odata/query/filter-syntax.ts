import { refuse } from '../errors.ts'

/**
 * The expressions of `$filter`. The one OData parser on npm that is still looked after (@balena/odata-parser)
 * refuses the bare guids and dates of OData v4 and Dataverse's query functions, hence this small strict one.
 */
export type Expression =
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'not'; readonly inner: Expression }
  | {
      readonly kind: 'compare'
      readonly operator: Comparison
      readonly left: Expression
      readonly right: Expression
    }
  | { readonly kind: 'in'; readonly left: Expression; readonly values: readonly Expression[] }
  | { readonly kind: 'call'; readonly name: string; readonly parameters: readonly Expression[] }
  /** A query function of the service: `Microsoft.Dynamics.CRM.In(PropertyName='x',PropertyValues=['a'])`. */
  | {
      readonly kind: 'query-function'
      readonly name: string
      readonly arguments: ReadonlyMap<string, Literal | readonly Literal[]>
    }
  | {
      readonly kind: 'any' | 'all'
      readonly path: readonly string[]
      readonly variable?: string
      readonly inner?: Expression
    }
  | { readonly kind: 'path'; readonly path: readonly string[] }
  | Literal

export type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le'

export interface Literal {
  readonly kind: 'literal'
  readonly type: 'string' | 'number' | 'boolean' | 'null' | 'guid' | 'time'
  readonly value: string | number | boolean | null
}

interface Token {
  readonly kind: 'word' | 'literal' | 'alias' | 'sign' | 'space' | 'end'
  readonly text: string
  readonly literal?: Literal
  readonly at: number
}

const LEXEMES: readonly (readonly [Token['kind'], RegExp, Literal['type']?])[] = [
  ['space', /[ \t]+/y],
  ['literal', /'(?:[^']|'')*'/y, 'string'],
  ['literal', /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])/iy, 'guid'],
  ['literal', /\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?(?![\w-])/iy, 'time'],
  ['literal', /[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?[mdfl]?(?![\w.-])/iy, 'number'],
  ['alias', /@[A-Za-z_]\w*/y],
  ['word', /[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*/y],
  ['sign', /[()[\],:=/]/y],
]

const WORD_LITERALS: ReadonlyMap<string, Literal> = new Map([
  ['null', { kind: 'literal', type: 'null', value: null }],
  ['true', { kind: 'literal', type: 'boolean', value: true }],
  ['false', { kind: 'literal', type: 'boolean', value: false }],
])
const COMPARISONS: ReadonlyMap<string, Comparison> = new Map(
  (['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const).map((word) => [word, word]),
)
const QUERY_FUNCTION = 'Microsoft.Dynamics.CRM.'
/** Far beyond what clients send; keeps a hostile filter from exhausting the stack. */
const DEEPEST = 200

/**
 * Parses a filter.
 * @param aliases parameter aliases of the query, `@name` to literal
 * @throws ApiError 400 `0x80060888` with the position
 */
export function parseFilter(source: string, aliases: ReadonlyMap<string, string>): Expression {
  const reader = createReader(tokenize(source), source, aliases)
  const expression = reader.expression(0)
  reader.expectEnd()
  return expression
}

/** Parses a literal such as a key or a function's argument. */
export function parseLiteral(source: string): Literal | undefined {
  const word = WORD_LITERALS.get(source)
  if (word !== undefined) return word
  // An enum may come with its type's name before the member's: Microsoft.Dynamics.CRM.EndpointAccessType'Default'.
  const member = /^(?:Microsoft\.Dynamics\.CRM|mscrm)\.\w+('[^']*')$/.exec(source)?.[1]
  if (member !== undefined) return literal('string', member)
  for (const [kind, pattern, type] of LEXEMES) {
    if (kind !== 'literal' || type === undefined) continue
    pattern.lastIndex = 0
    const match = pattern.exec(source)
    if (match !== null && match[0].length === source.length) return literal(type, match[0])
  }
  return undefined
}

function literal(type: Literal['type'], text: string): Literal {
  if (type === 'string') return { kind: 'literal', type, value: text.slice(1, -1).replaceAll("''", "'") }
  if (type === 'number') return { kind: 'literal', type, value: Number(text.replace(/[mdfl]$/i, '')) }
  return { kind: 'literal', type, value: type === 'guid' ? text.toLowerCase() : text }
}

function tokenize(source: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < source.length) {
    const token = tokenAt(source, at)
    if (token === undefined) throw syntaxError(source, at)
    if (token.kind !== 'space') tokens.push(token)
    at += token.text.length
  }
  return tokens
}

function tokenAt(source: string, at: number): Token | undefined {
  for (const [kind, pattern, type] of LEXEMES) {
    pattern.lastIndex = at
    const text = pattern.exec(source)?.[0]
    if (text === undefined) continue
    const found =
      kind === 'word' ? WORD_LITERALS.get(text) : type === undefined ? undefined : literal(type, text)
    return {
      kind: found === undefined ? kind : 'literal',
      text,
      at,
      ...(found === undefined ? {} : { literal: found }),
    }
  }
  return undefined
}

function syntaxError(source: string, at: number): Error {
  return refuse('badUrl', `Syntax error at position ${at} in '${source.slice(0, 200)}'.`)
}

interface Reader {
  expression(depth: number): Expression
  expectEnd(): void
}

function createReader(
  tokens: readonly Token[],
  source: string,
  aliases: ReadonlyMap<string, string>,
): Reader {
  let index = 0
  const last: Token = { kind: 'end', text: '', at: source.length }
  const peek = () => tokens[index] ?? last
  const fail = () => syntaxError(source, peek().at)
  const take = () => {
    const token = peek()
    if (token.kind !== 'end') index += 1
    return token
  }
  const isWord = (word: string) => peek().kind === 'word' && peek().text === word
  const isSign = (sign: string) => peek().kind === 'sign' && peek().text === sign
  const expect = (sign: string) => {
    if (!isSign(sign)) throw fail()
    take()
  }

  function chain(word: 'and' | 'or', next: (depth: number) => Expression, depth: number): Expression {
    let left = next(depth)
    while (isWord(word)) {
      take()
      left = { kind: word, left, right: next(depth) }
    }
    return left
  }
  const expression = (depth: number): Expression => {
    if (depth > DEEPEST) throw refuse('badUrl', 'The filter is nested too deeply.')
    return chain('or', (inner) => chain('and', negation, inner), depth + 1)
  }
  function negation(depth: number): Expression {
    if (!isWord('not')) return comparison(depth)
    if (depth > DEEPEST) throw refuse('badUrl', 'The filter is nested too deeply.')
    take()
    return { kind: 'not', inner: negation(depth + 1) }
  }
  function comparison(depth: number): Expression {
    const left = operand(depth)
    if (peek().kind !== 'word') return left
    const word = peek().text
    if (word === 'in') {
      take()
      return { kind: 'in', left, values: list('(', ')', () => operand(depth)) }
    }
    const operator = COMPARISONS.get(word)
    if (operator === undefined) return left
    take()
    return { kind: 'compare', operator, left, right: operand(depth) }
  }
  function list<T>(open: string, close: string, item: () => T): T[] {
    expect(open)
    const items: T[] = []
    if (!isSign(close)) {
      items.push(item())
      while (isSign(',')) {
        take()
        items.push(item())
      }
    }
    expect(close)
    return items
  }
  function operand(depth: number): Expression {
    const token = peek()
    if (isSign('(')) {
      take()
      const inner = expression(depth)
      expect(')')
      return inner
    }
    if (token.kind === 'literal' || token.kind === 'alias') return literalValue()
    if (token.kind !== 'word') throw fail()
    take()
    if (isSign('(')) {
      if (token.text.startsWith(QUERY_FUNCTION)) return queryFunction(token.text.slice(QUERY_FUNCTION.length))
      return { kind: 'call', name: token.text, parameters: list('(', ')', () => operand(depth)) }
    }
    return pathFrom(token.text, depth)
  }
  function pathFrom(first: string, depth: number): Expression {
    const path = [first]
    while (isSign('/')) {
      take()
      const segment = take()
      if (segment.kind !== 'word') throw fail()
      if ((segment.text === 'any' || segment.text === 'all') && isSign('('))
        return lambda(segment.text, path, depth)
      path.push(segment.text)
    }
    return { kind: 'path', path }
  }
  function lambda(kind: 'any' | 'all', path: readonly string[], depth: number): Expression {
    expect('(')
    if (isSign(')')) {
      take()
      return { kind, path }
    }
    const variable = take()
    if (variable.kind !== 'word') throw fail()
    expect(':')
    const inner = expression(depth + 1)
    expect(')')
    return { kind, path, variable: variable.text, inner }
  }
  function queryFunction(name: string): Expression {
    const named = new Map<string, Literal | readonly Literal[]>()
    list('(', ')', () => {
      const parameter = take()
      if (parameter.kind !== 'word') throw fail()
      expect('=')
      named.set(parameter.text, isSign('[') ? list('[', ']', literalValue) : literalValue())
    })
    return { kind: 'query-function', name, arguments: named }
  }
  function literalValue(): Literal {
    const token = take()
    if (token.literal !== undefined) return token.literal
    const found = token.kind === 'alias' ? aliases.get(token.text) : undefined
    const value = found === undefined ? undefined : parseLiteral(found)
    if (value === undefined) throw fail()
    return value
  }
  return {
    expression,
    expectEnd() {
      if (peek().kind !== 'end') throw fail()
    },
  }
}
