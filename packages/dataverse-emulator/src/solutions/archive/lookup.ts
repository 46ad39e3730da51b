import type { XmlElement } from '@dsa/solution-package'

/**
 * Where a value stands, from an element on: names of elements with `/` between them, and `@name` for an attribute.
 * `|` separates places; the first that holds something counts.
 */
export type Lookup = string

export function lookUp(element: XmlElement, lookup: Lookup): string | undefined {
  for (const place of lookup.split('|')) {
    const found = valueAt(element, place.split('/'))
    if (found !== undefined && found !== '') return found
  }
  return undefined
}

function valueAt(element: XmlElement, steps: readonly string[]): string | undefined {
  const [step = '', ...rest] = steps
  if (step.startsWith('@')) return element.attribute(step.slice(1))
  const child = element.element(step)
  return child === undefined || rest.length === 0 ? child?.text : valueAt(child, rest)
}
