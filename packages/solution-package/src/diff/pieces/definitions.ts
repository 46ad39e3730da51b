import type { XmlElement } from '../../xml/index.ts'
import type { Fact } from '../facts/fact.ts'
import { labelIn, xmlFacts, type XmlRules } from '../facts/xml-facts.ts'
import { plainId } from '../facts/words.ts'
import type { ComponentKind } from '../report.ts'
import { lazyPiece, type Piece, type Place, type PlacedFile } from './piece.ts'

type FactsOf = (element: XmlElement, language: string) => readonly Fact[]

/** A kind of which a file, or each element of a name in it, is one component. */
interface Definition {
  readonly kind: ComponentKind | ((element: XmlElement) => ComponentKind)
  /** Attributes (`@id`) or children, of which the first that is there counts; or a fixed id. */
  readonly id: readonly string[] | ((file: PlacedFile, element: XmlElement) => string)
  /** Containers of labels, attributes or children, of which the first that is there counts. */
  readonly name: readonly string[]
  readonly facts: XmlRules | FactsOf
  /** What people call it by its name, where that says too little by itself. */
  readonly called?: (element: XmlElement, name: string) => string
  /** The elements in the file; without it the root is one. */
  readonly items?: string
  readonly parent?: (file: PlacedFile, element: XmlElement) => Piece['parent']
}

/** A file that holds definitions of a kind. */
export function definitions(at: RegExp, definition: Definition): Place {
  return {
    at,
    read: (file) => {
      const { root } = file.side.parse(file.path)
      // Before 2016 a file had the element itself, without a list around it.
      const isItem = definition.items === undefined || root.name === definition.items
      const items = isItem ? [root] : root.descendants(definition.items)
      return items.map((element) => pieceOf(element, definition, file))
    },
  }
}

export function pieceOf(element: XmlElement, definition: Definition, file: PlacedFile): Piece {
  const { kind, facts } = definition
  const { language } = file.side
  const id =
    typeof definition.id === 'function'
      ? definition.id(file, element)
      : (firstOf(element, definition.id) ?? file.path)
  const parent = definition.parent?.(file, element)
  const name = nameOf(element, definition.name, language) ?? id
  return lazyPiece(
    {
      kind: typeof kind === 'function' ? kind(element) : kind,
      id: plainId(id),
      name: definition.called?.(element, name) ?? name,
      ...(parent !== undefined && { parent }),
      isDefinition: true,
      ...(file.groups['managed'] !== undefined && { isTwin: true }),
      source: element.source,
    },
    () =>
      typeof facts === 'function' ? facts(element, language) : xmlFacts(element, { rules: facts, language }),
  )
}

export function firstOf(element: XmlElement, at: readonly string[]): string | undefined {
  for (const lookup of at) {
    const value = lookup.startsWith('@') ? element.attribute(lookup.slice(1)) : element.element(lookup)?.text
    if (value !== undefined && value.trim() !== '') return value.trim()
  }
  return undefined
}

export function nameOf(element: XmlElement, at: readonly string[], language: string): string | undefined {
  for (const lookup of at) {
    const child = lookup.startsWith('@') ? undefined : element.element(lookup)
    const label = labelIn(child, language) ?? child?.attribute('default') ?? firstOf(element, [lookup])
    if (label !== undefined && label !== '') return label
  }
  return undefined
}
