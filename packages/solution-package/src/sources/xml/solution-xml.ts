import { sorted, withText } from './replacements.ts'
import type { PackageType } from '../../package-type.ts'
import { SolutionError } from '../../solution-error.ts'
import { XmlWriter, type Replacement, type XmlDocument, type XmlElement } from '../../xml/index.ts'

/** `Managed` in solution.xml by package type; an archive has 0 or 1, a tree of both archives 2. */
const MANAGED_VALUES: Readonly<Record<PackageType, string>> = { Unmanaged: '0', Managed: '1', Both: '2' }

/**
 * The element that describes the solution.
 * @throws SolutionError when solution.xml has none
 */
export function manifestElement(document: XmlDocument): XmlElement {
  const manifest = document.root.element('SolutionManifest')
  if (manifest !== undefined) return manifest
  throw SolutionError.at(document.root, `<${document.root.name}> has no element SolutionManifest`)
}

/**
 * The package type that solution.xml states.
 * @throws SolutionError when it states none or an unknown one
 */
export function statedPackageType(document: XmlDocument): PackageType {
  const manifest = manifestElement(document)
  const element = manifest.element('Managed')
  if (element === undefined) throw SolutionError.at(manifest, '<SolutionManifest> has no element Managed')
  const value = element.text.trim()
  for (const [type, stated] of Object.entries(MANAGED_VALUES))
    if (stated === value && isPackageType(type)) return type
  throw SolutionError.at(element, `<Managed> is '${value}'; it can be 0 (unmanaged), 1 (managed) or 2 (both)`)
}

function isPackageType(type: string): type is PackageType {
  return Object.hasOwn(MANAGED_VALUES, type)
}

export interface SolutionXmlChanges {
  readonly packageType?: PackageType
  readonly version?: string
  /** What becomes of attributes of root components, by their nodes. */
  readonly rootComponents?: ReadonlyMap<number, Replacement>
}

/** The lists of solution.xml that have no order, by the order that SolutionPackager gives them. */
const LISTS: Readonly<Record<string, Replacement>> = {
  RootComponents: sorted(['@type', '@schemaName', '@id']),
  MissingDependencies: sorted(['@type', '@schemaName'], (child) => child.element('Required') ?? child),
}

/** The lists that `sortedSolutionXml` builds anew from their elements. */
export function sortedLists(document: XmlDocument): readonly XmlElement[] {
  const manifest = manifestElement(document)
  return Object.keys(LISTS).flatMap((name) => manifest.elements(name))
}

/** Other/Solution.xml: root components and missing dependencies sorted as SolutionPackager does. */
export function sortedSolutionXml(document: XmlDocument, changes: SolutionXmlChanges): Uint8Array {
  const edits = changed(manifestElement(document), changes)
  for (const list of sortedLists(document)) {
    const order = LISTS[list.name]
    if (order !== undefined) edits.set(list.node, order)
  }
  return write(document, edits)
}

/** solution.xml of an archive, made from Other/Solution.xml. */
export function packedSolutionXml(document: XmlDocument, changes: SolutionXmlChanges): Uint8Array {
  return write(document, changed(manifestElement(document), changes))
}

function changed(manifest: XmlElement, changes: SolutionXmlChanges): Map<number, Replacement> {
  const edits = new Map<number, Replacement>(changes.rootComponents)
  const managed = manifest.element('Managed')
  if (managed !== undefined && changes.packageType !== undefined) {
    edits.set(managed.node, withText(MANAGED_VALUES[changes.packageType]))
  }
  const version = manifest.element('Version')
  if (version !== undefined && changes.version !== undefined)
    edits.set(version.node, withText(changes.version))
  return edits
}

function write(document: XmlDocument, edits: ReadonlyMap<number, Replacement>): Uint8Array {
  const writer = new XmlWriter({ standalone: document.standalone })
  writer.copyDocument(document, edits)
  return writer.finish()
}
