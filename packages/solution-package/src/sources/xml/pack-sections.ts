import { readComponentFolders } from '../../model/component-folders.ts'
import { packGeneric } from './layouts/generic.ts'
import { type LaidOutKind, layoutOf } from '../../model/kind-of.ts'
import { itemsIn } from '../../model/solution.ts'
import { sectionIn, type SolutionSection } from '../../model/solution-source.ts'
import { packItems } from './layouts/pack-items.ts'
import { packRelationships } from './layouts/relationships.ts'
import { packReports } from './layouts/reports.ts'
import { packTemplates } from './layouts/templates.ts'
import { packWhole } from './layouts/whole.ts'
import { isLitter, mayBeDefinition } from './litter.ts'
import type { XmlWriter, XmlDocument, XmlElement } from '../../xml/index.ts'
import { encodePartName, statedPartName } from '../../opc/index.ts'
import type { PluginRemap } from '../../pack/plugin-remap.ts'
import type { Packing } from './packing.ts'
import { treeSection } from './xml-source.ts'

/** The walk over the sections of Other/Customizations.xml: each is filled as its row in the table of kinds says. */
export function packSections(
  customizations: XmlDocument,
  tree: Packing,
  remap: PluginRemap | undefined,
  writer: XmlWriter,
): void {
  const { root } = customizations
  writer.start(root.name, root.attributes)
  const seen = new Set<string>()
  for (const section of root.elements()) {
    const name = section.name
    const kind = section.is(name) ? layoutOf(name) : undefined
    // A section may stand there twice; its folder fills the first.
    if (seen.has(name)) {
      count(sectionIn(section), tree)
      writer.copy(section)
      continue
    }
    seen.add(name)
    count(treeSection(section, tree), tree)
    if (kind === undefined) {
      if (!packGeneric(section, tree, writer)) writer.copy(section)
      continue
    }
    if (section.elements().length > 0) {
      const { line } = section.position
      tree.warnings.push(
        `${customizations.label}, line ${line}: what <${name}> holds is not packed, its files are`,
      )
    }
    if (packKind(kind, section, tree, writer, remap)) tree.claim(kind.claims, name)
  }
  writer.end(!root.selfClosed)
  writer.finish()
}

function count(section: SolutionSection, tree: Packing): void {
  for (const { row } of itemsIn(section)) tree.count(row.label)
}

function packKind(
  kind: LaidOutKind,
  section: XmlElement,
  tree: Packing,
  writer: XmlWriter,
  remap: PluginRemap | undefined,
): boolean {
  switch (kind.layout) {
    case 'items':
      return packItems(
        kind,
        section,
        tree,
        writer,
        kind.namedByAssembly === true ? remap?.change(tree) : undefined,
      )
    case 'whole':
      return packWhole(kind, section, tree, writer)
    case 'relationships':
      return packRelationships(kind, section, tree, writer)
    case 'templates':
      return packTemplates(kind, section, tree, writer)
    case 'reports':
      return packReports(kind, section, tree, writer)
  }
}

/** Top folders that never go into an archive: the tree's own documents, its resources, and a repository. */
const NOT_PACKED: ReadonlySet<string> = new Set(['other', 'resources', '.git'])

const DOCUMENTS: ReadonlySet<string> = new Set(['other/solution.xml', 'other/customizations.xml'])

/** Whether a file lies among the tree's own documents and is none of them, as after a slip in its name. */
function isStray(path: string, tree: Packing): boolean {
  const folded = path.toLowerCase()
  return folded.startsWith('other/') && !DOCUMENTS.has(folded) && !tree.isUsed(path) && !isLitter(path)
}

/** Adds the files of folders that are no section's. Returns the names of their entries. */
export function packLooseFiles(tree: Packing): Set<string> {
  const loose: string[] = []
  for (const path of tree.paths) {
    const slash = path.indexOf('/')
    const topFolder = path.slice(0, Math.max(slash, 0))
    if (slash <= 0) continue
    if (NOT_PACKED.has(topFolder.toLowerCase())) {
      if (isStray(path, tree))
        tree.warnings.push(`${path}: not packed, since no part of the solution is read from it`)
      continue
    }
    const claimedBy = tree.claimedBy(topFolder)
    if (claimedBy === undefined) loose.push(path)
    else if (tree.isUsed(path)) continue
    else if (isLitter(path)) tree.litter.push(path)
    else {
      tree.warnings.push(
        `${path}: not packed, since ${topFolder} belongs to ${claimedBy} and nothing there names it`,
      )
    }
  }
  return packComponentFolders(tree, loose)
}

function packComponentFolders(tree: Packing, loose: readonly string[]): Set<string> {
  const components = readComponentFolders({
    paths: loose.filter((path) => !isLitter(path) || mayBeDefinition(path)),
    read: (path) => tree.read(path),
    label: (path) => path,
  })
  for (const label of components.labels) tree.count(label)
  const names = new Map<string, string>()
  for (const { name, path, at } of components.named) {
    const found = tree.find(path)
    if (found === undefined) tree.miss(path, at)
    else names.set(found, statedPartName(name))
  }
  const entries = new Set<string>()
  // What is offered from elsewhere stands where it would stand if it lay in the tree.
  for (const path of [...new Set([...loose, ...names.keys()])].toSorted((a, b) => (a < b ? -1 : 1))) {
    const isClaimed = names.has(path) || components.has(path)
    if (!isClaimed && isLitter(path)) {
      tree.litter.push(path)
      continue
    }
    if (!isClaimed) tree.unclaimed.push(path)
    const entry = names.get(path) ?? encodePartName(path)
    entries.add(entry)
    tree.packFile(entry, path)
  }
  return entries
}
