import { account, saysTheSame } from './files/account.ts'
import { changedFiles, type ChangedFile } from './files/changed-files.ts'
import { compareComponent } from './compare-component.ts'
import { keyOf, type Component, type PlacedPiece } from './compared-component.ts'
import { effectsOf } from './effects/effects.ts'
import { listed, withoutRootsToldElsewhere } from './listed.ts'
import type { Piece } from './pieces/piece.ts'
import { filesAround, readPieces } from './pieces/read-pieces.ts'
import { refuseUnreadable } from './files/refuse-unreadable.ts'
import { standingRelations } from './relations.ts'
import {
  COMPONENT_KINDS,
  type Change,
  type ComponentKind,
  type SideSummary,
  type SolutionDiff,
} from './report.ts'
import { openSide, type ComparedTree, type Side } from './side.ts'
import { standingDefinitions } from './standing-definitions.ts'
import { suggestVersion } from './suggest-version.ts'

/**
 * Compares two versions of a solution, component by component.
 *
 * @param base undefined when the solution is new
 * @param head undefined when it is gone
 * @throws SolutionError or XmlError naming file and position when a side cannot be read
 */
export function compareSolutions(
  base: ComparedTree | undefined,
  head: ComparedTree | undefined,
): SolutionDiff {
  return compareSides(base && openSide(base), head && openSide(head))
}

/** The same of sides that are open already: what was read of one is not read again. */
export function compareSides(before: Side | undefined, after: Side | undefined): SolutionDiff {
  const [base, head] = [before?.tree, after?.tree]
  const files = changedFiles(base, head)
  refuseUnreadable(files, base, 'base')
  refuseUnreadable(files, head, 'head')
  for (const side of [before, after])
    side?.tree.prefetch?.(files.flatMap(({ path }) => filesAround(path, side)))
  const components = collect(files, before, after)
  const compared = [...components.values()].map((component) => compareComponent(component, before, after))
  const changes = listed(compared, components)
  const effects = effectsOf(changes, compared, before, after)
  const all = changes.map((item) => ({ ...item.change, effects: effects.get(item.change) ?? [] }))
  const told = withoutRootsToldElsewhere(all)
  const { unexplained, quiet } = account(files, { told, all }, compared, (file, holders) =>
    saysTheSame(file, holders, before, after),
  )
  const ordered = told.toSorted(byImportance)
  return {
    name: (after ?? before)?.manifest.uniqueName ?? '',
    base: before === undefined ? null : summary(before),
    head: after === undefined ? null : summary(after),
    changes: ordered.map((change) => ({ ...change, files: origins(change.files, base, head) })),
    relations: standingRelations(ordered, after),
    unexplained: unexplained.map(({ file, ...rest }) => ({
      ...rest,
      file: origins([file], base, head)[0] ?? file,
    })),
    quiet,
    suggestedVersion: suggestVersion(before?.manifest.version, after?.manifest.version, ordered),
  }
}

/** The files of the folders; those of a tree that was made of others are what it was made of. */
function origins(
  files: readonly string[],
  base: ComparedTree | undefined,
  head: ComparedTree | undefined,
): readonly string[] {
  return files.map((file) => {
    const tree = head?.paths.includes(file) === true ? head : (base ?? head)
    return tree?.made?.originOf(file) ?? file
  })
}

function summary({ manifest, tree }: Side): SideSummary {
  const format = tree.made?.format ?? 'xml'
  return { version: manifest.version, packageType: manifest.managed, format }
}

function collect(
  files: readonly ChangedFile[],
  base: Side | undefined,
  head: Side | undefined,
): Map<string, Component> {
  const found = new Map<
    string,
    { kind: ComponentKind; id: string; base: PlacedPiece[]; head: PlacedPiece[] }
  >()
  const add = (file: string, pieces: readonly Piece[], side: 'base' | 'head'): void => {
    for (const piece of pieces) {
      const component = found.get(keyOf(piece)) ?? { kind: piece.kind, id: piece.id, base: [], head: [] }
      // What moved is called by where it lies now. A process of two categories is of the first, whichever way one looks.
      const { id } = side === 'head' ? piece : component
      const kind = piece.kind === component.kind ? piece.kind : firstKind(piece.kind, component.kind)
      found.set(keyOf(piece), { ...component, kind, id })
      component[side].push({ ...piece, file })
    }
  }
  const differing = new Set(files.map(({ path }) => path))
  for (const { path, change, isLayout } of files) {
    if (isLayout === true) continue
    const before = change === 'added' ? [] : piecesIn(path, base)
    const after = change === 'removed' ? [] : piecesIn(path, head)
    add(path, otherThan(after, before), 'base')
    add(path, otherThan(before, after), 'head')
    // A variant that comes or goes, the managed one or the other, makes no component new or gone where one stays.
    if (change === 'changed') continue
    const stays = variantOf(path)
    if (stays === undefined || differing.has(stays)) continue
    if (base?.find(stays) !== undefined) add(stays, piecesIn(stays, base), 'base')
    if (head?.find(stays) !== undefined) add(stays, piecesIn(stays, head), 'head')
  }
  for (const { file, ...piece } of standingDefinitions(found.values(), differing, base, head)) {
    add(file, [piece], 'base')
    add(file, [piece], 'head')
  }
  return found
}

/** The other one of a managed variant and its plain file. */
function variantOf(path: string): string | undefined {
  const match = /^(.*?)(_managed)?\.xml$/i.exec(path)
  return match === null ? undefined : `${match[1]}${match[2] === undefined ? '_managed' : ''}.xml`
}

function firstKind(one: ComponentKind, other: ComponentKind): ComponentKind {
  return COMPONENT_KINDS.indexOf(one) < COMPONENT_KINDS.indexOf(other) ? one : other
}

function piecesIn(file: string, side: Side | undefined): readonly Piece[] {
  return side === undefined ? [] : readPieces(file, side)
}

/** Pieces of a file without those that stand in it on the other side word for word, as most columns of a table do. */
function otherThan(others: readonly Piece[], pieces: readonly Piece[]): readonly Piece[] {
  const same = new Map(others.map((piece) => [keyOf(piece), piece.source]))
  return pieces.filter((piece) => piece.source === undefined || same.get(keyOf(piece)) !== piece.source)
}

function weight({ effects }: Change): number {
  if (effects.some(({ level }) => level === 'error')) return 0
  return effects.some(({ level }) => level === 'warning') ? 1 : 2
}

/** The order of a report: what is certain to hurt, what may, the rest; then by kind and id. */
export function byImportance(a: Change, b: Change): number {
  return (
    weight(a) - weight(b) ||
    COMPONENT_KINDS.indexOf(a.kind) - COMPONENT_KINDS.indexOf(b.kind) ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  )
}
