import { SolutionError } from '../solution-error.ts'
import { parseXml, type XmlElement } from '../xml/index.ts'
import type { TreeView } from '../pack/tree-view.ts'
import type { PackageParts } from '../zip/index.ts'
import type { FileRule, FolderFiles, ItemsKind, NamedFile, PrefixFiles } from './kind.ts'
import { fillTemplate, lookUp, treePath } from './path-template.ts'

/** An archive file of an item and where it goes in the tree. */
export interface ItemFile {
  readonly part: string
  readonly path: string
}

/**
 * The archive files that belong to an item.
 * @throws SolutionError when one is missing that must be there
 */
export function filesInArchive(kind: ItemsKind, item: XmlElement, parts: PackageParts): ItemFile[] {
  return (kind.files ?? []).flatMap((rule) => filesOf(rule, item, parts))
}

function filesOf(rule: FileRule, item: XmlElement, parts: PackageParts): ItemFile[] {
  switch (rule.rule) {
    case 'named':
      return namedFiles(rule, item).flatMap(({ name, path, element }) => {
        const part = findNamed(parts, name)
        if (part !== undefined) return [{ part, path }]
        if (rule.missing === 'accepted') return []
        throw SolutionError.at(element, `the archive has no ${partName(name)}, which <${element.name}> names`)
      })
    case 'folder':
      return folderFiles(rule, item, parts)
    case 'prefix':
      return prefixFiles(rule, item, parts)
  }
}

/** The names of files that a rule finds in an item, with where they go in the tree. */
function namedFiles(
  rule: NamedFile,
  item: XmlElement,
): { name: string; path: string; element: XmlElement }[] {
  const elements = rule.named.startsWith('//') ? item.descendants(rule.named.slice(2)) : [item]
  return elements.flatMap((element) => {
    const name = element === item ? lookUp(rule.named, item) : element.text
    if (name === undefined || name === '') return []
    return [{ name, path: fillTemplate(rule.path, { element: item, value: name }), element }]
  })
}

/** The name of a part as elements write it: with a slash before it. */
export function partName(name: string): string {
  return name.replace(/^\/+/, '')
}

/** Finds a part by the name in an element, which is a part of a URI: it may be escaped or not. */
export function findNamed(parts: PackageParts, name: string): string | undefined {
  const plain = partName(name)
  return parts.find(plain) ?? (plain.includes('%') ? parts.find(unescaped(plain)) : undefined)
}

function unescaped(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

function folderFiles(rule: FolderFiles, item: XmlElement, parts: PackageParts): ItemFile[] {
  const named = partName(lookUp(rule.named, item) ?? '')
  const folder = named.slice(0, named.lastIndexOf('/') + 1)
  if (folder === '') throw SolutionError.at(item, `<${item.name}> names no file in a folder of its own`)
  const manifest = findNamed(parts, named)
  if (manifest === undefined)
    throw SolutionError.at(item, `the archive has no ${named}, which <${item.name}> names`)
  checkManifest(parts.read(manifest), manifest)
  const inFolder = folder.toLowerCase()
  return parts.paths
    .filter((part) => part.toLowerCase().startsWith(inFolder))
    .map((part) => ({ part, path: folder + part.slice(folder.length) }))
}

/** The manifest of a code component: its control is known by namespace and constructor. */
function checkManifest(bytes: Uint8Array, label: string): void {
  const { root } = parseXml(bytes, label)
  for (const control of root.elements('control')) {
    for (const name of ['namespace', 'constructor']) {
      if (control.attribute(name) === undefined)
        throw SolutionError.at(control, `<control> has no attribute ${name}`)
    }
  }
}

function prefixFiles(rule: PrefixFiles, item: XmlElement, parts: PackageParts): ItemFile[] {
  const prefix = `${rule.archiveFolder}/${lookUp(rule.prefix, item) ?? ''}`.toLowerCase()
  return parts.paths
    .filter((part) => part.toLowerCase().startsWith(prefix) && part.split('/').length === 2)
    .map((part) => ({ part, path: `${rule.folder}/${part.slice(rule.archiveFolder.length + 1)}` }))
}

/**
 * The files in a tree that belong to an item.
 * @param itemPath the file of the item itself
 * @throws SolutionError when one is missing that must be there
 */
export function filesInTree(kind: ItemsKind, item: XmlElement, itemPath: string, tree: TreeView): ItemFile[] {
  return (kind.files ?? []).flatMap((rule): ItemFile[] => {
    switch (rule.rule) {
      case 'named':
        return namedFiles(rule, item).flatMap(({ name, path: stated, element }) => {
          const path = tree.find(treePath(stated, element))
          if (path !== undefined) return [{ part: partName(name), path }]
          if (rule.missingOnPack === 'accepted') return []
          throw SolutionError.at(element, `the folder has no ${stated}, which <${item.name}> needs; add it`)
        })
      case 'folder': {
        const named = partName(lookUp(rule.named, item) ?? '')
        const inFolder = tree.under(named.slice(0, Math.max(named.lastIndexOf('/'), 0)))
        return inFolder.filter((path) => path !== itemPath).map((path) => ({ part: path, path }))
      }
      case 'prefix': {
        const prefix = `${rule.folder}/${lookUp(rule.prefix, item) ?? ''}`.toLowerCase()
        return tree
          .filesIn(rule.folder)
          .filter((path) => path !== itemPath && path.toLowerCase().startsWith(prefix))
          .map((path) => ({ part: rule.archiveFolder + path.slice(rule.folder.length), path }))
      }
    }
  })
}
