import type { Kind } from '../../model/kind.ts'
import type { NamedFile } from '../../model/named-files.ts'
import { isLitter, mayBeElement } from './litter.ts'
import { lookUp } from '../../model/lookup.ts'
import { treePathOf } from './named-path.ts'
import type { SolutionManifest } from '../../manifest.ts'
import { SolutionError } from '../../solution-error.ts'
import { type ParsedTree, parsedOnce } from '../../parsed-tree.ts'
import type { SourceTree } from '../../source-tree.ts'
import {
  isDeclaration,
  type Edits,
  type XmlAttribute,
  type XmlElement,
  type XmlWriter,
} from '../../xml/index.ts'
import { encodePartName, statedPartName } from '../../opc/index.ts'

/** A component that was packed, for comparing with the root components. */
export interface PackedComponent {
  readonly kind: Kind
  readonly path: string
  readonly names: readonly string[]
  /** It has to be listed in RootComponents. */
  readonly isRoot: boolean
}

/** A file that a definition names and the tree does not have. */
export interface MissingFile {
  readonly path: string
  /** What names it. */
  readonly at: XmlElement
}

export interface WriteChanges {
  readonly edits?: Edits
  /** Declarations that the element needs where it is written. */
  readonly more?: readonly XmlAttribute[]
  /** New values of attributes that it has. */
  readonly attributes?: Readonly<Record<string, string>>
}

/** One tree while it is packed into one archive: what the layouts read from it and what they put in. */
export class Packing {
  readonly managed: boolean
  /** A managed archive is packed from a tree of both. */
  readonly isManagedOfBoth: boolean
  /** In order of code units, so that no file system's order matters. */
  readonly paths: readonly string[]
  /** Those where a component may be looked for. */
  readonly #solution: readonly string[]
  readonly warnings: string[] = []
  /** Warnings about what verifying finds as well. */
  readonly verifiable: string[] = []
  /** Files that definitions name and that are not there. */
  readonly missing: MissingFile[] = []
  /** Files that no component accounts for: those that are packed, and those that are no part of a solution. */
  readonly unclaimed: string[] = []
  readonly litter: string[] = []
  readonly components: PackedComponent[] = []
  /** How many components were packed, by what makers call their kind. */
  readonly counts = new Map<string, number>()
  /** Files of the tree by their path in the archive, in the order of the sections. */
  readonly files = new Map<string, string>()
  readonly #tree: ParsedTree
  readonly #rootDeclarations: ReadonlyMap<string, string>
  readonly #paths: ReadonlySet<string>
  readonly #byFoldedPath: ReadonlyMap<string, string>
  readonly #used = new Set<string>()
  readonly #claimed = new Map<string, string>()
  readonly #manifest: SolutionManifest
  /** Made when it is asked for. */
  #missing: ReadonlySet<string> | undefined

  constructor(
    tree: SourceTree,
    root: XmlElement,
    options: { readonly managed: boolean; readonly manifest: SolutionManifest },
  ) {
    this.#tree = parsedOnce(tree)
    this.managed = options.managed
    const { managed, manifest } = options
    this.isManagedOfBoth = managed && manifest.managed === 'Both'
    this.#manifest = manifest
    this.paths = [...tree.paths].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    this.#solution = this.paths.filter((path) => !isLitter(path) || mayBeElement(path))
    this.#paths = new Set(this.paths)
    this.#byFoldedPath = new Map(this.paths.map((path) => [path.toLowerCase(), path]))
    const declarations = root.attributes.filter(({ name }) => isDeclaration(name))
    this.#rootDeclarations = new Map(declarations.map(({ name, value }) => [name, value]))
  }

  /** The path of a file that something names, exactly or else ignoring case. */
  find(path: string): string | undefined {
    if (this.#paths.has(path)) return path
    return (
      this.#byFoldedPath.get(path.toLowerCase()) ?? (this.#tree.offers?.(path) === true ? path : undefined)
    )
  }

  /** The files directly in a folder. */
  filesIn(folder: string): string[] {
    return this.under(folder).filter((path) => !path.includes('/', folder.length + 1))
  }

  /** The files in a folder and below it, without what only lies there by chance. */
  under(folder: string): string[] {
    return pathsIn(folder, this.#solution)
  }

  /** The same of a folder that is a component's own, whatever it is called. */
  inFolderOf(folder: string): string[] {
    return pathsIn(folder, this.paths).filter((path) => !isLitter(path.slice(folder.length + 1)))
  }

  /** From now on, files under these top folders are packed only when an item names them. */
  claim(folders: readonly string[], section: string): void {
    for (const folder of folders) this.#claimed.set(folder.toLowerCase(), section)
  }

  claimedBy(folder: string): string | undefined {
    return this.#claimed.get(folder.toLowerCase())
  }

  /** Whether solution.xml says that another solution has to bring a component. */
  isMissing(type: string, id: string): boolean {
    this.#missing ??= new Set(
      this.#manifest.missingDependencies.map(({ required }) =>
        missingKey(required.type, required.attributes['id'] ?? ''),
      ),
    )
    return this.#missing.has(missingKey(type, id))
  }

