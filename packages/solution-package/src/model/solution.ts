import { findPart, manifestOf, type SolutionManifest } from '../manifest.ts'
import { parseXml, XmlError, type XmlElement } from '../xml/index.ts'
import type { PackageParts } from '../opc/index.ts'
import type { ComponentRow } from './component.ts'
import { folderRow, isDefinition } from './component-folders.ts'
import { kindOf } from './kind-of.ts'
import { lookUp } from './lookup.ts'

/** A component of a solution, by what its definition says. */
export interface Component {
  readonly row: ComponentRow
  /** The section of customizations.xml that it stands in; of one with a folder of its own, the top folder. */
  readonly section: string
  /** The GUID as it is written. */
  readonly id?: string
  readonly name: string
  /** What people call it; the name where it has no other. */
  readonly displayName: string
  /** The component around it, as the table of a column. */
  readonly parent?: Component
  /** What defines it; its document is labelled with the part. */
  readonly element: XmlElement
}

/** What makes an item of a section that no row describes a component. */
const NAMED = 'Name|name|SchemaName|schemaname|@Name'

/** A solution in an archive. What is not asked for is not parsed, and what was parsed is kept. */
export class Solution {
  readonly #parts: PackageParts
  #manifest: SolutionManifest | undefined
  #customizations: XmlElement | undefined

  constructor(parts: PackageParts) {
    this.#parts = parts
  }

  /** @throws SolutionError or XmlError when solution.xml is missing or not what it should be */
  get manifest(): SolutionManifest {
    this.#manifest ??= manifestOf(parseXml(this.#read('solution.xml'), 'solution.xml'))
    return this.#manifest
  }

  /**
   * The root of customizations.xml.
   * @throws SolutionError or XmlError when it is missing or not well-formed
   */
  get customizations(): XmlElement {
    this.#customizations ??= parseXml(this.#read('customizations.xml'), 'customizations.xml').root
    return this.#customizations
  }

  /**
   * The components that the archive defines, in its order; each comes before those within it.
   * @throws SolutionError or XmlError when customizations.xml is missing or not well-formed
   */
  *components(): Generator<Component, undefined> {
    for (const section of this.customizations.elements()) yield* componentsIn(section)
    yield* this.#inFolders()
  }

  *#inFolders(): Generator<Component, undefined> {
    for (const { path, topFolder } of this.#parts.parts) {
      if (topFolder === '' || !path.endsWith('.xml') || kindOf(topFolder) !== undefined) continue
      // A component has a folder of its own; what lies in `Assets` says which belongs to which.
      if (path.split('/').length < 3) continue
      const bytes = this.#parts.read(path)
      if (!isDefinition(path, bytes)) continue
      const element = rootOf(bytes, path)
      if (element !== undefined) yield componentOf(folderRow(element), element, topFolder)
    }
  }

  #read(name: 'solution.xml' | 'customizations.xml'): Uint8Array {
    return this.#parts.read(findPart(this.#parts, name))
  }
}

/** The components that a section of customizations.xml defines. */
export function* componentsIn(section: XmlElement): Generator<Component, undefined> {
  const kind = kindOf(section.name)
  if (kind !== undefined) {
    for (const row of kind.components) yield* defined(row, section, section.name)
    return
  }
  for (const item of section.elements()) {
    if (lookUp(NAMED, item) === undefined) continue
    const row = { label: item.name, platformName: item.name, at: [item.name], name: NAMED }
    yield componentOf(row, item, section.name)
  }
}

function* defined(
  row: ComponentRow,
  from: XmlElement,
  section: string,
  parent?: Component,
): Generator<Component, undefined> {
  for (const element of elementsAt(row.at, from)) {
    const component = componentOf(row, element, section, parent)
    yield component
    for (const child of row.children ?? []) yield* defined(child, element, section, component)
  }
}

function elementsAt(at: readonly string[], from: XmlElement): readonly XmlElement[] {
  return at.reduce<readonly XmlElement[]>(
    (elements, name) => elements.flatMap((element) => element.elements(name)),
    [from],
  )
}

function componentOf(row: ComponentRow, element: XmlElement, section: string, parent?: Component): Component {
  const id = row.id === undefined ? undefined : lookUp(row.id, element)
  const names = row.name.split(' ').map((lookup) => lookUp(lookup, element))
  const name = names.some((value) => value === undefined) ? (id ?? row.label) : names.join(' ')
  const displayName = row.displayName === undefined ? undefined : lookUp(row.displayName, element)
  return {
    row,
    section,
    ...(id === undefined ? {} : { id }),
    name,
    displayName: displayName ?? name,
    ...(parent === undefined ? {} : { parent }),
    element,
  }
}

/** A definition that is not well-formed is no component; verifying and the import find it. */
function rootOf(bytes: Uint8Array, path: string): XmlElement | undefined {
  try {
    return parseXml(bytes, path).root
  } catch (error) {
    if (error instanceof XmlError) return undefined
    throw error
  }
}
