import { refuse } from '../errors.ts'
import { splitOutside } from '../url.ts'

export interface QueryOptions {
  /** Names as asked for; absent when everything was. */
  readonly select?: readonly string[]
  readonly filter?: string
  readonly orderBy: readonly { readonly path: string; readonly descending: boolean }[]
  readonly top?: number
  readonly count: boolean
  readonly expand: readonly Expansion[]
  readonly skipToken?: string
}

export interface Expansion {
  readonly navigation: string
  readonly options: QueryOptions
}

const KNOWN = new Set([
  '$select',
  '$filter',
  '$orderby',
  '$top',
  '$count',
  '$expand',
  '$skiptoken',
  '$format',
  '$id',
  '$apply',
  '$search',
])
/** Other ways to ask that the service has and this does not; ignoring them would answer something else. */
const NOT_SERVED = new Set(['savedquery', 'userquery', 'sql', '$apply', '$search'])
/** `$expand` within `$expand` within … */
const DEEPEST = 10

/**
 * Reads the system query options; parameters without `$` are left to others (`api-version`, aliases).
 * @throws ApiError 400 `0x80060888`
 */
export function readQueryOptions(parameters: ReadonlyMap<string, string>, depth = 0): QueryOptions {
  if (depth > DEEPEST) throw refuse('badUrl', 'The $expand option is nested too deeply.')
  for (const name of parameters.keys()) {
    if (name === '$skip') throw refuse('badUrl', 'Skip Clause is not supported in CRM')
    if (NOT_SERVED.has(name.toLowerCase()))
      throw refuse('badUrl', `The query option '${name}' is not supported by this emulator.`)
    if (name.startsWith('$') && !KNOWN.has(name)) {
      throw refuse('badUrl', `The query parameter ${name} is not supported`)
    }
  }
  const select = parameters.get('$select')
  const filter = parameters.get('$filter')
  const top = readNumber(parameters.get('$top'), '$top')
  const skipToken = parameters.get('$skiptoken')
  return {
    ...(select === undefined || select.trim() === '*' || select.trim() === ''
      ? {}
      : { select: names(select) }),
    ...(filter === undefined ? {} : { filter: checkFilled(filter) }),
    orderBy: splitOutside(parameters.get('$orderby') ?? '', ',')
      .map((piece) => piece.trim())
      .filter((piece) => piece !== '')
      .map(readOrder),
    ...(top === undefined ? {} : { top }),
    count: readCount(parameters.get('$count')),
    expand: readExpand(parameters.get('$expand'), depth),
    ...(skipToken === undefined ? {} : { skipToken }),
  }
}

function names(list: string): readonly string[] {
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

function checkFilled(filter: string): string {
  if (filter.trim() === '') throw refuse('badUrl', 'The value for $filter query parameter is empty.')
  return filter
}

function readOrder(piece: string): { path: string; descending: boolean } {
  const [path = '', direction = 'asc', ...rest] = piece.split(/\s+/)
  if (rest.length > 0 || (direction !== 'asc' && direction !== 'desc')) {
    throw refuse('badUrl', `Syntax error in '$orderby=${piece}'.`)
  }
  return { path, descending: direction === 'desc' }
}

function readNumber(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,9}$/.test(text.trim())) {
    throw refuse(
      'badUrl',
      `Invalid value '${text}' for ${name} query option found. The ${name} query option requires a non-negative integer value.`,
    )
  }
  return Number(text)
}

function readCount(text: string | undefined): boolean {
  if (text === undefined || text === 'false') return false
  if (text === 'true') return true
  throw refuse(
    'badUrl',
    `Invalid value '${text}' for $count query option found. Valid values are 'true' and 'false'.`,
  )
}

function readExpand(text: string | undefined, depth: number): readonly Expansion[] {
  if (text === undefined || text.trim() === '') return []
  return splitOutside(text, ',').map((piece) => {
    const source = piece.trim()
    const open = source.indexOf('(')
    if (open < 0)
      return { navigation: source.replace(/\/\$ref$/, ''), options: readQueryOptions(new Map(), depth + 1) }
    if (!source.endsWith(')')) throw refuse('badUrl', `Syntax error in '$expand=${text}'.`)
    const inner = new Map<string, string>()
    for (const option of splitOutside(source.slice(open + 1, -1), ';')) {
      const equals = option.indexOf('=')
      if (option.trim() !== '')
        inner.set(
          option.slice(0, equals < 0 ? undefined : equals).trim(),
          equals < 0 ? '' : option.slice(equals + 1),
        )
    }
    return { navigation: source.slice(0, open).trim(), options: readQueryOptions(inner, depth + 1) }
  })
}
