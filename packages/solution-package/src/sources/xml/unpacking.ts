import { findNamed, type NamedFile } from '../../model/named-files.ts'
import { treePath } from './path-template.ts'
import { emptied } from './replacements.ts'
import {
  isDeclaration,
  parseXml,
  XmlWriter,
  type Edits,
  type XmlAttribute,
  type XmlElement,
} from '../../xml/index.ts'
import type { PackageParts } from '../../opc/index.ts'
import type { Namesakes } from '../../unpack/namesakes.ts'
import type { LossKind, NotCarried } from '../not-carried.ts'
import type { Side, Source, TreeFiles } from './tree-files.ts'
import type { SingleComponent } from '../../model/kind.ts'

export interface ElementFile {
  /** Of children of the element. */
  readonly edits?: Edits
  /** Appended to the outermost element. */
  readonly declarations?: readonly XmlAttribute[]
  /** An element around it, which then carries the declarations. */
  readonly wrapper?: string
  /** Leave out the element's own attributes. */
  readonly bare?: boolean
}

/** Definitions in folders have a few hundred bytes, and there may be thousands of them. */
const SMALL = 4096

/** One archive while it is unpacked: what the layouts read from it and where they write to. */
export class Unpacking {
  readonly parts: PackageParts
  readonly managed: boolean
  readonly single: SingleComponent | undefined
  readonly losses: NotCarried[] = []
  /** What is wrong with the archive itself, though the tree is made. */
  readonly missing: string[] = []
  readonly #tree: TreeFiles
  /** What to append to a part's name in messages, when there are two archives. */
  readonly #of: string
  readonly #namesakes: Namesakes
  readonly #carried = new Set<string>()
  readonly #looked = new Map<string, Uint8Array>()
  readonly #claimed = new Map<string, string>([['other', 'Other']])

  constructor(
    parts: PackageParts,
    tree: TreeFiles,
    options: {
      readonly managed: boolean
      readonly single: SingleComponent | undefined
      readonly of: string
      readonly namesakes: Namesakes
    },
  ) {
    this.parts = parts
    this.#tree = tree
    this.managed = options.managed
    this.single = options.single
    this.#of = options.of
    this.#namesakes = options.namesakes
  }

  /** How a part of this archive is called in messages. */
  label(part: string): string {
    return `${part}${this.#of}`
  }

  /** From now on, files under these top folders are written only when an item names them. */
  claim(folders: readonly string[], section: string): void {
    for (const folder of folders) this.#claimed.set(folder.toLowerCase(), section)
  }

  /** The section that claims a top folder of the archive. */
  claimedBy(folder: string): string | undefined {
    return this.#claimed.get(folder.toLowerCase())
  }

  /**
   * The root of a part that is XML, by the name in a definition; undefined when there is no such part.
   * @throws XmlError when it is not well-formed
   */
  rootOf(name: string): XmlElement | undefined {
    const part = findNamed(this.parts, name)
    return part === undefined ? undefined : parseXml(this.parts.read(part), this.label(part)).root
  }

  /** Notes that the archive lacks a file that a definition names. */
  miss({ name, at }: NamedFile): void {
    this.missing.push(
      `${where(at)} names ${name}, which the archive does not hold. Export the solution again: an import of this archive fails, and so does packing the folder.`,
    )
  }

  /** The path of a component's file, which differs from what its name gives where others have that name. */
  fileOf(stem: string, suffix: string, item: XmlElement): string {
    return this.#namesakes.pathOf(stem, suffix, item)
  }

  isCarried(part: string): boolean {
    return this.#carried.has(part)
  }

  /** Writes an element as a file. */
  writeElement(path: string, side: Side, element: XmlElement, form: ElementFile = {}): void {
    this.writeElements(path, side, element, [element], form)
  }

