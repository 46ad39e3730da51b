import { sortByCulture } from '../../dotnet/culture-order.ts'
import type { Replacement, XmlElement } from '../../xml/index.ts'
import type { Lookup } from '../../model/lookup.ts'

/** Leaves `<x />` where something was moved to a file of its own. */
export const emptied: Replacement = (writer, element) => writer.empty(element.name)

/** Leaves `<x></x>`, with its attributes, where a text was moved to a file. */
export const hollow: Replacement = (writer, element) => {
  writer.start(element.name, element.attributes)
  writer.end(true)
}

/** Puts another text into an element. */
export function withText(value: string): Replacement {
  return (writer, element) => {
    writer.start(element.name, element.attributes)
    writer.text(value)
    writer.end(true)
  }
}

/** Builds a list anew from its elements, in culture order of some of their values. What else it holds is dropped. */
export function sorted(by: readonly Lookup[], pick = (child: XmlElement) => child): Replacement {
  return (writer, element) => {
    const children = sortByCulture(element.elements(), (child) =>
      by.map((lookup) => valueOf(lookup, pick(child))),
    )
    writer.start(element.name, element.attributes)
    for (const child of children) writer.copy(child)
    writer.end()
  }
}

/** Unlike a lookup that names a file, an empty value is one here. */
function valueOf(lookup: Lookup, element: XmlElement): string | undefined {
  return lookup.startsWith('@') ? element.attribute(lookup.slice(1)) : element.element(lookup)?.text
}
