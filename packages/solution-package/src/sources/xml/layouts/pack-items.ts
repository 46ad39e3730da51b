import { posix } from 'node:path'
import { sortByCulture } from '../../../dotnet/culture-order.ts'
import type { Packing } from '../packing.ts'
import { SolutionError } from '../../../solution-error.ts'
import type { Edits, Replacement, XmlElement, XmlWriter } from '../../../xml/index.ts'
import { encodePartName } from '../../../opc/index.ts'
import type { ItemsKind, PartRule } from '../../../model/kind.ts'
import { filesNamedBy, folderOf, ruleOf } from '../../../model/named-files.ts'
import { elementFilesOf, type Variant, variantsOf } from '../element-files.ts'
import { treePathOf } from '../named-path.ts'
import { lookUp } from '../../../model/lookup.ts'
import { elementsAt } from '../../../model/solution-source.ts'
import { fixedFolder, templateLookups } from '../path-template.ts'

/** What becomes different in an item on packing. */
export type ItemChange = (
  item: XmlElement,
  path: string,
) => { readonly edits: Edits; readonly attributes: Readonly<Record<string, string>> } | undefined

/**
 * Fills a section from the files of its items.
 * @returns whether there were any
 */
export function packItems(
  kind: ItemsKind,
  section: XmlElement,
  tree: Packing,
  writer: XmlWriter,
  change: ItemChange = () => undefined,
): boolean {
  const files = elementFilesOf(kind, tree).map((path) => ({ path, item: tree.component(path, kind.item) }))
  const { packOrder } = kind
  const ordered =
    packOrder === undefined ? files : sortByCulture(files, ({ item }) => [lookUp(packOrder, item)])
  writer.start(section.name)
  for (const { path, item } of ordered) {
    tree.addComponent(kind, path, item)
    packFiles(kind, item, path, tree)
    const changed = change(item, path)
    const edits = new Map<number, Replacement>(changed?.edits)
    packParts(kind, item, path, tree, edits)
    tree.write(writer, item, { edits, attributes: changed?.attributes ?? {} })
  }
  writer.end()
  if (ordered.length > 0) {
    for (const [part, path] of Object.entries(kind.sectionFiles ?? {})) {
      const found = tree.find(path)
      if (found !== undefined) tree.packFile(part, found)
    }
  }
  return ordered.length > 0
}

/** Packs the files that an item names, and all that lies beside a control manifest. */
function packFiles(kind: ItemsKind, item: XmlElement, path: string, tree: Packing): void {
  const named = filesNamedBy(kind.files, item, (manifest) => tree.rootOf(manifest))
  const manifest = named.find((file) => ruleOf(file)?.rule === 'control-manifest')
  if (manifest !== undefined) {
    const folder = folderOf(treePathOf(manifest)).slice(0, -1)
    for (const file of tree.inFolderOf(folder)) if (file !== path) tree.packFile(encodePartName(file), file)
  }
  for (const file of named) tree.packNamed(file)
}

/** Puts the parts of an item where their elements stay behind empty, or would stand. */
function packParts(
  kind: ItemsKind,
  item: XmlElement,
  path: string,
  tree: Packing,
  edits: Map<number, Replacement>,
): void {
  const folder = path.slice(0, path.lastIndexOf('/'))
  let anchor = (kind.partsFollow ?? [])
    .map((name) => item.element(name))
    .findLast((element) => element !== undefined)
  for (const rule of kind.parts ?? []) {
    const files = partFiles(rule, folder, tree)
    const head = item.element(rule.at[0] ?? '')
    if (head !== undefined) {
      anchor = head
      if (files.length > 0) edits.set(head.node, (into) => writeParts(rule, files, tree, into))
    } else if (files.length > 0 && anchor !== undefined && !tree.isManagedOfBoth) {
      // In a tree of both archives the item is the managed one's: what only the unmanaged one has, it does not name.
      const before = edits.get(anchor.node) ?? ((into: XmlWriter, element: XmlElement) => into.copy(element))
      edits.set(anchor.node, (into, element) => {
        before(into, element)
        writeParts(rule, files, tree, into)
      })
    }
  }
}

/** The items of a section from their files, or what stands below one of them, be it in files of its own. */
export function readItems(
  kind: ItemsKind,
  tree: Packing,
  way: readonly string[],
  from: XmlElement | undefined,
): readonly XmlElement[] {
  if (from === undefined) return elementFilesOf(kind, tree).map((path) => tree.component(path, kind.item))
  const rule = kind.parts?.find(({ at }) => at.join('/') === way.join('/'))
  if (rule === undefined) return elementsAt(way, from)
  const folder = folderOf(from.document.label).slice(0, -1)
  return partFiles(rule, folder, tree).flatMap(({ parts }) => parts)
}

interface PartFile extends Variant {
  readonly root: XmlElement
  readonly parts: readonly XmlElement[]
}

function partFiles(rule: PartRule, folder: string, tree: Packing): PartFile[] {
  const inFolder = tree.under(posix.join(folder, fixedFolder(rule.path)))
  if (inFolder.length === 0) return []
  const name = rule.at.at(-1) ?? ''
  const files = variantsOf(rule.path, inFolder, tree, `${folder}/`).map((variant): PartFile => {
    const root = tree.component(variant.path, rule.wrapper ?? name)
    const parts = rule.wrapper === undefined ? [root] : root.elements(name)
    if (parts.length === 0) throw SolutionError.at(root, `<${root.name}> holds no ${name}`)
    return { ...variant, root, parts }
  })
  const taken = files.filter(
    ({ isManaged, parts }) =>
      !tree.isManagedOfBoth || isManaged || parts.some((part) => !isOfOthers(rule, part, tree)),
  )
  if (taken.length < 2) return taken
  const names = templateLookups(rule.path)
  return inGroupOrder(
    rule,
    sortByCulture(taken, ({ group, parts }) => [
      group,
      ...names.map((lookup) => parts[0] && lookUp(lookup, parts[0])),
    ]),
  )
}

function isOfOthers({ ofOthers }: PartRule, part: XmlElement, tree: Packing): boolean {
  if (ofOthers === undefined) return false
  return (
    lookUp(ofOthers.mark, part) === '1' ||
    tree.isMissing(String(ofOthers.type), lookUp(ofOthers.id, part) ?? '')
  )
}

/** Puts the groups that a rule lists first, in its order. */
function inGroupOrder({ groups }: PartRule, files: PartFile[]): PartFile[] {
  const order = groups?.order ?? []
  const place = (group: string): number => (order.includes(group) ? order.indexOf(group) : order.length)
  return files.toSorted((a, b) => place(a.group) - place(b.group))
}

/** Writes the elements around the parts of a rule, and the parts; those of one folder stand together. */
function writeParts(rule: PartRule, files: readonly PartFile[], tree: Packing, writer: XmlWriter): void {
  if (rule.at.length === 1) {
    for (const { root } of files) tree.write(writer, root)
    return
  }
  const outer = rule.at.slice(0, -1)
  const { groups } = rule
  const fixed = groups === undefined ? outer : outer.slice(0, -1)
  for (const name of fixed) writer.start(name)
  let open: string | undefined
  for (const { group, root, parts } of files) {
    if (groups !== undefined && group !== open) {
      if (open !== undefined) writer.end()
      writer.start(outer.at(-1) ?? '', [{ name: groups.attribute, value: group }])
      open = group
    }
    const more = rule.wrapper === undefined ? [] : tree.foreignDeclarations(root)
    for (const part of parts) tree.write(writer, part, { more })
  }
  if (open !== undefined) writer.end()
  for (let i = 0; i < fixed.length; i++) writer.end()
}
