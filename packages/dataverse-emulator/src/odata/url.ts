import { parseJson } from '../http/exchange.ts'
import { refuse } from './errors.ts'
import { parseLiteral, type Literal } from './query/filter-syntax.ts'

/** One segment of a resource path: `solutions`, `solutions(guid)`, `Function(Name=@p)`, `$count`. */
export interface Segment {
  readonly name: string
  /** What stands in the parentheses; absent when there are none. */
  readonly inside?: string
}

/**
 * Splits a resource path. Parentheses and quotes may come percent-encoded, and a quoted key may hold a slash.
 * @throws ApiError 400 for text that cannot be decoded or parentheses that do not close
 */
export function parsePath(encoded: string): readonly Segment[] {
  const path = encoded.replace(/%28/g, '(').replace(/%29/g, ')').replace(/%27/g, "'")
  const segments: Segment[] = []
  for (const piece of splitOutside(path, '/')) {
    if (piece === '') continue
    const text = decode(piece)
    const open = text.indexOf('(')
    if (open < 0) segments.push({ name: text })
    else if (text.endsWith(')'))
      segments.push({ name: text.slice(0, open), inside: text.slice(open + 1, -1).trim() })
    else throw refuse('badUrl', `Bad Request - Error in query syntax.`)
  }
  return segments
}

/** Splits at a separator that is not within quotes or parentheses. */
export function splitOutside(source: string, separator: string): string[] {
  const pieces: string[] = []
  let depth = 0
  let quoted = false
  let start = 0
  for (let at = 0; at < source.length; at += 1) {
    const sign = source[at]
    if (sign === "'") quoted = !quoted
    else if (quoted) continue
    else if (sign === '(' || sign === '[') depth += 1
    else if (sign === ')' || sign === ']') depth -= 1
    else if (sign === separator && depth === 0) {
      pieces.push(source.slice(start, at))
      start = at + 1
    }
  }
  pieces.push(source.slice(start))
  return pieces
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw refuse('badUrl', 'Bad Request - Error in query syntax.')
  }
}

/** The query's parameters in order; `+` is a space. Parameter names keep their `$` and `@`. */
export function parseQuery(encoded: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>()
  for (const piece of encoded.split('&')) {
    if (piece === '') continue
    const equals = piece.indexOf('=')
    const name = decode((equals < 0 ? piece : piece.slice(0, equals)).replaceAll('+', ' ')).trim()
    const value = equals < 0 ? '' : decode(piece.slice(equals + 1).replaceAll('+', ' '))
    if (name.startsWith('$') && parameters.has(name)) {
      throw refuse(
        'badUrl',
        `Query option '${name}' was specified more than once, but it must be specified at most once.`,
      )
    }
    parameters.set(name, value)
  }
  return parameters
}

/** A key: a guid alone, or column values of an alternate key. */
export type Key = { readonly id: string } | { readonly columns: ReadonlyMap<string, Literal> }

export function parseKey(inside: string, aliases: ReadonlyMap<string, string>): Key {
  const single = resolve(inside, aliases)
  if (single !== undefined && (single.type === 'guid' || single.type === 'string'))
    return { id: String(single.value) }
  return { columns: parseArguments(inside, aliases) }
}

/** Arguments of an alternate key or of a function that takes single values: `Name=value,Other=@alias`. */
export function parseArguments(
  inside: string,
  aliases: ReadonlyMap<string, string>,
): ReadonlyMap<string, Literal> {
  return namedValues(inside, (source) => resolve(source, aliases))
}

/**
 * Arguments of any function, as bare values. A list stands in brackets, itself or behind an alias; texts in it have
 * quotes of JSON or of OData: `Names=['a','b']`, or `Names=@p` and `@p=["a","b"]`.
 */
export function parseFunctionArguments(
  inside: string,
  aliases: ReadonlyMap<string, string>,
): ReadonlyMap<string, unknown> {
  return namedValues<unknown>(inside, (source) => {
    const given = source.startsWith('@') ? aliases.get(source)?.trim() : source
    return given?.startsWith('[') === true ? parseList(given) : resolve(source, aliases)?.value
  })
}

function parseList(source: string): unknown {
  const json = parseJson(source)
  if (json !== undefined || !source.endsWith(']')) return json
  const items = splitOutside(source.slice(1, -1), ',').map((item) => parseLiteral(item.trim())?.value)
  return items.includes(undefined) ? undefined : items
}

function namedValues<T>(inside: string, read: (source: string) => T | undefined): ReadonlyMap<string, T> {
  const named = new Map<string, T>()
  for (const piece of splitOutside(inside, ',')) {
    if (piece.trim() === '') continue
    const equals = piece.indexOf('=')
    if (equals < 0) throw refuse('badUrl', `Bad Request - Error in query syntax.`)
    const value = read(piece.slice(equals + 1).trim())
    if (value === undefined)
      throw refuse('badUrl', `The value of the parameter '${piece.slice(0, equals).trim()}' is not valid.`)
    named.set(piece.slice(0, equals).trim(), value)
  }
  return named
}

function resolve(text: string, aliases: ReadonlyMap<string, string>): Literal | undefined {
  const source = text.startsWith('@') ? aliases.get(text) : text
  return source === undefined ? undefined : parseLiteral(source.trim())
}