  /** Writes elements as a file; messages about it name the element `at`. */
  writeElements(
    path: string,
    side: Side,
    at: XmlElement,
    elements: readonly XmlElement[],
    form: ElementFile,
  ): void {
    this.#tree.add(treePath(path, at), side, {
      origin: () => where(at),
      read: () => render(elements, form),
      source: () => sourceOf(elements, form),
      made: true,
    })
  }

  /** Writes XML made from an element. */
  write(
    path: string,
    side: Side,
    element: XmlElement,
    file: { readonly read: () => Uint8Array; readonly source?: () => Source },
  ): void {
    this.#tree.add(treePath(path, element), side, { ...file, origin: () => where(element), made: true })
  }

  /** Writes what stands inside an element as its text. */
  writeContent(path: string, side: Side, element: XmlElement, bytes: Uint8Array): void {
    this.#tree.add(treePath(path, element), side, { origin: () => where(element), read: () => bytes })
  }

  /** Copies a part of the archive. */
  writePart(path: string, side: Side, part: string): void {
    this.#carried.add(part)
    this.#tree.add(treePath(path), side, {
      origin: () => this.label(part),
      read: () => this.#looked.get(part) ?? this.parts.read(part),
      source: () => {
        const stored = this.parts.stored(part)
        return stored === undefined ? undefined : { texts: [stored], layout: undefined }
      },
    })
  }

  /** Reads a part that is looked at before it is copied; a small one is kept, so as not to be inflated twice. */
  look(part: string): Uint8Array {
    const bytes = this.#looked.get(part) ?? this.parts.read(part)
    if (bytes.length <= SMALL) this.#looked.set(part, bytes)
    return bytes
  }

  /** Notes that an element, or something about it, is not in the tree. */
  lose(element: XmlElement, kind: LossKind, reason: string): void {
    this.losses.push({ path: where(element), reason, kind })
  }

  /** Notes the attributes of an element that is emptied, but for declarations and those that are carried over. */
  loseAttributes(element: XmlElement, ...carried: readonly string[]): void {
    for (const { name } of element.attributes) {
      if (isDeclaration(name) || carried.includes(name)) continue
      this.lose(element, 'attribute', `the attribute ${name} of <${element.name}> has no place in the tree`)
    }
  }

  /** Notes the comments and texts that stand directly in an element. */
  loseOtherNodes(element: XmlElement): void {
    for (const { kind, source } of element.otherNodes()) {
      const shown = source.length > 60 ? `${source.slice(0, 60)}…` : source
      const reason = `${shown} directly in it has no place in the tree`
      this.lose(element, kind === 'text' ? 'text' : 'comment', reason)
    }
  }

  losePart(part: string, kind: LossKind, reason: string): void {
    this.losses.push({ path: this.label(part), reason, kind })
  }
}

/** Makes a file of one element, or of several in a wrapper. */
function render(elements: readonly XmlElement[], form: ElementFile): Uint8Array {
  const { edits, declarations = [], wrapper } = form
  const writer = new XmlWriter()
  if (wrapper !== undefined) {
    writer.start(wrapper, declarations)
    for (const element of elements) writer.copy(element, edits)
    writer.end()
    return writer.finish()
  }
  for (const element of elements) {
    if (form.bare === true) writer.copyAs(element, [], edits)
    else writer.copy(element, edits, declarations)
  }
  return writer.finish()
}

function sourceOf(elements: readonly XmlElement[], form: ElementFile): Source {
  const { edits, ...rest } = form
  const pieces = new Pieces()
  for (const element of elements) pieces.add(element, edits, form.bare)
  const hasReturns = pieces.texts.some((text) => text.includes('\r'))
  return {
    texts: [JSON.stringify(rest), ...pieces.texts],
    layout: pieces.isExact ? pieces.layout + String(hasReturns) : undefined,
  }
}

/** An element cut into what is laid out as it has to be written and what is not. */
class Pieces {
  readonly texts: string[] = []
  /** Where it was cut. */
  layout = ''
  isExact = true

  add(element: XmlElement, edits: Edits = new Map(), bare = false): void {
    if (element.isPlain && edits.size === 0 && !bare) this.#take(element.rawSource, '.')
    else if (element.isPlainTag && element.otherNodes().length === 0) {
      // What stands between the children does not matter, and of those that are emptied only the name does.
      this.#take(bare ? element.name : element.rawTag, '(')
      for (const child of element.elements()) {
        const edit = edits.get(child.node)
        if (edit === undefined) this.add(child)
        else if (edit === emptied) this.#take(child.name, '-')
        else this.#takeInexact(child)
      }
      this.layout += ')'
    } else this.#takeInexact(element)
  }

  #take(text: string, mark: string): void {
    this.texts.push(text)
    this.layout += mark
  }

  #takeInexact(element: XmlElement): void {
    this.texts.push(element.rawSource)
    this.isExact = false
  }
}

function where(element: XmlElement): string {
  return `${element.file}, line ${element.position.line}: <${element.name}>`
}
