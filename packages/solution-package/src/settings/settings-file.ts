import { listed, slips, UserError } from '@dsa/user-error'
import { jsonFault } from './json-fault.ts'
import { repeatedMember } from './repeated-member.ts'
import { decodeSettings } from './settings-text.ts'

/** A deployment settings file, in the format of `pac solution create-settings`. A blank value is one to fill in. */
export interface DeploymentSettings {
  readonly environmentVariables: readonly VariableSetting[]
  readonly connectionReferences: readonly ConnectionSetting[]
}

export interface VariableSetting {
  readonly schemaName: string
  readonly value: string
}

export interface ConnectionSetting {
  readonly logicalName: string
  readonly connectionId: string
  /** '' when the file does not say. */
  readonly connectorId: string
}

const sections = ['EnvironmentVariables', 'ConnectionReferences'] as const

type Entry = ReadonlyMap<string, { readonly key: string; readonly value: unknown }>

/**
 * Reads a settings file. Names of members count without regard to case, as in pac's own reader; other members at the
 * root belong to other tools, unless they are a section misspelt.
 *
 * @param label the file, for messages, such as `'deployment-settings-file' config/test.json`
 * @throws UserError that says where the file is wrong; a value is never part of the message
 */
export function parseSettings(bytes: Uint8Array, label: string): DeploymentSettings {
  const root = entryOf(parseJson(decodeSettings(bytes, label), label), label, 'The file')
  refuseMisspelt(root, label)
  const environmentVariables = rows(root, 'EnvironmentVariables', label).map(({ row, place }) => ({
    schemaName: nameIn(row, 'SchemaName', label, place),
    value: valueIn(row, 'Value', label, place),
  }))
  const connectionReferences = rows(root, 'ConnectionReferences', label).map(({ row, place }) => ({
    logicalName: nameIn(row, 'LogicalName', label, place),
    connectionId: valueIn(row, 'ConnectionId', label, place),
    connectorId: valueIn(row, 'ConnectorId', label, place),
  }))
  refuseTwice(
    environmentVariables.map(({ schemaName }) => schemaName),
    label,
  )
  refuseTwice(
    connectionReferences.map(({ logicalName }) => logicalName),
    label,
  )
  return { environmentVariables, connectionReferences }
}

/** The text of a settings file, as pac writes it. */
export function formatSettings(settings: DeploymentSettings): string {
  const file = {
    EnvironmentVariables: settings.environmentVariables.map(({ schemaName, value }) => ({
      SchemaName: schemaName,
      Value: value,
    })),
    ConnectionReferences: settings.connectionReferences.map((reference) => ({
      LogicalName: reference.logicalName,
      ConnectionId: reference.connectionId,
      ConnectorId: reference.connectorId,
    })),
  }
  return `${JSON.stringify(file, undefined, 2)}\n`
}

function parseJson(text: string, label: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    refuseRepeated(text, label)
    return value
  } catch (error) {
    if (error instanceof UserError) throw error
    const { line, column } = jsonFault(text)
    throw new UserError(
      `${label} is not valid JSON at line ${line}, column ${column}: look for a missing comma, quote or bracket, or for one too many.`,
    )
  }
}

/** @throws UserError where a reader would drop settings without a word, such as after a merge */
function refuseRepeated(text: string, label: string): void {
  const twice = repeatedMember(text, [...sections, ...members])
  if (twice === undefined) return
  throw new UserError(
    `${label} has '${twice}' twice in one object. Keep one of the two, with what both have.`,
  )
}

function entryOf(value: unknown, label: string, place: string): Entry {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UserError(`${label}: ${place} must be an object in braces.`)
  }
  return new Map(Object.entries(value).map(([key, member]) => [key.toLowerCase(), { key, value: member }]))
}

