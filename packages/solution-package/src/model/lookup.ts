import type { XmlElement } from '../xml/index.ts'

/**
 * Where a value of an element is found: `Name` is the text of a child, `@name` an attribute, `a/b/@c` is looked for on
 * that way, `../@type` is an attribute of the parent; of alternatives (`XamlFileName|JsonFileName`) the first that is
 * there and not empty counts.
 */
export type Lookup = string

/** The value of a lookup, or undefined when no alternative has one. */
export function lookUp(lookup: Lookup, element: XmlElement, parent?: XmlElement): string | undefined {
  for (const alternative of lookup.split('|')) {
    const value = valueAt(alternative, element, parent)
    if (value !== undefined && value !== '') return value
  }
  return undefined
}

/** The value of one alternative, which may be empty. */
export function valueAt(alternative: string, element: XmlElement, parent?: XmlElement): string | undefined {
  if (alternative.startsWith('../@')) return parent?.attribute(alternative.slice(4))
  if (alternative.startsWith('@')) return element.attribute(alternative.slice(1))
  const slash = alternative.indexOf('/')
  if (slash < 0) return element.element(alternative)?.text
  const child = element.element(alternative.slice(0, slash))
  return child && valueAt(alternative.slice(slash + 1), child)
}

/** How a lookup is called in messages. */
export function describeLookup(lookup: Lookup): string {
  const described = lookup.split('|').map((alternative) => {
    const name = alternative.replace('../', '')
    return name.startsWith('@') ? `attribute ${name.slice(1)}` : `element ${name}`
  })
  return described.join(' or ')
}
