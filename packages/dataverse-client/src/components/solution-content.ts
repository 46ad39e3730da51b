import type { DataverseClient } from '../pipeline/client.ts'
import { listAny } from './list-any.ts'
import { literal, query } from '../pipeline/query.ts'
import { asRow, isRow, optionalNumber, optionalText, truth } from '../pipeline/wire.ts'
import type { Row } from '../pipeline/wire.ts'

/** A component of an installed solution. */
export interface SolutionContentRow {
  /** As documented for `componenttype`; numbers above 1000 are given out anew in each environment. */
  readonly type: number
  readonly objectId: string
  /** Schema name, or the name shown where there is none. */
  readonly name: string
  /** Logical name of the table that it belongs to, such as that of a column; '' for all others. */
  readonly table: string
  /** It came with a managed solution or with the platform. */
  readonly isManaged: boolean
  /** True when an unmanaged layer lies over it, which hides what a managed import brings. */
  readonly hasUnmanagedLayer: boolean
  /** When it was last changed, in milliseconds since 1970; undefined where the environment does not tell. */
  readonly modifiedMs: number | undefined
}

/** A column of type text, so only what is a moment beyond doubt counts. */
function momentIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) ? Date.parse(text) : undefined
}

/** The components of a solution with their names, as the maker portal lists them. */
export async function listSolutionContent(
  client: DataverseClient,
  solutionId: string,
): Promise<readonly SolutionContentRow[]> {
  const found = await client.list(
    query('msdyn_solutioncomponentsummaries', {
      select: [
        'msdyn_componenttype',
        'msdyn_objectid',
        'msdyn_schemaname',
        'msdyn_name',
        'msdyn_primaryentityname',
        'msdyn_hasactivecustomization',
        'msdyn_ismanaged',
        'msdyn_modifiedon',
      ],
      filter: `msdyn_solutionid eq ${solutionId}`,
    }),
  )
  return found.map((row) => ({
    type: optionalNumber(row, 'msdyn_componenttype') ?? 0,
    objectId: optionalText(row, 'msdyn_objectid') ?? '',
    name:
      optionalText(row, 'msdyn_schemaname') ||
      optionalText(row, 'msdyn_name') ||
      optionalText(row, 'msdyn_objectid') ||
      '',
    table: optionalText(row, 'msdyn_primaryentityname') ?? '',
    isManaged: truth(row, 'msdyn_ismanaged'),
    hasUnmanagedLayer: truth(row, 'msdyn_hasactivecustomization'),
    modifiedMs: momentIn(optionalText(row, 'msdyn_modifiedon')),
  }))
}

/** Logical names of the custom columns of a table that came with managed solutions. */
export async function listManagedColumns(client: DataverseClient, table: string): Promise<readonly string[]> {
  // Filters over metadata are limited, so the rows are sorted out here.
  const found = await client.list(
    query(`EntityDefinitions(LogicalName=${literal(table)})/Attributes`, {
      select: ['LogicalName', 'IsCustomAttribute', 'IsManaged', 'AttributeOf'],
    }),
  )
  return found
    .filter(
      (row) =>
        truth(row, 'IsCustomAttribute') &&
        row['IsManaged'] !== false &&
        optionalText(row, 'AttributeOf') === undefined,
    )
    .map((row) => optionalText(row, 'LogicalName') ?? '')
}

export interface TableItem {
  readonly id: string
  readonly name: string
  readonly table: string
}

function item(row: Row, id: string, table: string): TableItem {
  return {
    id: optionalText(row, id) ?? '',
    name: optionalText(row, 'name') ?? '',
    table: optionalText(row, table) ?? '',
  }
}

/** Forms of these tables that came with managed solutions. */
export async function listManagedForms(
  client: DataverseClient,
  tables: readonly string[],
): Promise<readonly TableItem[]> {
  const found = await listAny(client, 'systemforms', {
    select: ['formid', 'name', 'objecttypecode'],
    filter: 'ismanaged eq true',
    column: 'objecttypecode',
    values: tables.map(literal),
  })
  return found.map((row) => item(row, 'formid', 'objecttypecode'))
}

/** Views of these tables that came with managed solutions. */
export async function listManagedViews(
  client: DataverseClient,
  tables: readonly string[],
): Promise<readonly TableItem[]> {
  const found = await listAny(client, 'savedqueries', {
    select: ['savedqueryid', 'name', 'returnedtypecode'],
    filter: 'ismanaged eq true',
    column: 'returnedtypecode',
    values: tables.map(literal),
  })
  return found.map((row) => item(row, 'savedqueryid', 'returnedtypecode'))
}

/** How many rows a table has; the service counts once a day, so this is a hint. */
export async function countRows(client: DataverseClient, table: string): Promise<number | undefined> {
  const names = encodeURIComponent(JSON.stringify([table]))
  const answer = asRow(
    await client.get(`RetrieveTotalRecordCount(EntityNames=@names)?@names=${names}`),
    'RetrieveTotalRecordCount',
  )
  const counts = isRow(answer['EntityRecordCountCollection']) ? answer['EntityRecordCountCollection'] : {}
  const values: readonly unknown[] = Array.isArray(counts['Values']) ? counts['Values'] : []
  return typeof values[0] === 'number' ? values[0] : undefined
}
