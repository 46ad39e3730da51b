import type { Packing } from '../packing.ts'
import type { Unpacking } from '../unpacking.ts'
import { declarationsOf, type XmlElement, type XmlWriter } from '../../../xml/index.ts'
import type { WholeKind } from '../../../model/kind.ts'
import { fillTemplate, variesByManaged } from '../path-template.ts'
import { elementsAt } from '../../../model/solution-source.ts'
import { checkRequirements } from '../../../model/requirements.ts'

/** A section that becomes one file as it stands. */
export function unpackWhole(
  kind: WholeKind,
  section: XmlElement,
  archive: Unpacking,
  root: XmlElement,
): void {
  checkRequirements(section, kind.requires)
  const items = section.elements()
  for (const item of items)
    if (kind.items && item.is(kind.items.item)) checkRequirements(item, kind.items.requires)
  if (items.length === 0 && kind.evenEmpty !== true) return
  const path = fillTemplate(kind.path, { element: section, managed: archive.managed })
  if (archive.single !== undefined) return
  archive.writeElement(path, variesByManaged(kind.path) ? 'each' : 'unmanaged', section, {
    declarations: declarationsOf(root),
  })
}

/** Writes the file in the place of the section; without it the section is empty. Returns whether there was one. */
export function packWhole(kind: WholeKind, section: XmlElement, tree: Packing, writer: XmlWriter): boolean {
  const path = fillTemplate(kind.path, { element: section, managed: tree.managed })
  const found = tree.find(path)
  const other = tree.find(fillTemplate(kind.path, { element: section, managed: !tree.managed }))
  if (other !== undefined) tree.look(other)
  if (found === undefined) {
    if (other !== undefined)
      tree.warnings.push(`${other}: not packed, since ${path} is what this archive takes`)
    writer.empty(section.name)
    return false
  }
  const element = tree.component(found, section.name)
  tree.addComponent(kind, found, element)
  tree.write(writer, element)
  return true
}

/** What stands below the section in its file. */
export function readWhole(
  kind: WholeKind,
  section: XmlElement,
  tree: Packing,
  way: readonly string[],
): readonly XmlElement[] {
  const found = tree.find(fillTemplate(kind.path, { element: section, managed: tree.managed }))
  return found === undefined ? [] : elementsAt(way, tree.component(found, section.name))
}
