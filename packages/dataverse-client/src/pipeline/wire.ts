import { UserError } from '@dsa/user-error'

/** Readers for what arrives over the network: `unknown` in, checked types out, once at the edge. */

export type Row = Readonly<Record<string, unknown>>

export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** @throws UserError naming `what` when the value is no JSON object. */
export function asRow(value: unknown, what: string): Row {
  if (!isRow(value)) throw new UserError(`${what}: expected a JSON object, received ${describe(value)}.`)
  return value
}

/** @throws UserError naming `what` when the property is no text. */
export function text(row: Row, key: string, what: string): string {
  const value = row[key]
  if (typeof value !== 'string') {
    throw new UserError(`${what}: '${key}' should be text, received ${describe(value)}.`)
  }
  return value
}

/** Text, or `undefined` for null, a missing property and anything else. */
export function optionalText(row: Row, key: string): string | undefined {
  const value = row[key]
  return typeof value === 'string' ? value : undefined
}

/** A number; text that is one counts, since enum members arrive as either. */
export function optionalNumber(row: Row, key: string): number | undefined {
  const value = row[key]
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined
}

/** True for `true` and for the strings `True` and `true`, which stage results use. */
export function truth(row: Row, key: string): boolean {
  return row[key] === true || (typeof row[key] === 'string' && row[key].toLowerCase() === 'true')
}

/** The objects of a collection; a missing or null collection is empty. */
export function rows(value: unknown): readonly Row[] {
  return Array.isArray(value) ? value.filter(isRow) : []
}

/** The texts of a collection. */
export function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'string' ? `'${value.slice(0, 80)}'` : `a value of type ${typeof value}`
}
