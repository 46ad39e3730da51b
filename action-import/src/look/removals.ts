import { COMPONENTS } from '@dsa/solution-package'
import type { ArchiveComponents } from './archive-components.ts'

/** Something that an upgrade deletes. */
export interface Removal {
  readonly type: number
  /** `table.column` for a column. */
  readonly name: string
  /** Rows of a table that goes, where it could be asked. */
  readonly rows?: number
}

/** What an upgrade removes, as far as it can be known before. */
export interface Removals {
  readonly removed: readonly Removal[]
  /** What could not be compared, in words for people. */
  readonly notCompared: readonly string[]
  /** False when tables or columns are among what could not be compared. */
  readonly dataIsCertain: boolean
}

export const NO_REMOVALS: Removals = { removed: [], notCompared: [], dataIsCertain: true }

/** Tables and columns hold data, which goes with them. */
export function holdsData({ type }: Removal): boolean {
  return type === COMPONENTS.table.type || type === COMPONENTS.column.type
}

/** Whether an upgrade would remove something; `unknown` when that is not certain. */
export type RemovalState = 'none' | 'some' | 'unknown'

/** What the decision needs to know. */
export function removalState({ removed, notCompared }: Removals): RemovalState {
  return removed.length > 0 ? 'some' : notCompared.length > 0 ? 'unknown' : 'none'
}

/** Tables first, then columns, then everything else, by name. */
export function inOrder(removed: readonly Removal[]): readonly Removal[] {
  return removed.toSorted((a, b) => rank(a) - rank(b) || a.type - b.type || a.name.localeCompare(b.name))
}

function rank({ type }: Removal): number {
  return type === COMPONENTS.table.type ? 0 : type === COMPONENTS.column.type ? 1 : 2
}

/** Compares two archives of one solution; everything in them is known. */
export function compareArchives(before: ArchiveComponents, after: ArchiveComponents): Removals {
  const roots = [...before.roots, ...before.inFolders]
    .filter(([key]) => !after.roots.has(key) && !after.inFolders.has(key))
    .map(([, root]) => root)
  const below = [...before.tables].flatMap(([name, table]): Removal[] => {
    const now = after.tables.get(name)
    // A table that goes takes everything below it along.
    if (now === undefined) return []
    return [
      ...gone(table.columns, now.columns).map((column) => ({
        type: COMPONENTS.column.type,
        name: `${name}.${column}`,
      })),
      ...gone(table.forms, now.forms).map((id) => ({ type: COMPONENTS.form.type, name: `${name} ${id}` })),
      ...gone(table.views, now.views).map((id) => ({ type: COMPONENTS.view.type, name: `${name} ${id}` })),
    ]
  })
  return { removed: inOrder([...roots, ...below]), notCompared: [], dataIsCertain: true }
}

function gone(before: ReadonlySet<string>, after: ReadonlySet<string>): readonly string[] {
  return [...before].filter((name) => !after.has(name))
}
