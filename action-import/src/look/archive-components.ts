import { COMPONENTS, variableValues } from '@dsa/solution-package'
import type { Component, PackageParts, Solution } from '@dsa/solution-package'

/** What a table of an archive holds below it, all in lower case; ids without braces. */
export interface TableContent {
  readonly columns: ReadonlySet<string>
  readonly forms: ReadonlySet<string>
  readonly views: ReadonlySet<string>
  /** `0` takes everything of the table along; then what lies below it is no root of its own. */
  readonly behavior: string
}

/** The components of an archive, by names that mean the same in every environment. */
export interface ArchiveComponents {
  /** `type:name` and `type:id` of every root component. */
  readonly roots: ReadonlyMap<string, { readonly type: number; readonly name: string }>
  /** `type:name` and `type:id` of every component that it defines, but for those within others. */
  readonly defined: ReadonlySet<string>
  /** Every name and id under which something is defined in the archive, folded; not what is only referred to. */
  readonly identifiers: ReadonlySet<string>
  /** Folded schema names of the environment variables whose current value travels in the archive. */
  readonly values: ReadonlySet<string>
  /** By logical name. */
  readonly tables: ReadonlyMap<string, TableContent>
}

export function fold(text: string): string {
  return text.toLowerCase().replace(/[{}]/g, '')
}
export function rootKey(type: number | string, name: string): string {
  return `${type}:${fold(name)}`
}

/** Reads the components of an archive from its model, and the root components of solution.xml. */
export function componentsOf(parts: PackageParts, solution: Solution): ArchiveComponents {
  const { rootComponents } = solution.manifest
  const components = [...solution.components()]
  return {
    roots: new Map(
      rootComponents.map(({ type, schemaName, id }) => {
        const name = schemaName ?? id ?? ''
        return [rootKey(type, name), { type: Number(type), name }]
      }),
    ),
    defined: new Set(
      components
        .filter(({ parent }) => parent === undefined)
        .flatMap(({ row: { type = 0 }, name, id = name }) => [rootKey(type, name), rootKey(type, id)]),
    ),
    identifiers: new Set(
      [
        ...rootComponents.flatMap(({ schemaName, id }) => [schemaName, id]),
        ...parts.paths.flatMap((path) => path.split('/').slice(0, -1)),
        ...components.flatMap(({ name, id }) => [name, id]),
      ]
        .filter((text) => text !== undefined)
        .map(fold),
    ),
    values: new Set(
      parts.paths
        .map((path) => variableValues(path)?.schemaName)
        .filter((name) => name !== undefined)
        .map(fold),
    ),
    tables: tablesIn(components, solution),
  }
}

function tablesIn(
  components: readonly Component[],
  { manifest }: Solution,
): ReadonlyMap<string, TableContent> {
  const behaviors = new Map(
    manifest.rootComponents
      .filter(({ type }) => Number(type) === COMPONENTS.table.type)
      .map(({ schemaName = '', behavior = '0' }) => [fold(schemaName), behavior]),
  )
  const tables = new Map<
    string,
    { columns: Set<string>; forms: Set<string>; views: Set<string>; behavior: string }
  >()
  for (const { row, name, id = name, parent } of components) {
    if (row.type === COMPONENTS.table.type) {
      const behavior = behaviors.get(fold(name)) ?? '0'
      tables.set(fold(name), { columns: new Set(), forms: new Set(), views: new Set(), behavior })
    }
    const table = parent && tables.get(fold(parent.name))
    if (row.type === COMPONENTS.column.type) table?.columns.add(fold(name))
    if (row.type === COMPONENTS.form.type) table?.forms.add(fold(id))
    if (row.type === COMPONENTS.view.type) table?.views.add(fold(id))
  }
  return tables
}