  isUsed(path: string): boolean {
    return this.#used.has(path)
  }

  /** Notes that a file was considered, whether this archive takes it or not. */
  look(path: string): void {
    this.#used.add(path)
  }

  use(path: string): Uint8Array {
    this.#used.add(path)
    return this.#tree.read(path)
  }

  /** Reads a file only to look at it. */
  read(path: string): Uint8Array {
    return this.#tree.read(path)
  }

  /** Reads a file as XML and returns its root. */
  element(path: string): XmlElement {
    this.#used.add(path)
    return this.#tree.parse(path).root
  }

  /**
   * Reads a component file and returns its root.
   * @throws SolutionError when the root has another name
   */
  component(path: string, name: string): XmlElement {
    const element = this.element(path)
    if (element.is(name)) return element
    throw SolutionError.at(
      element,
      `<${element.name}> stands where <${name}> is expected; is this file misplaced?`,
    )
  }

  /** Counts a component, by what makers call its kind. */
  count(label: string): void {
    this.counts.set(label, (this.counts.get(label) ?? 0) + 1)
  }

  /** Notes a component, to be compared with the root components. */
  addComponent(kind: Kind, path: string, element: XmlElement): void {
    const rule = kind.rootComponent
    if (rule === undefined) return
    const found = [rule.schemaName, rule.id].map((lookup) => lookup && lookUp(lookup, element))
    const names = [...(rule.constants ?? []), ...found].filter((name) => name !== undefined)
    const { unless } = rule
    const comesAlong =
      unless !== undefined &&
      Object.entries(unless).every(([lookup, value]) => lookUp(lookup, element)?.trim() === value)
    this.components.push({ kind, path, names, isRoot: rule.checked && !comesAlong })
  }

  /** Packs a file that a definition names, or notes that it is missing. */
  packNamed(file: NamedFile): void {
    const path = treePathOf(file)
    const found = this.find(path)
    if (found === undefined) return this.miss(path, file.at)
    // A manifest says paths on the disk of whoever built the component.
    this.packFile(file.place.by === 'manifest' ? encodePartName(found) : statedPartName(file.name), found)
  }

  /** Notes that the tree lacks a file that a definition names. */
  miss(path: string, at: XmlElement): void {
    this.missing.push({ path: this.#tree.made?.originOf(path) ?? path, at })
  }

  /** The root of a file that a definition names and that is XML; undefined when it is not there. */
  rootOf(file: NamedFile): XmlElement | undefined {
    const found = this.find(treePathOf(file))
    return found === undefined ? undefined : this.element(found)
  }

  /** Puts a file of the tree into the archive under a name of its own. */
  packFile(part: string, path: string): void {
    this.#used.add(path)
    this.files.set(part, path)
  }

  /** Writes a component's element without the declarations that the root of customizations.xml has. */
  write(writer: XmlWriter, element: XmlElement, changes: WriteChanges = {}): void {
    const { edits, more = [], attributes = {} } = changes
    const own = element.attributes
    const kept = own.filter(
      ({ name, value }) => !isDeclaration(name) || this.#rootDeclarations.get(name) !== value,
    )
    const added = more.filter(({ name }) => own.every((attribute) => attribute.name !== name))
    const isChanged = Object.keys(attributes).length > 0
    if (!isChanged && kept.length === own.length && added.length === 0) writer.copy(element, edits)
    else {
      const changed = kept.map(({ name, value }) => ({ name, value: attributes[name] ?? value }))
      writer.copyAs(element, [...changed, ...added], edits)
    }
  }

  /** The declarations of an element that the root of customizations.xml does not have. */
  foreignDeclarations(element: XmlElement): XmlAttribute[] {
    return element.attributes.filter(
      ({ name, value }) => isDeclaration(name) && this.#rootDeclarations.get(name) !== value,
    )
  }
}

/** The paths are sorted, so a folder's files are neighbours. */
function pathsIn(folder: string, paths: readonly string[]): string[] {
  const prefix = `${folder}/`
  let low = 0
  let high = paths.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((paths[middle] ?? '') < prefix) low = middle + 1
    else high = middle
  }
  let end = low
  while (paths[end]?.startsWith(prefix) === true) end++
  return paths.slice(low, end)
}

function missingKey(type: string, id: string): string {
  return `${type} ${id.toLowerCase()}`
}
