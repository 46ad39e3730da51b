import type { PackageType } from './package-type.ts'
import { manifestElement, statedPackageType } from './sources/xml/solution-xml.ts'
import { SolutionError } from './solution-error.ts'
import { whatArchiveHolds } from './what-archive-holds.ts'
import { parseXml, type XmlDocument, type XmlElement } from './xml/index.ts'
import type { PackageParts } from './opc/index.ts'

/** One line of `RootComponents`; `type` is the component type number as text. */
export interface RootComponent {
  readonly type: string
  readonly schemaName?: string
  readonly id?: string
  readonly behavior?: string
}

/** One side of a `MissingDependency`: all attributes as they are. */
interface DependencySide {
  readonly type: string
  readonly attributes: Readonly<Record<string, string>>
}

export interface MissingDependency {
  readonly required: DependencySide
  readonly dependent?: DependencySide
}

/** What solution.xml says about the solution. */
export interface SolutionManifest {
  readonly uniqueName: string
  /** The first localised name, or the unique name when there is none. */
  readonly friendlyName: string
  readonly version: string
  readonly managed: PackageType
  readonly publisher: { readonly uniqueName: string; readonly prefix: string }
  readonly rootComponents: readonly RootComponent[]
  readonly missingDependencies: readonly MissingDependency[]
}

/**
 * Reads the manifest from solution.xml of an archive.
 * @throws SolutionError or XmlError when the archive has none, or it is not well-formed or lacks a name or type
 */
export function readManifest(parts: PackageParts): SolutionManifest {
  const part = findPart(parts, 'solution.xml')
  return manifestOf(parseXml(parts.read(part), part))
}

/**
 * Finds one of the two documents that make an archive a solution; case does not matter.
 * @throws SolutionError when it is not there
 */
export function findPart(parts: PackageParts, name: 'solution.xml' | 'customizations.xml'): string {
  const part = parts.find(name)
  if (part !== undefined) return part
  const hidden = parts.lost.find((entry) => entry.name.toLowerCase() === name)
  const reason =
    hidden === undefined
      ? `. ${whatArchiveHolds(parts)}`.trimEnd()
      : `: it is in the archive, but ${hidden.reason}`
  throw new SolutionError(`${parts.label} has no ${name}, so it is no solution archive${reason}`)
}

const manifests = new WeakMap<XmlDocument, SolutionManifest>()

/**
 * The manifest in solution.xml or Other/Solution.xml; of one document it is read once, however many ask.
 * @throws SolutionError when it lacks a name or type
 */
export function manifestOf(document: XmlDocument): SolutionManifest {
  const manifest = manifests.get(document) ?? manifestIn(document)
  manifests.set(document, manifest)
  return manifest
}

function manifestIn(document: XmlDocument): SolutionManifest {
  const manifest = manifestElement(document)
  const uniqueName = nameIn(manifest, 'UniqueName')
  if (uniqueName === '') throw SolutionError.at(manifest, '<SolutionManifest> has no element UniqueName')
  const publisher = manifest.element('Publisher')
  return {
    uniqueName,
    friendlyName:
      manifest.element('LocalizedNames')?.element('LocalizedName')?.attribute('description') ?? uniqueName,
    version: nameIn(manifest, 'Version'),
    managed: statedPackageType(document),
    publisher: {
      uniqueName: publisher === undefined ? '' : nameIn(publisher, 'UniqueName'),
      prefix: publisher?.element('CustomizationPrefix')?.text ?? '',
    },
    rootComponents: (manifest.element('RootComponents')?.elements() ?? []).map(rootComponent),
    missingDependencies: (manifest.element('MissingDependencies')?.elements() ?? []).map(missingDependency),
  }
}

/**
 * The text of a name or version, '' when it is absent.
 *
 * @throws SolutionError for control characters: a line break in a name could be taken for a line of the log
 */
function nameIn(parent: XmlElement, name: string): string {
  const element = parent.element(name)
  const text = element?.text ?? ''
  if (element !== undefined && /\p{Cc}/u.test(text)) {
    throw SolutionError.at(element, `<${name}> has a line break or another control character in it`)
  }
  return text
}

function rootComponent(element: XmlElement): RootComponent {
  const schemaName = element.attribute('schemaName')
  const id = element.attribute('id')
  const behavior = element.attribute('behavior')
  return {
    type: element.attribute('type') ?? '',
    ...(schemaName === undefined ? {} : { schemaName }),
    ...(id === undefined ? {} : { id }),
    ...(behavior === undefined ? {} : { behavior }),
  }
}

function missingDependency(element: XmlElement): MissingDependency {
  const required = element.element('Required')
  const dependent = element.element('Dependent')
  if (required === undefined) {
    throw SolutionError.at(element, `<${element.name}> has no element Required, which says what is missing`)
  }
  return { required: side(required), ...(dependent === undefined ? {} : { dependent: side(dependent) }) }
}

/** There may be hundreds of thousands of them, of which few are looked at. */
function side(element: XmlElement): DependencySide {
  let attributes: Readonly<Record<string, string>> | undefined
  return {
    get type() {
      return element.attribute('type') ?? ''
    },
    get attributes() {
      return (attributes ??= Object.fromEntries(element.attributes.map(({ name, value }) => [name, value])))
    },
  }
}
