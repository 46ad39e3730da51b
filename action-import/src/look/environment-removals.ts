import { rowsOf } from '@dsa/connected-action'
import { ifTold, listManagedColumns, listManagedForms, listManagedViews } from '@dsa/dataverse-client'
import type { DataverseClient, SolutionContentRow } from '@dsa/dataverse-client'
import { COMPONENTS, componentTypeName, rootComponentTypes } from '@dsa/solution-package'
import { fold } from './archive-components.ts'
import type { ArchiveComponents } from './archive-components.ts'
import { inOrder } from './removals.ts'
import type { Removal, Removals } from './removals.ts'
import type { Target } from './target.ts'

/** Kinds that an archive names as the environment does, by schema name or by an id that never changes. */
const COMPARABLE: ReadonlySet<number> = new Set([
  ...rootComponentTypes(),
  ...[
    COMPONENTS.column,
    COMPONENTS.view,
    COMPONENTS.form,
    COMPONENTS.serviceEndpoint,
    COMPONENTS.environmentVariable,
  ].map(({ type }) => type),
])

/** What holds data, which goes with it. */
const HOLDING: ReadonlyMap<number, Required<Removal>['data']> = new Map([
  [COMPONENTS.table.type, 'rows'],
  [COMPONENTS.column.type, 'values'],
])

/**
 * Compares an archive with what the environment has. Certain is only what is proven: when every managed column, form
 * and view of a table is in the archive, nothing below it goes, whoever owns it.
 * @param prefix the publisher's prefix, by which columns of this solution are told from those of others
 */
export async function compareWithEnvironment(
  client: DataverseClient,
  readContent: Target['content'],
  archive: ArchiveComponents,
  prefix: string,
): Promise<Removals> {
  const content = await attempt(client, readContent)
  if (content === undefined) {
    return {
      removed: [],
      notCompared: ['the components of the installed solution (the environment does not list them)'],
      dataIsCertain: false,
    }
  }
  const removed: Removal[] = []
  const notCompared: string[] = []
  for (const row of content) {
    const known = isInArchive(row, archive)
    if (known === false) removed.push(removal(row.type, nameOf(row)))
    if (known === undefined) notCompared.push(`${componentTypeName(row.type)} ${nameOf(row)}`)
  }

  const tables = content
    .filter(({ type }) => type === COMPONENTS.table.type)
    .map(({ name }) => fold(name))
    .filter((name) => archive.tables.get(name)?.behavior === '0')
  let dataIsCertain = true
  for (const table of tables) {
    const columns = await attempt(client, () => listManagedColumns(client, table))
    if (columns === undefined) {
      dataIsCertain = false
      notCompared.push(`columns of ${table}`)
      continue
    }
    const own = archive.tables.get(table)?.columns
    const missing = columns.filter((column) => !own?.has(fold(column)))
    // Columns of another publisher belong to another solution, and an upgrade of this one leaves them.
    for (const column of missing.filter(
      (name) => prefix === '' || fold(name).startsWith(`${fold(prefix)}_`),
    )) {
      removed.push(removal(COMPONENTS.column.type, `${table}.${column}`))
    }
  }
  if (tables.length > 0) notCompared.push(...(await formsAndViews(client, archive, tables)))
  return { removed: await withRows(client, inOrder(distinct(removed))), notCompared, dataIsCertain }
}

function removal(type: number, name: string): Removal {
  const data = HOLDING.get(type)
  return { kind: componentTypeName(type), name, ...(data !== undefined && { data }) }
}

/** Columns are named with their table, as everywhere in this list. */
function nameOf({ type, name, table }: SolutionContentRow): string {
  return type === COMPONENTS.column.type && table !== '' ? `${fold(table)}.${name}` : name
}

/** True, false, or undefined when name and id do not mean the same in archive and environment for its kind. */
export function isInArchive(
  { type, name, objectId, table }: SolutionContentRow,
  { identifiers, tables }: ArchiveComponents,
): boolean | undefined {
  if (type === COMPONENTS.column.type && table !== '') {
    const own = tables.get(fold(table))
    // A table that goes takes its columns along, and is in the list itself.
    return own === undefined || own.columns.has(fold(name))
  }
  if (identifiers.has(fold(name)) || identifiers.has(fold(objectId))) return true
  const isBelowTable = [...tables.values()].some(
    ({ columns, forms, views }) =>
      columns.has(fold(name)) || forms.has(fold(objectId)) || views.has(fold(objectId)),
  )
  if (isBelowTable) return true
  return COMPARABLE.has(type) ? false : undefined
}

async function formsAndViews(
  client: DataverseClient,
  archive: ArchiveComponents,
  tables: readonly string[],
): Promise<readonly string[]> {
  const forms = await attempt(client, () => listManagedForms(client, tables))
  const views = await attempt(client, () => listManagedViews(client, tables))
  if (forms === undefined || views === undefined) return ['forms and views of tables']
  const known = [...archive.tables.values()]
  const unknown = [
    ...forms
      .filter(({ id }) => !known.some((table) => table.forms.has(fold(id))))
      .map(({ name, table }) => `form '${name}' of ${table}`),
    ...views
      .filter(({ id }) => !known.some((table) => table.views.has(fold(id))))
      .map(({ name, table }) => `view '${name}' of ${table}`),
  ]
  return unknown.map((name) => `${name} (of this solution or of another)`)
}

/** A look that the environment refuses makes the result uncertain; it does not end the step. */
function attempt<T>(client: DataverseClient, look: () => Promise<T>): Promise<T | undefined> {
  return ifTold(client, look, (why) => client.log.debug(`Could not compare: ${why}`))
}

function distinct(removed: readonly Removal[]): readonly Removal[] {
  return [...new Map(removed.map((one) => [`${one.kind} ${fold(one.name)}`, one])).values()]
}

/** Asks how many rows a table has that goes, where the environment tells. */
export async function withRows(
  client: DataverseClient,
  removed: readonly Removal[],
): Promise<readonly Removal[]> {
  const counted: Removal[] = []
  for (const one of removed) {
    const rows = one.data === 'rows' ? await rowsOf(client, one.name) : undefined
    counted.push(rows === undefined ? one : { ...one, rows })
  }
  return counted
}
