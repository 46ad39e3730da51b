import type { Packing } from '../packing.ts'
import type { Unpacking } from '../unpacking.ts'
import { SolutionError } from '../../../solution-error.ts'
import {
  declarationsOf,
  decodeText,
  isXmlText,
  type Replacement,
  type XmlElement,
  type XmlWriter,
} from '../../../xml/index.ts'
import type { TemplatesKind, TemplateText } from '../../../model/kind.ts'
import { fillTemplate, treePath } from '../path-template.ts'
import { elementsAt } from '../../../model/solution-source.ts'
import { hollow, withText } from '../replacements.ts'

/** Groups of templates, each a file, with their long texts beside them. */
export function unpackTemplates(
  kind: TemplatesKind,
  section: XmlElement,
  archive: Unpacking,
  root: XmlElement,
): void {
  for (const group of section.elements()) {
    const rule = kind.groups[group.name]
    const edits = new Map<number, Replacement>()
    for (const template of rule === undefined ? [] : group.elements(rule.item)) {
      for (const text of rule?.texts ?? []) {
        const element = unpackText(text, template, archive)
        if (element !== undefined) edits.set(element.node, hollow)
      }
    }
    if (archive.single !== undefined) continue
    archive.writeElement(`${kind.path}/${group.name.replaceAll('/', '_')}.xml`, 'unmanaged', group, {
      edits,
      declarations: declarationsOf(section, root),
    })
  }
}

function unpackText(rule: TemplateText, template: XmlElement, archive: Unpacking): XmlElement | undefined {
  const element = template.element(rule.element)
  if (element === undefined) {
    if (rule.required === true)
      throw SolutionError.at(template, `<${template.name}> has no element ${rule.element}`)
    return undefined
  }
  const path = fillTemplate(rule.path, { element: template })
  const bytes =
    rule.encoding === 'base64' ? decodeBase64(element) : Buffer.from(`\u{feff}${element.text}`, 'utf8')
  if (archive.single === undefined) archive.writeContent(path, 'unmanaged', element, bytes)
  return element
}

function decodeBase64(element: XmlElement): Uint8Array {
  const text = element.text.replace(/\s+/g, '')
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) {
    throw SolutionError.at(element, `<${element.name}> does not hold base64`)
  }
  return Buffer.from(text, 'base64')
}

/** Writes the groups and puts the texts back. Returns whether there were any groups. */
export function packTemplates(
  kind: TemplatesKind,
  section: XmlElement,
  tree: Packing,
  writer: XmlWriter,
): boolean {
  const paths = tree.filesIn(kind.path)
  writer.start(section.name)
  for (const path of paths) {
    const group = tree.element(path)
    const rule = kind.groups[group.name]
    const edits = new Map<number, Replacement>()
    for (const template of rule === undefined ? [] : group.elements(rule.item)) {
      for (const text of rule?.texts ?? []) {
        const element = template.element(text.element)
        if (element === undefined || element.text !== '') continue
        const stated = treePath(fillTemplate(text.path, { element: template }), element)
        const file = tree.find(stated)
        if (file === undefined) tree.miss(stated, element)
        else edits.set(element.node, withText(textOf(text, tree.use(file), file)))
      }
    }
    tree.write(writer, group, { edits })
  }
  writer.end()
  return paths.length > 0
}

function textOf(rule: TemplateText, bytes: Uint8Array, path: string): string {
  if (rule.encoding === 'base64') return Buffer.from(bytes).toString('base64')
  const text = decodeText(bytes, path)
  if (isXmlText(text)) return text
  throw new SolutionError(`${path}: holds a character that XML does not allow, so it cannot be packed`)
}

/** The templates of the groups. */
export function readTemplates(
  kind: TemplatesKind,
  tree: Packing,
  [group, ...way]: readonly string[],
): readonly XmlElement[] {
  return tree
    .filesIn(kind.path)
    .map((path) => tree.element(path))
    .filter(({ name }) => name === group)
    .flatMap((root) => elementsAt(way, root))
}
