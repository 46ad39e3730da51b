import type { Packing } from '../packing.ts'
import type { Unpacking } from '../unpacking.ts'
import { SolutionError } from '../../../solution-error.ts'
import { declarationsOf, XmlWriter, type XmlElement } from '../../../xml/index.ts'
import type { RelationshipsKind } from '../../../model/kind.ts'
import { fillTemplate } from '../path-template.ts'

/** An index of the relationships in their order, and a file for each entity with those that it has. */
export function unpackRelationships(
  kind: RelationshipsKind,
  section: XmlElement,
  archive: Unpacking,
  root: XmlElement,
): void {
  const listed: XmlElement[] = []
  const groups = new Map<string, XmlElement[]>()
  for (const item of section.elements()) {
    if (!item.is(kind.item)) {
      archive.lose(item, 'element', `<${section.name}> holds ${kind.item} elements only`)
      continue
    }
    const entity = entityOf(kind, item)
    const group = groups.get(entity)
    if (group === undefined) groups.set(entity, [item])
    else group.push(item)
    listed.push(item)
  }
  if (listed.length === 0 || archive.single !== undefined) return
  const declarations = declarationsOf(section, root)
  archive.write(kind.index, 'unmanaged', section, {
    read() {
      const writer = new XmlWriter()
      writer.start(section.name, declarations)
      for (const { attributes } of listed) writer.empty(kind.item, attributes)
      writer.end()
      return writer.finish()
    },
    source: () => ({
      texts: listed.map(({ rawTag }) => rawTag),
      layout: listed.every(({ isPlainTag, selfClosed }) => isPlainTag && !selfClosed) ? 'tags' : undefined,
    }),
  })
  for (const [entity, items] of groups) {
    const path = fillTemplate(kind.path, { element: section, value: entity })
    archive.writeElements(path, 'unmanaged', items[0] ?? section, items, {
      wrapper: section.name,
      declarations,
    })
  }
}

/**
 * The table whose file holds a relationship.
 * @throws SolutionError when it names none
 */
export function entityOf(kind: RelationshipsKind, item: XmlElement): string {
  const type = item.element(kind.type)?.text ?? ''
  const named = kind.entityByType[type]
  if (named === undefined) {
    const known = Object.keys(kind.entityByType).join(' or ')
    throw SolutionError.at(item, `<${item.name}> has the ${kind.type} '${type}'; it can be ${known}`)
  }
  const entity = item.element(named)?.text ?? ''
  if (entity === '')
    throw SolutionError.at(item, `<${item.name}> has no element ${named}, which names its file`)
  return entity
}

/**
 * Writes the relationships in the order of the index. One that only the index has becomes an empty element, one that
 * the index lacks is left out, as SolutionPackager does. Returns whether there were any.
 */
export function packRelationships(
  kind: RelationshipsKind,
  section: XmlElement,
  tree: Packing,
  writer: XmlWriter,
): boolean {
  const waiting = new Map<string, XmlElement[]>()
  for (const item of readRelationships(kind, section, tree)) {
    const name = item.attribute('Name') ?? ''
    const namesakes = waiting.get(name)
    if (namesakes === undefined) waiting.set(name, [item])
    else namesakes.push(item)
  }
  const index = tree.find(kind.index)
  const entries = index === undefined ? [] : tree.component(index, section.name).elements(kind.item)
  writer.start(section.name)
  for (const entry of entries) {
    const item = waiting.get(entry.attribute('Name') ?? '')?.shift()
    if (item !== undefined) tree.write(writer, item, { more: tree.foreignDeclarations(item.document.root) })
    else {
      tree.write(writer, entry)
      tree.verifiable.push(
        `${kind.index}: ${entry.attribute('Name')} is in no file of ${folderOf(kind)}; it is packed empty`,
      )
    }
  }
  writer.end()
  for (const item of [...waiting.values()].flat()) {
    const { label } = item.document
    tree.warnings.push(
      `${label}: ${item.attribute('Name')} is not packed, since ${kind.index} does not list it`,
    )
  }
  return entries.length > 0
}

function folderOf({ path }: RelationshipsKind): string {
  return path.slice(0, path.indexOf('/{'))
}

/** The relationships of all files, be they in the index or not. */
export function readRelationships(
  kind: RelationshipsKind,
  section: XmlElement,
  tree: Packing,
): readonly XmlElement[] {
  return tree.under(folderOf(kind)).flatMap((path) => tree.component(path, section.name).elements(kind.item))
}
