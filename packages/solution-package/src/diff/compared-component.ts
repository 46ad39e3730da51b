import type { Fact, QuietReason } from './facts/fact.ts'
import { PROCESS_KINDS } from './kinds/process.ts'
import type { Piece } from './pieces/piece.ts'
import type { Change, ChangeType, ComponentKind } from './report.ts'

/** A piece with the file that holds it. */
export interface PlacedPiece extends Piece {
  readonly file: string
}

/** A component with what the files that differ hold of it. */
export interface Component {
  readonly kind: ComponentKind
  readonly id: string
  readonly base: readonly PlacedPiece[]
  readonly head: readonly PlacedPiece[]
}

/** A change with the facts that it was told from. */
export interface ComparedComponent {
  readonly component: Component
  readonly change: Change
  /** Facts of the definition, also where it did not change. */
  readonly base: readonly Fact[]
  readonly head: readonly Fact[]
  readonly quiet: ReadonlySet<QuietReason>
}

/** Processes are of one table, so one that becomes of another category is still itself. */
const PROCESSES: ReadonlySet<ComponentKind> = new Set(Object.values(PROCESS_KINDS))

/** What a component is known by among all. */
export function keyOf({ kind, id, knownBy }: Pick<Piece, 'kind' | 'id' | 'knownBy'>): string {
  return `${PROCESSES.has(kind) ? 'process' : kind}\0${knownBy ?? id}`
}

export function isDefinition(piece: Piece): boolean {
  return piece.isDefinition
}

/** What has a definition on one side only is new or gone. */
export function changeOf({ base, head }: Component): ChangeType {
  const before = base.some(isDefinition)
  const after = head.some(isDefinition)
  return before === after ? 'changed' : before ? 'removed' : 'added'
}
