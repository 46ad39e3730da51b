import type { SolutionManifest } from '../manifest.ts'
import type { XmlElement } from '../xml/index.ts'
import type { ComponentRow } from './component.ts'
import { definitionName, folderRow, isDefinition, rootOf } from './component-folders.ts'
import { isOfSection, kindOf } from './kind-of.ts'
import { lookUp } from './lookup.ts'
import type { SolutionSection, SolutionSource } from './solution-source.ts'

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
  /** What defines it; its document is labelled with the part or the file. */
  readonly element: XmlElement
}

/** What makes an item of a section that no row describes a component. */
const NAMED = 'Name|name|SchemaName|schemaname|@Name'

/** A solution, whatever it is read from. What is not asked for is not parsed. */
export class Solution {
  readonly #source: SolutionSource

  constructor(source: SolutionSource) {
    this.#source = source
  }

  /** @throws SolutionError or XmlError when solution.xml is missing or not what it should be */
  get manifest(): SolutionManifest {
    return this.#source.manifest
  }

  /**
   * The components that the solution defines, in the order of the source; each comes before those within it.
   * @param wanted the kinds to look for, without those within others; all of them when it is left out
   * @throws SolutionError or XmlError when customizations.xml or a definition is missing or not well-formed
   */
  *components(wanted?: readonly ComponentRow[]): Generator<Component, undefined> {
    const names = wanted && new Set(wanted.map(({ platformName }) => platformName))
    for (const section of this.#source.sections) yield* componentsIn(section, names)
    yield* this.#inFolders(names)
  }

  *#inFolders(wanted: ReadonlySet<string> | undefined): Generator<Component, undefined> {
    const { folders } = this.#source
    for (const path of folders.paths) {
      if (!path.endsWith('.xml') || isOfSection(path)) continue
      // A component has a folder of its own; what lies in `Assets` says which belongs to which.
      if (path.split('/').length < 3 || wanted?.has(definitionName(path)) === false) continue
      const bytes = folders.read(path)
      if (!isDefinition(path, bytes)) continue
      const element = rootOf(bytes, folders.label(path))
      const topFolder = path.slice(0, path.indexOf('/'))
      if (element !== undefined) yield componentOf(folderRow(element), element, topFolder)
    }
  }
}

/** The components that a section of customizations.xml defines. */
function* componentsIn(
  section: SolutionSection,
  wanted?: ReadonlySet<string>,
): Generator<Component, undefined> {
  for (const { row, element } of itemsIn(section, wanted))
    yield* withChildren(componentOf(row, element, section.name), section)
}

interface SectionItem {
  readonly row: ComponentRow
  readonly element: XmlElement
}

/** What a section defines, without the components within others. */
export function itemsIn(section: SolutionSection, wanted?: ReadonlySet<string>): readonly SectionItem[] {
  const kind = kindOf(section.name)
  if (kind === undefined && wanted === undefined) return unknownItems(section)
  return (kind?.components ?? [])
    .filter(({ platformName }) => wanted === undefined || wanted.has(platformName))
    .flatMap((row) => section.elements(row.at).map((element) => ({ row, element })))
}

function unknownItems(section: SolutionSection): readonly SectionItem[] {
  return section.elements(['*']).flatMap((element) => {
    if (lookUp(NAMED, element) === undefined) return []
    const { name } = element
    return [{ row: { label: name, platformName: name, at: [name], name: NAMED }, element }]
  })
}

function* withChildren(component: Component, section: SolutionSection): Generator<Component, undefined> {
  yield component
  for (const row of component.row.children ?? []) {
    for (const element of section.elements(row.at, component.element))
      yield* withChildren(componentOf(row, element, section.name, component), section)
  }
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
