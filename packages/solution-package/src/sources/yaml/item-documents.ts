import type { ItemsKind, YamlPart } from '../../model/kind.ts'
import { filesNamedBy, folderOf } from '../../model/named-files.ts'
import { lookUp } from '../../model/lookup.ts'
import { decodePartName } from '../../opc/index.ts'
import { Namesakes } from '../../unpack/namesakes.ts'
import {
  after,
  DocumentBuilder,
  insteadOf,
  type TextEdit,
  withAttribute,
  within,
  type XmlElement,
} from '../../xml/index.ts'
import { pathOf } from '../xml/layouts/items.ts'
import { treePathOf } from '../xml/named-path.ts'
import { fillTemplate } from '../xml/path-template.ts'
import { indented } from './indentation.ts'
import type { Placed } from './layout.ts'
import { XSI } from './rule/namespace.ts'
import type { YamlFile } from './yaml-file.ts'

/** A file with what it is. */
export interface PlacedFile extends Placed {
  readonly file: YamlFile
}

/** An item with its parts, by where they stand in it. */
export interface Item extends PlacedFile {
  readonly parts: ReadonlyMap<string, readonly PlacedFile[]>
}

/** A file that a definition names: where it lies in the tree, and in the folder. */
export interface NamedSource {
  readonly path: string
  readonly source: string
}

const DECLARATION = ` xmlns:xsi="${XSI}"`

/** Takes a document of the tree and gives its root. */
type AddDocument = (path: string, document: DocumentBuilder, item: XmlElement) => XmlElement

/** Makes the files of the XML tree that items become. */
export class ItemDocuments {
  readonly #paths: ReadonlySet<string>
  readonly #add: AddDocument
  readonly #namesakes = new Namesakes()

  /** @param paths of the files of the folder */
  constructor(paths: ReadonlySet<string>, add: AddDocument) {
    this.#paths = paths
    this.#add = add
    this.#namesakes.beginArchive()
  }

  /** Adds the files of an item. Returns those that it names. */
  add(kind: ItemsKind, item: Item): readonly NamedSource[] {
    const { element } = item.file
    const path = pathOf(kind, element, {
      managed: false,
      fileOf: (stem, suffix, of) => this.#namesakes.pathOf(stem, suffix, of),
    })
    const document = new DocumentBuilder()
    document.copyEdited(item.file.copied, [
      ...(kind.bare === true ? [] : declaration(element)),
      ...ownParts(kind, item),
      ...archiveNames(item),
    ])
    const made = this.#add(path, document, element)
    for (const rule of kind.parts ?? []) {
      for (const { file, group } of partsAt(item, rule.at)) {
        const template = rule.path.replace(/\{\.\.\/@[^}]*\}/, () => group)
        const name = folderOf(path) + fillTemplate(template, { element: file.element, managed: false })
        this.#add(name, partDocument(file, rule.wrapper), file.element)
      }
    }
    return filesNamedBy(kind.files, made).map((named) => ({
      path: treePathOf(named),
      source: this.#sourceOf(item, named.name),
    }))
  }

  /** Where a file lies in the folder that a definition names by its place in an archive. */
  #sourceOf({ form, folder }: Item, name: string): string {
    const start = (form.files?.folder ?? '/').slice(1)
    const rest = name.startsWith(start) ? name.slice(start.length) : name
    const [stated, decoded] = [folder + rest, folder + decodePartName(rest)]
    return this.#paths.has(stated) ? stated : decoded
  }
}

/** Parts of an item, in the order in which they stand in it. */
function partsAt({ parts }: Item, at: readonly string[]): readonly PlacedFile[] {
  return parts.get(at.join('/')) ?? []
}

function holderOf(item: XmlElement, at: readonly string[]): XmlElement | undefined {
  let holder: XmlElement | undefined = item
  for (const name of at.slice(0, -2)) holder = holder?.element(name)
  return holder
}

function lastOf(element: XmlElement, names: readonly string[] = []): XmlElement | undefined {
  return names.map((name) => element.element(name)).findLast((child) => child !== undefined)
}

