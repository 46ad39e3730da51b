import { nearest } from '@dsa/user-error'
import { InputError, inputVariable, optionalInput } from './inputs.ts'

/** What `action.yml` says, read at build time. */
export interface ActionMetadata {
  readonly name: string
  /** Version of the suite. */
  readonly version: string
  readonly inputs?: Readonly<Record<string, { readonly default?: string }>>
}

/**
 * Gives each declared input that is empty or blank its default. The runner does so for an input that is left out,
 * but not for one that is given as empty, which is what an expression without a value gives.
 */
export function applyDefaults({ inputs = {} }: ActionMetadata): void {
  for (const [name, { default: value }] of Object.entries(inputs)) {
    // An expression is evaluated by the runner, and only where the input is left out.
    const isText = value !== undefined && value !== '' && !value.includes('${{')
    if (isText && optionalInput(name) === undefined) {
      process.env[inputVariable(name)] = value
    }
  }
}

/**
 * The runner only warns of an input that `action.yml` does not declare, and the step runs without it.
 *
 * @returns names that are unknown, to be warned of
 * @throws InputError for a name that looks like a slip of a declared one
 */
export function unknownInputs({ inputs = {} }: ActionMetadata): readonly string[] {
  const declared = Object.keys(inputs)
  const known = new Set(declared.map(inputVariable))
  const unknown = Object.keys(process.env)
    .filter((variable) => variable.startsWith('INPUT_') && !known.has(variable.toUpperCase()))
    .map((variable) => variable.slice('INPUT_'.length).toLowerCase())
  for (const name of unknown) {
    const meant = nearest(name, declared)
    if (meant !== undefined) {
      throw new InputError(`Input '${name}' does not exist. Did you mean '${meant}'?`)
    }
  }
  return unknown
}
