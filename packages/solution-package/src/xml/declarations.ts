import type { XmlAttribute, XmlElement } from './document.ts'

/** Whether an attribute declares a namespace. */
export function isDeclaration(name: string): boolean {
  return name === 'xmlns' || name.startsWith('xmlns:')
}

/** The namespace declarations of elements, each prefix once; give the nearest element first. */
export function declarationsOf(...elements: readonly XmlElement[]): XmlAttribute[] {
  const found = new Map<string, XmlAttribute>()
  for (const element of elements) {
    for (const attribute of element.attributes) {
      if (isDeclaration(attribute.name) && !found.has(attribute.name)) found.set(attribute.name, attribute)
    }
  }
  return [...found.values()]
}
