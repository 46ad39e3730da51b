import { besideOf } from './beside.ts'
import {
  changeOf,
  isDefinition,
  type ComparedComponent,
  type Component,
  type PlacedPiece,
} from './compared-component.ts'
import { compareFacts } from './facts/compare-facts.ts'
import type { Fact } from './facts/fact.ts'
import { identifying } from './identifying.ts'
import { withInclusion } from './kinds/table.ts'
import type { Piece } from './pieces/piece.ts'
import { parentName, tableName } from './table-name.ts'
import type { ChangeType, ComponentName, Property } from './report.ts'
import type { Side } from './side.ts'

/** Compares what both sides hold of a component. */
export function compareComponent(
  component: Component,
  base: Side | undefined,
  head: Side | undefined,
): ComparedComponent {
  const change = changeOf(component)
  const [from, to] = [definitionFiles(component.base), definitionFiles(component.head)]
  const isManagedAlone =
    (from.length === 0) !== (to.length === 0) && [component.base, component.head].every(hasVariant)
  const [before, after] = isManagedAlone
    ? [twinFactsOf(component.base), twinFactsOf(component.head)]
    : [factsOf(ofOneFile(component.base, from, to)), factsOf(ofOneFile(component.head, to, from))]
  const { properties, quiet, about } = compareFacts(before, after)
  if (change === 'changed') {
    const twins = compareFacts(twinFactsOf(component.base), twinFactsOf(component.head))
    if (hasTwin(component.base) && hasTwin(component.head)) {
      const plain = new Set(properties.map((property) => textOf(property, about)))
      for (const property of twins.properties)
        if (!plain.has(textOf(property, twins.about)))
          properties.push({ ...property, label: `${property.label} (managed)` })
      for (const reason of twins.quiet) quiet.add(reason)
    } else if (hasTwin(component.base) !== hasTwin(component.head)) quiet.add('managed twin')
    const isTwice = from.length > 1 || to.length > 1
    if (isTwice || properties.length === 0) properties.push(...movedProperty(from, to))
  }
  const name =
    component.head.find(isDefinition) ??
    component.base.find(isDefinition) ??
    component.head[0] ??
    component.base[0]
  const side = change === 'removed' ? base : head
  const parent = name?.parent && parentName(name.parent, side ?? base ?? head)
  return {
    component,
    base: before,
    head: after,
    quiet,
    change: {
      kind: component.kind,
      id: component.id,
      name: nameOf(component, name, parent, side),
      ...(parent !== undefined && { parent }),
      change,
      properties:
        change === 'changed'
          ? told(component.kind, properties, before, after)
          : identifying(component.kind, properties, change),
      ...besideOf(component, change, before, after, (table) => tableName(table, side ?? base ?? head)),
      effects: [],
      files: filesOf(component, change),
    },
  }
}

function told(
  kind: Component['kind'],
  properties: readonly Property[],
  base: readonly Fact[],
  head: readonly Fact[],
): readonly Property[] {
  return kind === 'table' ? withInclusion(properties, base, head) : properties
}

function hasVariant(pieces: readonly PlacedPiece[]): boolean {
  return pieces.some(({ isTwin }) => isTwin === true)
}

function hasTwin(pieces: readonly PlacedPiece[]): boolean {
  return hasVariant(pieces) && pieces.some((piece) => piece.isDefinition && piece.isTwin !== true)
}

/** A managed archive has the managed variant alone, which is then the component. */
function factsOf(pieces: readonly PlacedPiece[]): Fact[] {
  const plain = pieces.filter(({ isTwin }) => isTwin !== true)
  return (plain.some(isDefinition) || plain.length === pieces.length ? plain : pieces).flatMap(
    ({ facts }) => facts,
  )
}

function twinFactsOf(pieces: readonly PlacedPiece[]): Fact[] {
  return pieces.filter(({ isTwin }) => isTwin === true).flatMap(({ facts }) => facts)
}

/** The same for the same change of the same thing, whichever way it is looked at. */
function textOf(property: Property, about: ReadonlyMap<Property, string>): string {
  return [about.get(property), property.base, property.head].join('\0')
}

/** Files with a definition of the component: more than one where a copy kept the id. */
function definitionFiles(pieces: readonly PlacedPiece[]): readonly string[] {
  const files = pieces.flatMap(({ isDefinition: is, isTwin, file }) => (is && isTwin !== true ? [file] : []))
  return [...new Set(files)].toSorted()
}

/** Of several definitions the one that the other side has too. */
function ofOneFile(
  pieces: readonly PlacedPiece[],
  own: readonly string[],
  others: readonly string[],
): readonly PlacedPiece[] {
  if (own.length < 2) return pieces
  const kept = own.find((file) => others.includes(file)) ?? own[0]
  return pieces.filter((piece) => !piece.isDefinition || piece.isTwin === true || piece.file === kept)
}

function movedProperty(from: readonly string[], to: readonly string[]): Property[] {
  const [base, head] = [from, to].map((files) => files.join(', '))
  if (base === undefined || head === undefined || base === '' || head === '') return []
  // Not every file system tells names apart by case, and Dataverse does not.
  return base.toLowerCase() === head.toLowerCase() ? [] : [{ label: 'File', path: '', base, head }]
}

/** The files in which the component itself differs. */
function filesOf({ base, head }: Component, change: ChangeType): string[] {
  const files = [...new Set([...base, ...head].map(({ file }) => file))].toSorted()
  if (change !== 'changed' || files.length === 1) return files
  return files.filter((file) => {
    const { properties } = compareFacts(saidIn(base, file), saidIn(head, file))
    return properties.length > 0
  })
}

function saidIn(pieces: readonly PlacedPiece[], file: string): Fact[] {
  return pieces.filter((piece) => piece.file === file).flatMap(({ facts }) => facts)
}

function nameOf(
  { kind, id }: Component,
  piece: Piece | undefined,
  parent: ComponentName | undefined,
  side: Side | undefined,
): string {
  if (kind === 'ribbon') return parent === undefined ? 'Application ribbon' : `Ribbon of ${parent.name}`
  if (kind === 'solution') return side?.manifest.friendlyName ?? id
  if (kind === 'site-map' && id === 'application') return 'Site map'
  const name = piece?.name ?? id
  return name === '' ? id : name
}
