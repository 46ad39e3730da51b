import type { DataverseClient } from '../pipeline/client.ts'
import { DataverseError } from '../pipeline/errors.ts'
import { literal, query } from '../pipeline/query.ts'
import { asRow, optionalNumber, optionalText } from '../pipeline/wire.ts'
import type { Row } from '../pipeline/wire.ts'

/** Where the rows of a kind of component are, and the columns of their id and their name. */
export interface NamedRows {
  readonly set: string
  readonly id: string
  readonly name: string
}

/** The ids of the rows of that name; several where a name is not unique. */
export async function findIdsByName(
  client: DataverseClient,
  { set, id, name }: NamedRows,
  wanted: string,
): Promise<readonly string[]> {
  const rows = await client.list(query(set, { select: [id], filter: `${name} eq ${literal(wanted)}` }))
  return rows.map((row) => optionalText(row, id) ?? '')
}

/** The names that are there, to offer similar ones; the first page is enough for that. */
export async function listNames(
  client: DataverseClient,
  { set, name }: NamedRows,
): Promise<readonly string[]> {
  const rows = await client.list(query(set, { select: [name] }))
  return rows.flatMap((row) => optionalText(row, name) ?? [])
}

/** `EntityDefinitions`, as rows of names and ids. */
export const TABLE_DEFINITIONS: NamedRows = {
  set: 'EntityDefinitions',
  id: 'MetadataId',
  name: 'LogicalName',
}

/** The id of a column, or `undefined` where the table or the column is not there. */
export function findColumnId(
  client: DataverseClient,
  table: string,
  column: string,
): Promise<string | undefined> {
  return metadataId(
    client,
    `EntityDefinitions(LogicalName=${literal(table)})/Attributes(LogicalName=${literal(column)})`,
  )
}

/** The id of a global choice, or `undefined`. */
export function findChoiceId(client: DataverseClient, name: string): Promise<string | undefined> {
  return metadataId(client, `GlobalOptionSetDefinitions(Name=${literal(name)})`)
}

async function metadataId(client: DataverseClient, path: string): Promise<string | undefined> {
  try {
    return optionalText(asRow(await client.get(`${path}?$select=MetadataId`), path), 'MetadataId')
  } catch (error) {
    if (error instanceof DataverseError && (error.status === 404 || error.status === 400)) return undefined
    throw error
  }
}

/** A kind of component that an environment gave its number. */
export interface ComponentDefinition {
  /** Such as `connectionreference`. */
  readonly name: string
  readonly type: number
}

/** The kinds whose numbers, above 1000, differ from environment to environment. */
export async function listComponentDefinitions(
  client: DataverseClient,
): Promise<readonly ComponentDefinition[]> {
  const rows = await client.list(
    query('solutioncomponentdefinitions', { select: ['name', 'solutioncomponenttype', 'objecttypecode'] }),
  )
  return rows.map((row: Row) => ({
    name: optionalText(row, 'name') ?? '',
    type: optionalNumber(row, 'solutioncomponenttype') ?? optionalNumber(row, 'objecttypecode') ?? 0,
  }))
}
