import type { ItemsKind, YamlPart } from '../../model/kind.ts'
import { filesNamedBy, folderOf } from '../../model/named-files.ts'
import { lookUp } from '../../model/lookup.ts'
import { decodePartName } from '../../opc/index.ts'
import type { SourceTree } from '../../source-tree.ts'
import { Namesakes } from '../../unpack/namesakes.ts'
import type { XmlElement } from '../../xml/index.ts'
import { pathOf } from '../xml/layouts/items.ts'
import { treePathOf } from '../xml/named-path.ts'
import { fillTemplate } from '../xml/path-template.ts'
import { indented } from './indentation.ts'
import type { Placed } from './layout.ts'
import { XSI } from './rule/namespace.ts'
import {
  after,
  around,
  edited,
  insteadOf,
  joined,
  type SourcedText,
  type TextEdit,
  within,
} from './sourced-text.ts'
import { whole } from './solution-document.ts'
import type { YamlFile } from './yaml-file.ts'

/** A file with what it is. */
export interface PlacedFile extends Placed {
  readonly file: YamlFile
}

/** An item with its parts. */
export interface Item extends PlacedFile {
  readonly parts: readonly PlacedFile[]
}

/** A file that a definition names: where it lies in the tree, and in the folder. */
export interface NamedSource {
  readonly path: string
  readonly source: string
}

const DECLARATION = ` xmlns:xsi="${XSI}"`

/** Gives the element of a document the declaration that those below it go without. */
export function declared({ raw, runs }: SourcedText): SourcedText {
  // No `>` stands in an attribute, since it is escaped there.
  const end = raw.indexOf('>')
  const tagEnd = raw.startsWith(' /', end - 2) ? end - 2 : end
  return raw.slice(0, end).includes(DECLARATION) || end < 0
    ? { raw, runs }
    : { raw: raw.slice(0, tagEnd) + DECLARATION + raw.slice(tagEnd), runs }
}

/** Makes the files of the XML tree that items become. */
export class ItemDocuments {
  readonly #source: SourceTree
  readonly #add: (path: string, text: SourcedText, item: XmlElement) => XmlElement
  readonly #namesakes = new Namesakes()

  /** @param add takes a document of the tree and gives its root, read */
  constructor(source: SourceTree, add: (path: string, text: SourcedText, item: XmlElement) => XmlElement) {
    this.#source = source
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
    const text = edited(element, item.file.path, item.file.lines, [
      ...this.#ownParts(kind, item),
      ...archiveNames(item),
    ])
    const made = this.#add(path, kind.bare === true ? text : declared(text), element)
    for (const rule of kind.parts ?? []) {
      for (const { file, group } of partsAt(item, rule.at)) {
        const template = rule.path.replace(/\{\.\.\/@[^}]*\}/, () => group)
        const name = folderOf(path) + fillTemplate(template, { element: file.element, managed: false })
        this.#add(name, wrapped(file, rule.wrapper), file.element)
      }
    }
    return filesNamedBy(kind.files, made).map((named) => ({
      path: treePathOf(named),
      source: this.#sourceOf(item, named.name),
    }))
  }

  /** What stands in the item itself: parts that are no files of the XML tree, and a place for those that are. */
  #ownParts(kind: ItemsKind, item: Item): TextEdit[] {
    const edits: TextEdit[] = []
    const cut = new Set((kind.parts ?? []).map(({ at }) => at.join('/')))
    let place: XmlElement | undefined
    let first:
      { readonly holder: XmlElement; readonly indentation: string; readonly texts: SourcedText[] } | undefined
    for (const rule of item.form.parts ?? []) {
      if (cut.has(rule.at.join('/'))) continue
      const parts = partsAt(item, rule.at)
      const holder = holderOf(item.file.element, rule.at)
      if (holder === undefined || (parts.length === 0 && rule.evenEmpty !== true)) continue
      const text = listOf(rule, parts, item.file.path)
      place = lastOf(holder, rule.follows) ?? place
      if (place !== undefined) edits.push(after(place, text))
      else {
        first ??= { holder, indentation: indented(rule.at.length - 2), texts: [] }
        first.texts.push(text)
      }
    }
    if (first !== undefined) edits.unshift(within(first.holder, first.indentation, joined(first.texts)))
    const heads = [
      ...new Set((kind.parts ?? []).flatMap(({ at }) => (partsAt(item, at).length > 0 ? [at[0] ?? ''] : []))),
    ]
    const anchor = lastOf(item.file.element, kind.partsFollow)
    if (anchor !== undefined && heads.length > 0)
      edits.push(
        after(anchor, joined(heads.map((head) => around(`${indented(1)}<${head} />`, 1, item.file.path)))),
      )
    return edits
  }

  /** Where a file lies in the folder that a definition names by its place in an archive. */
  #sourceOf({ form, folder }: Item, name: string): string {
    const start = (form.files?.folder ?? '/').slice(1)
    const rest = name.startsWith(start) ? name.slice(start.length) : name
    const [stated, decoded] = [folder + rest, folder + decodePartName(rest)]
    return this.#source.paths.includes(stated) ? stated : decoded
  }
}

/** Parts of an item, in the order in which they stand in it. */
function partsAt({ parts }: Item, at: readonly string[]): readonly PlacedFile[] {
  const key = at.join('/')
  return parts.filter(({ part }) => part?.at.join('/') === key)
}

function holderOf(item: XmlElement, at: readonly string[]): XmlElement | undefined {
  let holder: XmlElement | undefined = item
  for (const name of at.slice(0, -2)) holder = holder?.element(name)
  return holder
}

function lastOf(element: XmlElement, names: readonly string[] = []): XmlElement | undefined {
  return names.map((name) => element.element(name)).findLast((child) => child !== undefined)
}

function listOf({ at, order }: YamlPart, parts: readonly PlacedFile[], path: string): SourcedText {
  const level = at.length - 1
  const name = at.at(-2) ?? ''
  if (parts.length === 0) return around(`${indented(level)}<${name} />`, 1, path)
  return joined([
    around(`${indented(level)}<${name}>`, 1, path),
    ...inOrder(parts, order).flatMap(({ file }) => [around(indented(level + 1), 0, ''), whole(file)]),
    around(`${indented(level)}</${name}>`, 0, ''),
  ])
}

function inOrder(parts: readonly PlacedFile[], order: string | undefined): readonly PlacedFile[] {
  if (order === undefined) return parts
  const keyed = parts.map((part) => ({ part, key: lookUp(order, part.file.element)?.toLowerCase() ?? '' }))
  return keyed.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ part }) => part)
}

function wrapped(file: YamlFile, wrapper: string | undefined): SourcedText {
  if (wrapper === undefined) return declared(whole(file))
  return joined([
    around(`<${wrapper}${DECLARATION}>${indented(1)}`, 1, file.path),
    whole(file),
    around(`\n</${wrapper}>`, 0, ''),
  ])
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
    const close = text.indexOf('<')
    const name = files.folder + text.slice(prefix.length, close)
    const tag = document.rawOf(element.node)
    return [
      insteadOf(
        element,
        around(`${tag}${name}</${document.rawNameOf(element.node)}>`, 1, file.path, element.position.line),
      ),
    ]
  })
}
