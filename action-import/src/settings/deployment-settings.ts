import { UserError } from '@dsa/user-error'

/** The file that `pac solution create-settings` writes, with the values of one environment filled in. */
export interface DeploymentSettings {
  readonly environmentVariables: readonly { readonly schemaName: string; readonly value: string }[]
  readonly connectionReferences: readonly {
    readonly logicalName: string
    readonly connectionId: string
    /** '' when the file does not say. */
    readonly connectorId: string
  }[]
}

/** The settings file cannot be used. */
export class SettingsError extends UserError {
  override readonly name = 'SettingsError'
}

export const NO_SETTINGS: DeploymentSettings = { environmentVariables: [], connectionReferences: [] }

type Entry = ReadonlyMap<string, unknown>

/**
 * Reads the text of a settings file. Names of members count without regard to case, unknown ones at the root are left
 * to the tools that use them, and entries whose value is empty are placeholders and skipped.
 * @param label the file, for messages
 * @throws SettingsError that says where the file is wrong; a value is never part of the message
 */
export function parseSettings(text: string, label: string): DeploymentSettings {
  const root = entry(json(text, label), label, 'the file')
  const variables = list(root, 'EnvironmentVariables', label).map((item, index) => {
    const place = `EnvironmentVariables[${index}]`
    const one = entry(item, label, place)
    return { schemaName: nameIn(one, 'SchemaName', label, place), value: valueIn(one, 'Value', label, place) }
  })
  const references = list(root, 'ConnectionReferences', label).map((item, index) => {
    const place = `ConnectionReferences[${index}]`
    const one = entry(item, label, place)
    return {
      logicalName: nameIn(one, 'LogicalName', label, place),
      connectionId: valueIn(one, 'ConnectionId', label, place),
      connectorId: valueIn(one, 'ConnectorId', label, place),
    }
  })
  refuseTwice(
    variables.map(({ schemaName }) => schemaName),
    label,
  )
  refuseTwice(
    references.map(({ logicalName }) => logicalName),
    label,
  )
  return {
    environmentVariables: variables.filter((variable) => variable.value !== ''),
    connectionReferences: references.filter(({ connectionId }) => connectionId !== ''),
  }
}

function json(text: string, label: string): unknown {
  try {
    // Editors on Windows put a byte order mark in front, which JSON does not allow.
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
    return value
  } catch {
    // The engine's message quotes the text around the fault, which may be a secret value.
    throw new SettingsError(
      `'deployment-settings-file' ${label} is no JSON: look for a missing comma, quote or bracket.`,
    )
  }
}

function entry(value: unknown, label: string, place: string): Entry {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SettingsError(`'deployment-settings-file' ${label}: ${place} must be an object in braces.`)
  }
  return new Map(Object.entries(value).map(([key, member]) => [key.toLowerCase(), member]))
}

function list(root: Entry, key: string, label: string): readonly unknown[] {
  const value = root.get(key.toLowerCase())
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value
  throw new SettingsError(`'deployment-settings-file' ${label}: ${key} must be a list in brackets.`)
}

function nameIn(one: Entry, key: string, label: string, place: string): string {
  const value = one.get(key.toLowerCase())
  if (typeof value === 'string' && value.trim() !== '') return value.trim()
  throw new SettingsError(`'deployment-settings-file' ${label}: ${place} has no ${key}.`)
}

/** Values are text; numbers and booleans are taken as what they look like, since variables hold text anyway. */
function valueIn(one: Entry, key: string, label: string, place: string): string {
  const member = one.get(key.toLowerCase())
  if (member === undefined || member === null) return ''
  if (typeof member === 'string') return member
  if (typeof member === 'number' || typeof member === 'boolean') return String(member)
  throw new SettingsError(
    `'deployment-settings-file' ${label}: ${place}.${key} must be text. JSON as a value is written as text, with its quotes escaped.`,
  )
}

function refuseTwice(names: readonly string[], label: string): void {
  const seen = new Set<string>()
  for (const each of names) {
    const folded = each.toLowerCase()
    if (seen.has(folded)) {
      throw new SettingsError(
        `'deployment-settings-file' ${label}: '${each}' is there twice. Keep one of the two.`,
      )
    }
    seen.add(folded)
  }
}
