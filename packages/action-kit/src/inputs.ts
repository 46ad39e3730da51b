import { didYouMean, listed, UserError } from '@dsa/user-error'
import { maskSecret } from './masking.ts'
import { visible } from './visible.ts'

/** An input that is missing, misspelt or contradicts another one. */
export class InputError extends UserError {
  override readonly name = 'InputError'
}

/** The variable in which the runner passes an input. */
export function inputVariable(name: string): string {
  return `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`
}

/** Empty or only blanks counts as not given, as in Microsoft's actions. */
export function optionalInput(name: string): string | undefined {
  const value = process.env[inputVariable(name)]?.trim()
  return value === undefined || value === '' ? undefined : value
}

/**
 * A name, an id or a version: one line.
 *
 * @throws InputError for control characters, which would break lines of the log and of the summary
 */
export function optionalNameInput(name: string): string | undefined {
  const value = optionalInput(name)
  if (value === undefined || !/\p{Cc}/u.test(value)) return value
  throw new InputError(
    `Input '${name}' has a line break or another control character in it: '${visible(value.replace(/\s+/g, ' '))}'.`,
  )
}

export function requiredNameInput(name: string): string {
  return given(name, optionalNameInput(name))
}

export function requiredInput(name: string): string {
  return given(name, optionalInput(name))
}

/** Masked before anything else can see it. */
export function secretInput(name: string): string | undefined {
  const value = optionalInput(name)
  if (value !== undefined) maskSecret(value)
  return value
}

export function optionalBooleanInput(name: string): boolean | undefined {
  const value = optionalEnumInput(name, ['true', 'false'])
  return value === undefined ? undefined : value === 'true'
}

/** For an input whose `action.yml` has a default. */
export function booleanInput(name: string): boolean {
  return given(name, optionalBooleanInput(name))
}

/** Case is ignored; the answer is spelt as in `allowed`. */
export function optionalEnumInput<const T extends string>(
  name: string,
  allowed: readonly T[],
): T | undefined {
  const value = optionalInput(name)
  if (value === undefined) return undefined
  const match = allowed.find((item) => item.toLowerCase() === value.toLowerCase())
  if (match !== undefined) return match
  throw new InputError(
    `Input '${name}' is '${value}'; it must be ${listed(allowed, 'or')}.${didYouMean(value, allowed)}`,
  )
}

export function enumInput<const T extends string>(name: string, allowed: readonly T[]): T {
  return given(name, optionalEnumInput(name, allowed))
}

export interface NumberRange {
  /** What is counted, in the plural, for the message. */
  readonly unit: string
  readonly min?: number
  readonly max?: number
}

/** A whole number, 1 or more unless the range says otherwise. */
export function optionalNumberInput(name: string, { unit, min = 1, max }: NumberRange): number | undefined {
  const value = optionalInput(name)
  if (value === undefined) return undefined
  const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN
  if (number >= min && number <= (max ?? Number.MAX_SAFE_INTEGER)) return number
  const range = max === undefined ? `of at least ${min}` : `from ${min} to ${max}`
  throw new InputError(`Input '${name}' is '${value}'; it must be a whole number of ${unit} ${range}.`)
}

export function numberInput(name: string, range: NumberRange): number {
  return given(name, optionalNumberInput(name, range))
}

/** One item a line; blank lines and what follows ` #` do not count. */
export function linesInput(name: string): readonly string[] {
  return (optionalInput(name) ?? '')
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '')
}

/** One `name=value` a line. A value may hold any `#`, so only a line that begins with it is a comment. */
export function valueLinesInput(name: string): readonly string[] {
  return (optionalInput(name) ?? '')
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
}

/** Logins or labels, one a line or with commas between them; an `@` before one is taken off. */
export function namesInput(name: string): readonly string[] {
  return linesInput(name)
    .flatMap((line) => line.split(','))
    .map((item) => item.trim().replace(/^@/, ''))
    .filter((item) => item !== '')
}

/** Some of the allowed words, with commas or lines between them; `none` stands for none of them. */
export function listInput<const T extends string>(name: string, allowed: readonly T[]): readonly T[] {
  const words = linesInput(name).flatMap((line) => line.split(',').map((word) => word.trim()))
  const meant = words.filter((word) => word !== '' && word.toLowerCase() !== 'none')
  return meant.map((word) => {
    const match = allowed.find((item) => item.toLowerCase() === word.toLowerCase())
    if (match !== undefined) return match
    throw new InputError(
      `Input '${name}' has '${word}'; it is a list of ${listed(allowed, 'or')}.${didYouMean(word, allowed)}`,
    )
  })
}

function given<T>(name: string, value: T | undefined): T {
  if (value === undefined) throw new InputError(`Input '${name}' is required and was not given.`)
  return value
}
