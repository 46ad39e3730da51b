import { sortByCulture } from '../dotnet/culture-order.ts'
import {
  parseXml,
  XmlWriter,
  type Replacement,
  type XmlAttribute,
  type XmlDocument,
  type XmlElement,
} from '../xml/index.ts'
import { placesOf } from '../sources/xml/element-files.ts'
import { NORMALIZE_RULES, type AttributeRule, type SortRule } from './rules.ts'

/**
 * Applies the rules to a document of a tree.
 * @param path its path in the tree, which decides what rules there are for it
 */
export function normalizeDocument(bytes: Uint8Array, path: string): Uint8Array {
  const places = placesOf(path)
  const rules = NORMALIZE_RULES.filter((rule) => rule.in?.some((place) => places.includes(place)) ?? true)
  const document = parseXml(bytes, path)
  const sorts = new Map(rules.flatMap((rule) => (rule.kind === 'sort' ? [[rule.parent, rule] as const] : [])))
  const changes = new Map<string, AttributeRule[]>()
  for (const rule of rules) {
    if (rule.kind === 'attributes') changes.set(rule.element, [...(changes.get(rule.element) ?? []), rule])
  }
  const edits = findEdits(document, sorts, changes)
  const writer = new XmlWriter({ standalone: document.standalone })
  writer.copyDocument(document, edits)
  return writer.finish()
}

function findEdits(
  document: XmlDocument,
  sorts: ReadonlyMap<string, SortRule>,
  changes: ReadonlyMap<string, readonly AttributeRule[]>,
): ReadonlyMap<number, Replacement> {
  const edits = new Map<number, Replacement>()
  for (const element of [document.root, ...document.root.descendants()]) {
    const name = element.name
    const sort = sorts.get(name)
    const change = changes.get(name)
    if (!element.is(name) || (sort === undefined && change === undefined)) continue
    const items = element.elements()
    const sorted =
      sort !== undefined && isList(element, items, sort.child)
        ? sortByCulture(items, (item) => [...sort.by(item), item.source])
        : undefined
    if (sorted === undefined && change === undefined) continue
    edits.set(element.node, (writer) => {
      const attributes = change === undefined ? element.attributes : changedAttributes(element, change)
      if (sorted === undefined) {
        writer.copyAs(element, attributes, edits)
        return
      }
      writer.start(name, attributes)
      for (const item of sorted) writeEdited(writer, item, edits)
      writer.end()
    })
  }
  return edits
}

/** Whether an element holds nothing but two or more children of a name; with a comment in it, order shows. */
function isList(element: XmlElement, items: readonly XmlElement[], child: string): boolean {
  return items.length > 1 && items.every((item) => item.is(child)) && element.otherNodes().length === 0
}

function writeEdited(writer: XmlWriter, element: XmlElement, edits: ReadonlyMap<number, Replacement>): void {
  const edit = edits.get(element.node)
  if (edit === undefined) writer.copy(element, edits)
  else edit(writer, element)
}

function changedAttributes(element: XmlElement, rules: readonly AttributeRule[]): readonly XmlAttribute[] {
  return element.attributes.flatMap(({ name, value }) => {
    let changed: string | undefined = value
    for (const rule of rules) {
      if (changed !== undefined) changed = rule.change(name, changed, element)
    }
    return changed === undefined ? [] : [{ name, value: changed }]
  })
}
