import { readComponentFolders } from '../../model/component-folders.ts'
import { unpackGeneric } from './layouts/generic.ts'
import { type LaidOutKind, layoutOf } from '../../model/kind-of.ts'
import { emptied } from './replacements.ts'
import { unpackItems } from './layouts/items.ts'
import { unpackRelationships } from './layouts/relationships.ts'
import { unpackReports } from './layouts/reports.ts'
import { unpackTemplates } from './layouts/templates.ts'
import { unpackWhole } from './layouts/whole.ts'
import { XmlWriter, type Replacement, type XmlDocument, type XmlElement } from '../../xml/index.ts'
import type { Unpacking } from './unpacking.ts'

/** The walk over the sections of customizations.xml: each becomes what its row in the table of kinds says. */
export function unpackSections(customizations: XmlDocument, archive: Unpacking): void {
  const { root } = customizations
  const edits = new Map<number, Replacement>()
  for (const section of root.elements()) {
    const name = section.name
    const kind = section.is(name) ? layoutOf(name) : undefined
    if (kind === undefined) {
      if (!unpackGeneric(section, archive, root)) continue
    } else {
      unpackKind(kind, section, archive, root)
      if (section.elements().length > 0) archive.claim(kind.claims, section.name)
    }
    edits.set(section.node, emptied)
    // What becomes a file as a whole keeps its attributes and comments there.
    if (kind?.layout !== 'whole') archive.loseAttributes(section)
    // Comments and text between sections, and between the items of a section, have no place in the tree.
    if (kind?.layout !== 'whole' || section.elements().length === 0) archive.loseOtherNodes(section)
  }
  archive.loseOtherNodes(root)
  if (archive.single !== undefined) return
  const read = (): Uint8Array => {
    const writer = new XmlWriter({ standalone: customizations.standalone })
    writer.start(root.name, root.attributes)
    for (const section of root.elements()) {
      const edit = edits.get(section.node)
      if (edit === undefined) writer.copy(section)
      else edit(writer, section)
    }
    writer.end(!root.selfClosed)
    return writer.finish()
  }
  archive.write('Other/Customizations.xml', 'managed', root, { read })
}

function unpackKind(kind: LaidOutKind, section: XmlElement, archive: Unpacking, root: XmlElement): void {
  switch (kind.layout) {
    case 'items':
      return unpackItems(kind, section, archive, root)
    case 'whole':
      return unpackWhole(kind, section, archive, root)
    case 'relationships':
      return unpackRelationships(kind, section, archive, root)
    case 'templates':
      return unpackTemplates(kind, section, archive, root)
    case 'reports':
      return unpackReports(kind, section, archive)
  }
}

/** What is no section's file is copied as it is; what a section claims and no item names is lost. */
export function unpackLooseFiles(archive: Unpacking, documents: ReadonlySet<string>): void {
  const loose: string[] = []
  for (const { path, topFolder: stated } of archive.parts.parts) {
    if (documents.has(path)) continue
    // A name like `a\b.txt` is one file name on Linux, but it does not count as a file at the root.
    const topFolder = stated === '' && path.includes('\\') ? path.slice(0, path.indexOf('\\')) : stated
    const claimedBy = topFolder === '' ? undefined : archive.claimedBy(topFolder)
    if (topFolder !== '' && claimedBy === undefined) {
      loose.push(path)
      archive.writePart(path, 'managed', path)
    } else if (!archive.isCarried(path))
      archive.losePart(path, 'unclaimed-file', reasonToLose(topFolder, claimedBy))
  }
  const components = readComponentFolders({
    paths: loose,
    read: (path) => archive.look(path),
    label: (path) => archive.label(path),
  })
  for (const file of components.named) if (archive.parts.find(file.path) === undefined) archive.miss(file)
  for (const { name, reason } of archive.parts.lost) archive.losePart(name, 'content-types', reason)
}

function reasonToLose(topFolder: string, claimedBy: string | undefined): string {
  if (claimedBy === undefined) return 'a file at the root of an archive has no place in the tree'
  if (claimedBy === 'Other') return `the folder ${topFolder} of a tree is for its own documents`
  return `${topFolder} belongs to the section ${claimedBy}, and nothing in it that is unpacked names this file`
}
