import { createHash } from 'node:crypto'
import type { XmlDocument, XmlElement } from '../xml/index.ts'
import { type Label, languageOf } from './labels.ts'

/** What the keys of labels of component folders begin with, before 64 hexadecimal digits. */
export const componentKeyPrefix = '100000:label,'

/**
 * The labels of a definition in a component folder, such as `customapis/NAME/customapi.xml`: one for each element that
 * holds `<label>` elements, in document order.
 *
 * The digits depend on the paths of file and element, as those of SolutionPackager do; how it makes them is not known.
 */
export function componentLabelsOf(path: string, { root }: XmlDocument): readonly Label[] {
  const labels: Label[] = []
  const visit = (element: XmlElement, names: readonly string[], place: string): void => {
    const elements = new Map<number, XmlElement>()
    const counts = new Map<string, number>()
    for (const child of element.elements()) {
      const code = child.is('label') ? languageOf(child) : undefined
      if (code !== undefined) {
        if (!elements.has(code)) elements.set(code, child)
        continue
      }
      const count = (counts.get(child.name) ?? 0) + 1
      counts.set(child.name, count)
      visit(child, [...names, child.name], `${place}/${child.name}[${count}]`)
    }
    if (elements.size === 0) return
    const digits = createHash('sha256').update(`${path}\n${place}`).digest('hex').toUpperCase()
    labels.push({
      key: componentKeyPrefix + digits,
      comment: `Relative path in xml: ${names.map((name) => `\\${name}`).join('')} id:`,
      elements,
      holder: element,
    })
  }
  visit(root, [root.name], root.name)
  return labels
}
