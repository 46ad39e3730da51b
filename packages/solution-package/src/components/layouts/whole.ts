import type { ArchiveView } from '../../unpack/archive-view.ts'
import { declarationsOf } from '../../unpack/archive-view.ts'
import type { XmlElement } from '../../xml/index.ts'
import type { WholeKind } from '../kind.ts'
import { fillTemplate, variesByManaged } from '../path-template.ts'
import { checkRequirements } from '../requirements.ts'

/** A section that becomes one file as it stands. */
export function unpackWhole(
  kind: WholeKind,
  section: XmlElement,
  archive: ArchiveView,
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