/** Gives the element of a document the declaration that those below it go without. */
function declaration(element: XmlElement): TextEdit[] {
  return element.rawTag.includes(DECLARATION) ? [] : [withAttribute(element, DECLARATION)]
}

/** What stands in the item itself: parts that are no files of the XML tree, and a place for those that are. */
function ownParts(kind: ItemsKind, item: Item): TextEdit[] {
  const edits: TextEdit[] = []
  const cut = new Set((kind.parts ?? []).map(({ at }) => at.join('/')))
  const path = item.file.path
  let place: XmlElement | undefined
  let first: { readonly holder: XmlElement; readonly level: number } | undefined
  const atFirst: TextEdit['write'][] = []
  for (const rule of item.form.parts ?? []) {
    if (cut.has(rule.at.join('/'))) continue
    const parts = partsAt(item, rule.at)
    const holder = holderOf(item.file.element, rule.at)
    if (holder === undefined || (parts.length === 0 && rule.evenEmpty !== true)) continue
    place = lastOf(holder, rule.follows) ?? place
    const write: TextEdit['write'] = (into) => writeList(into, rule, parts, path)
    if (place !== undefined) edits.push(after(place, write))
    else {
      first ??= { holder, level: rule.at.length - 2 }
      atFirst.push(write)
    }
  }
  if (first !== undefined)
    edits.push(
      within(first.holder, indented(first.level), (into) => {
        for (const write of atFirst) write(into)
      }),
    )
  const heads = [
    ...new Set((kind.parts ?? []).flatMap(({ at }) => (partsAt(item, at).length > 0 ? [at[0] ?? ''] : []))),
  ]
  const anchor = lastOf(item.file.element, kind.partsFollow)
  if (anchor !== undefined)
    edits.push(
      after(anchor, (into) => {
        for (const head of heads) {
          into.layout(indented(1))
          into.empty(`<${head} />`, path)
        }
      }),
    )
  return edits
}

function writeList(
  into: DocumentBuilder,
  { at, order }: YamlPart,
  parts: readonly PlacedFile[],
  path: string,
): void {
  const level = at.length - 1
  const name = at.at(-2) ?? ''
  into.layout(indented(level))
  if (parts.length === 0) return into.empty(`<${name} />`, path)
  into.start(`<${name}>`, path)
  for (const { file } of inOrder(parts, order)) {
    into.layout(indented(level + 1))
    into.copy(file.copied)
  }
  into.end(`${indented(level)}</${name}>`)
}

function inOrder(parts: readonly PlacedFile[], order: string | undefined): readonly PlacedFile[] {
  if (order === undefined) return parts
  const keyed = parts.map((part) => ({ part, key: lookUp(order, part.file.element)?.toLowerCase() ?? '' }))
  return keyed.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ part }) => part)
}

function partDocument(file: YamlFile, wrapper: string | undefined): DocumentBuilder {
  const document = new DocumentBuilder()
  if (wrapper === undefined) document.copyEdited(file.copied, declaration(file.element))
  else {
    document.start(`<${wrapper}${DECLARATION}>`, file.path)
    document.layout(indented(1))
    document.copy(file.copied)
    document.end(`${indented(0)}</${wrapper}>`)
  }
  return document
}

/** The names of files as an archive states them. */
function archiveNames({ form, file, folder }: Item): TextEdit[] {
  const { files } = form
  if (files === undefined) return []
  return file.element.descendants().flatMap((element) => {
    const prefix = `/${folder}`
    if (!files.elements.includes(element.name) || !element.text.startsWith(prefix)) return []
    const { document } = element
    const text = document.raw.slice(document.end(element.node))
    const name = files.folder + text.slice(prefix.length, text.indexOf('<'))
    const endTag = `</${document.rawNameOf(element.node)}>`
    const { line } = element.position
    return [insteadOf(element, (into) => into.leaf(element.rawTag, name, endTag, file.path, line))]
  })
}
