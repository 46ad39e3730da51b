import type { Unpacking } from '../unpacking.ts'
import type { Side } from '../tree-files.ts'
import { SolutionError } from '../../../solution-error.ts'
import { declarationsOf, type Replacement, type XmlElement } from '../../../xml/index.ts'
import type { ItemsKind, PartRule, PathTemplate } from '../../../model/kind.ts'
import {
  checkControlManifest,
  filesNamedBy,
  findNamed,
  folderOf,
  type NamedFile,
  ruleOf,
} from '../../../model/named-files.ts'
import { treePathOf } from '../named-path.ts'
import { emptied, sorted } from '../replacements.ts'
import { lookUp } from '../../../model/lookup.ts'
import { fillTemplate, variesByManaged } from '../path-template.ts'
import { checkRequirements } from '../../../model/requirements.ts'

/** A section whose items become a file each. */
export function unpackItems(
  kind: ItemsKind,
  section: XmlElement,
  archive: Unpacking,
  root: XmlElement,
): void {
  const items = section.elements()
  for (const item of items) {
    if (!item.is(kind.item))
      archive.lose(item, 'element', `<${section.name}> holds ${kind.item} elements only`)
    else unpackItem(kind, item, section, archive, root)
  }
  if (items.length === 0) return
  for (const [part, path] of Object.entries(kind.sectionFiles ?? {})) {
    const found = archive.parts.find(part)
    if (found !== undefined) archive.writePart(path, 'unmanaged', found)
  }
}

function unpackItem(
  kind: ItemsKind,
  item: XmlElement,
  section: XmlElement,
  archive: Unpacking,
  root: XmlElement,
): void {
  checkRequirements(item, kind.requires)
  if (kind.skip !== undefined && item.attribute(kind.skip.attribute) === kind.skip.value) {
    const { attribute, value } = kind.skip
    archive.lose(item, 'element', `${item.name} with ${attribute}="${value}" is left out, with its file`)
    return
  }
  const path = pathOf(kind, item, archive)
  unpackFiles(kind, item, archive)
  const edits = new Map<number, Replacement>()
  const writes = archive.single === undefined || archive.single === kind.single
  for (const rule of kind.parts ?? []) {
    for (const head of item.elements(rule.at[0])) {
      edits.set(head.node, emptied)
      if (!writes) continue
      const folder = path.slice(0, path.lastIndexOf('/') + 1)
      const declarations = declarationsOf(item, section, root)
      unpackPart(rule, 1, head, item, archive, (part, name) =>
        archive.writeElement(folder + name, sideOf(rule), part, {
          declarations,
          ...(rule.wrapper === undefined ? {} : { wrapper: rule.wrapper }),
        }),
      )
    }
  }
  if (kind.sort !== undefined) {
    for (const child of item.elements(kind.sort.child)) {
      archive.loseOtherNodes(child)
      edits.set(child.node, sorted(kind.sort.by))
    }
  }
  if (!writes) return
  if (kind.bare === true) archive.loseAttributes(item)
  const bare = kind.bare === true
  archive.writeElement(path, sideOf(kind), item, {
    edits,
    bare,
    declarations: bare ? [] : declarationsOf(section, root),
  })
}

/** Where the file of an item lies in the tree. */
export function pathOf(
  { path }: ItemsKind,
  item: XmlElement,
  archive: Pick<Unpacking, 'managed' | 'fileOf'>,
): string {
  const filled = fillTemplate(path, { element: item, managed: archive.managed })
  const suffix = path.slice(path.lastIndexOf('}') + 1)
  // Where the name is that of a folder, or is followed by a mark, it is unique in an environment.
  if (suffix.includes('/') || variesByManaged(path)) return filled
  return archive.fileOf(filled.slice(0, filled.length - suffix.length), suffix, item)
}

/** Copies the files that an item names, and all that lies beside a control manifest. */
function unpackFiles(kind: ItemsKind, item: XmlElement, archive: Unpacking): void {
  for (const file of filesNamedBy(kind.files, item, (manifest) => archive.rootOf(manifest.name))) {
    const part = findNamed(archive.parts, file.name)
    if (part === undefined) {
      if (ruleOf(file)?.neededToUnpack === true)
        throw SolutionError.at(file.at, `the archive has no ${file.name}, which <${file.at.name}> names`)
      archive.miss(file)
    } else if (ruleOf(file)?.rule === 'control-manifest') unpackControl(file, part, archive)
    else if (ruleOf(file) !== undefined || !archive.isCarried(part))
      archive.writePart(treePathOf(file), 'unmanaged', part)
  }
}

function unpackControl(manifest: NamedFile, part: string, archive: Unpacking): void {
  const folder = folderOf(manifest.name)
  if (folder === '')
    throw SolutionError.at(manifest.at, `<${manifest.at.name}> names no file in a folder of its own`)
  const root = archive.rootOf(part)
  if (root !== undefined) checkControlManifest(root)
  for (const path of archive.parts.paths) {
    if (path.toLowerCase().startsWith(folder.toLowerCase()))
      archive.writePart(folder + path.slice(folder.length), 'unmanaged', path)
  }
}

function sideOf(rule: { readonly path: PathTemplate; readonly managedWins?: true }): Side {
  if (variesByManaged(rule.path)) return 'each'
  return rule.managedWins === true ? 'managed' : 'unmanaged'
}

/** Walks down the names of a rule and hands over each part with its path; what is beside the way is lost. */
function unpackPart(
  rule: PartRule,
  depth: number,
  element: XmlElement,
  parent: XmlElement,
  archive: Unpacking,
  write: (part: XmlElement, path: string) => void,
): void {
  const next = rule.at[depth]
  if (next === undefined) {
    if (rule.onlyWith === undefined || lookUp(rule.onlyWith, element) !== undefined) {
      write(element, fillTemplate(rule.path, { element, parent, managed: archive.managed }))
    } else archive.lose(element, 'element', `<${element.name}> without ${rule.onlyWith} is left out`)
    return
  }
  const isGroup = rule.groups !== undefined && depth === rule.at.length - 1
  archive.loseAttributes(element, ...(isGroup ? [rule.groups.attribute] : []))
  for (const child of element.elements()) {
    if (child.is(next)) unpackPart(rule, depth + 1, child, element, archive, write)
    else archive.lose(child, 'element', `<${element.name}> holds ${next} elements only`)
  }
}
