import type { ArchiveComponents, TableContent } from '../look/archive-components.ts'
import { rootKey } from '../look/archive-components.ts'

/** A table of an archive, by the names of its parts. */
export function table(columns: string[], forms: string[] = [], views: string[] = []): TableContent {
  return {
    columns: new Set(columns),
    forms: new Set(forms),
    views: new Set(views),
    behavior: '0',
  }
}

/** What an archive has: root components by type and name, and its tables. */
export function components(
  roots: readonly (readonly [number, string])[],
  tables: Readonly<Record<string, TableContent>> = {},
): ArchiveComponents {
  return {
    roots: new Map(roots.map(([type, name]) => [rootKey(type, name), { type, name }])),
    defined: new Set(),
    identifiers: new Set(roots.map(([, name]) => name.toLowerCase())),
    values: new Set(),
    tables: new Map(Object.entries(tables)),
  }
}
