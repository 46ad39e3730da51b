import { COMPONENTS } from '../model/components.ts'
import { lookUp } from '../model/lookup.ts'
import type { Solution } from '../model/solution.ts'

/**
 * The types of an environment variable that say what a value may be; the others take any text. The numbers are those of
 * the choice `environmentvariabledefinition_type`
 * (https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/environmentvariabledefinition#type-choicesoptions).
 */
const types: Readonly<Record<string, VariableType>> = {
  '100000001': 'number',
  '100000002': 'yes/no',
  '100000003': 'JSON',
  '100000005': 'secret',
}

export type VariableType = 'text' | 'number' | 'yes/no' | 'JSON' | 'secret'

/** @param code the number of the type, as a definition has it */
export function variableType(code: string | number | undefined): VariableType {
  return types[String(code ?? '').trim()] ?? 'text'
}

export interface VariableDefinition {
  readonly schemaName: string
  readonly type: VariableType
}

/**
 * The environment variables that an archive or an unpacked solution defines.
 *
 * @throws XmlError when a definition is not well-formed
 */
export function variableDefinitions(solution: Solution): readonly VariableDefinition[] {
  return [...solution.components([COMPONENTS.environmentVariable])].map(({ name, element }) => ({
    schemaName: name,
    // The form before 2019, one section of customizations.xml, has an element of another case.
    type: variableType(lookUp('type|Type', element)),
  }))
}

/** The value as it is to be stored, or what is wrong with it in words that do not quote it. */
export type CheckedValue =
  | { readonly value: string; readonly warning?: string; readonly error?: never }
  | { readonly error: string; readonly value?: never; readonly warning?: never }

/**
 * Checks a value against the type of its variable. An environment takes any text for any type and says nothing; the
 * apps and flows that read it fail.
 *
 * @param token what nothing has replaced in it, if anything; see `unreplacedToken`
 */
export function checkValue(type: VariableType, value: string, token?: string): CheckedValue {
  // An empty value is one on purpose, and removes the one that is there.
  if (value === '') return { value }
  const stored = storedForms[type](value.trim(), value)
  if (stored === undefined) {
    const why = token === undefined ? '' : `: nothing replaced '${token}' in it`
    return { error: `its type is ${type}, and its value is not ${wanted[type]}${why}` }
  }
  if (token === undefined) return { value: stored }
  return { value: stored, warning: `nothing replaced '${token}' in its value` }
}

const wanted: Readonly<Record<VariableType, string>> = {
  text: 'text',
  number: 'a number such as 5 or -1.5',
  'yes/no': "'yes' or 'no'",
  JSON: 'valid JSON',
  secret:
    'a Key Vault reference of the form /subscriptions/{id}/resourceGroups/{group}/providers/Microsoft.KeyVault/vaults/{vault}/secrets/{name}',
}

/** https://learn.microsoft.com/power-apps/maker/data-platform/environmentvariables-azure-key-vault-secrets */
const keyVaultReference =
  /^\/subscriptions\/[^/\s]+\/resourceGroups\/[^/\s]+\/providers\/Microsoft\.KeyVault\/vaults\/[^/\s]+\/secrets\/[^/\s]+$/i

const storedForms: Readonly<Record<VariableType, (trimmed: string, value: string) => string | undefined>> = {
  text: (_, value) => value,
  number: (trimmed) => (/^[+-]?(\d+(\.\d+)?|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) ? trimmed : undefined),
  // The maker portal stores these two words, and flows compare with them.
  'yes/no': (trimmed) => yesOrNo.get(trimmed.toLowerCase()),
  JSON: (trimmed, value) => (isJson(trimmed) ? value : undefined),
  secret: (trimmed) =>
    keyVaultReference.test(trimmed) && unreplacedToken(trimmed) === undefined ? trimmed : undefined,
}

const yesOrNo = new Map([
  ['yes', 'yes'],
  ['true', 'yes'],
  ['no', 'no'],
  ['false', 'no'],
])

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** A place-holder of a replacing tool that is still there: `#{NAME}#` or `${NAME}`. */
export function unreplacedToken(value: string): string | undefined {
  return /#\{[^{}\n]{1,200}\}#|\$\{[^{}\n]{1,200}\}/.exec(value)?.[0]
}
