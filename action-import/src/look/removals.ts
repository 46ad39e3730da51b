/** Something that an upgrade deletes. */
export interface Removal {
  /** What makers call one of its kind. */
  readonly kind: string
  /** `table.column` for a column. */
  readonly name: string
  /** What goes with it, if it holds anything. */
  readonly data?: 'rows' | 'values'
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
  /** What the service is expected to refuse of the new version, in sentences; known where both archives are there. */
  readonly refusals?: readonly string[]
}

export const NO_REMOVALS: Removals = { removed: [], notCompared: [], dataIsCertain: true }

/** Whether an upgrade would remove something; `unknown` when that is not certain. */
export type RemovalState = 'none' | 'some' | 'unknown'

/** What the decision needs to know. */
export function removalState({ removed, notCompared }: Removals): RemovalState {
  return removed.length > 0 ? 'some' : notCompared.length > 0 ? 'unknown' : 'none'
}

/** Tables first, then what else holds data, then everything else, by kind and name. */
export function inOrder(removed: readonly Removal[]): readonly Removal[] {
  return removed.toSorted(
    (a, b) => rank(a) - rank(b) || a.kind.localeCompare(b.kind, 'en') || a.name.localeCompare(b.name, 'en'),
  )
}

function rank({ data }: Removal): number {
  return data === 'rows' ? 0 : data === 'values' ? 1 : 2
}