/** @throws UserError for a section that is misspelt, and for a file with none: it would set nothing, and say nothing */
function refuseMisspelt(root: Entry, label: string): void {
  const given = [...root.values()].map(({ key }) => key)
  for (const section of sections) {
    if (root.has(section.toLowerCase())) continue
    const slip = given.find((key) => isNearly(key, section))
    if (slip !== undefined) throw new UserError(`${label} has '${slip}'. It is spelt '${section}'.`)
  }
  if (sections.some((section) => root.has(section.toLowerCase()))) return
  const has = given.length === 0 ? 'is empty' : `has ${listed(given.slice(0, 5).map((key) => `'${key}'`))}`
  throw new UserError(
    `${label} ${has}, and neither 'EnvironmentVariables' nor 'ConnectionReferences'. A settings file has one of them at least.`,
  )
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z]|s$/g, '')
}

/** Letters alone count, with or without the plural, and some slips of the keyboard. */
function isNearly(key: string, section: string): boolean {
  return slips(plain(key), plain(section)) <= Math.max(2, Math.floor(section.length / 5))
}

function rows(
  root: Entry,
  key: (typeof sections)[number],
  label: string,
): readonly { readonly row: Entry; readonly place: string }[] {
  const value = root.get(key.toLowerCase())?.value ?? []
  if (!Array.isArray(value)) throw new UserError(`${label}: ${key} must be a list in brackets.`)
  return value.map((item: unknown, index) => {
    const place = `${key}[${index}]`
    return { row: entryOf(item, label, place), place }
  })
}

function nameIn(row: Entry, key: string, label: string, place: string): string {
  const value = row.get(key.toLowerCase())?.value
  if (typeof value === 'string' && value.trim() !== '') return whole(value.trim(), label, `${place}.${key}`)
  const slip = row.has(key.toLowerCase()) ? undefined : slipOf(row, key)
  const has = slip === undefined ? '' : ` It has '${slip}'; did you mean '${key}'?`
  throw new UserError(`${label}: ${place} has no ${key}.${has}`)
}

/** Values are text; numbers and booleans are taken as what they look like, since variables hold text anyway. */
function valueIn(row: Entry, key: string, label: string, place: string): string {
  const member = row.get(key.toLowerCase())
  if (member === undefined) {
    const slip = slipOf(row, key)
    if (slip === undefined) return ''
    throw new UserError(`${label}: ${place} has '${slip}' and no ${key}. Did you mean '${key}'?`)
  }
  const { value } = member
  if (value === null) return ''
  if (typeof value === 'string') return whole(value, label, `${place}.${key}`)
  if (typeof value === 'number' && !isExact(value)) {
    throw new UserError(
      `${label}: ${place}.${key} is a number that is read with other digits than it has. Write it as text, in quotes.`,
    )
  }
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new UserError(
    `${label}: ${place}.${key} must be text. JSON as a value is written as text, with its quotes escaped.`,
  )
}

/** @throws UserError for a text of which letters were lost before it got here, or that is no Unicode text */
function whole(text: string, label: string, place: string): string {
  if (text.isWellFormed() && !text.includes(REPLACEMENT)) return text
  throw new UserError(
    `${label}: ${place} has a character that is none (U+FFFD, or half of a pair): a tool that wrote the file lost what stood there. Write the text anew, and save the file as UTF-8.`,
  )
}

/** What stands for bytes that could not be read in the encoding that was taken for theirs. */
const REPLACEMENT = '\u{fffd}'

/** Up to 15 digits come out of a JSON number as they went in (IEEE 754 double). */
function isExact(value: number): boolean {
  return /^-?(?=(?:\d\.?){1,15}$)\d+(\.\d+)?$/.test(String(value))
}

const members = ['SchemaName', 'Value', 'LogicalName', 'ConnectionId', 'ConnectorId']

/** A member that is nearly this one, and no other one of the format. */
function slipOf(row: Entry, key: string): string | undefined {
  return [...row.values()]
    .map((member) => member.key)
    .find(
      (name) => !members.some((known) => known.toLowerCase() === name.toLowerCase()) && isNearly(name, key),
    )
}

function refuseTwice(names: readonly string[], label: string): void {
  const seen = new Set<string>()
  for (const name of names) {
    const folded = name.toLowerCase()
    if (seen.has(folded)) throw new UserError(`${label}: '${name}' is there twice. Keep one of the two.`)
    seen.add(folded)
  }
}
