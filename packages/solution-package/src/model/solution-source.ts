import type { SolutionManifest } from '../manifest.ts'
import type { XmlElement } from '../xml/index.ts'
import type { LooseFiles } from './component-folders.ts'

/**
 * What the components of a solution are read from: an archive, or a tree in one of the formats of sources/. Each of
 * them answers by the elements that an export has; nothing is read or parsed before it is asked for.
 */
export interface SolutionSource {
  /** @throws SolutionError or XmlError when it is missing or not what it should be */
  readonly manifest: SolutionManifest
  /**
   * The sections of customizations.xml, in its order.
   * @throws SolutionError or XmlError when they cannot be told
   */
  readonly sections: readonly SolutionSection[]
  /** The files among which there may be components with a folder of their own. */
  readonly folders: LooseFiles
}

export interface SolutionSection {
  readonly name: string
  /**
   * The elements that a way of names leads to: from the section downwards, or from one of its elements. `*` is every
   * child. The document of an element is labelled with the file that holds it.
   * @throws XmlError when a file on the way is not well-formed
   */
  elements(way: readonly string[], from?: XmlElement): readonly XmlElement[]
}

/** The elements that a way leads to within one document. */
export function elementsAt(way: readonly string[], from: XmlElement): readonly XmlElement[] {
  return way.reduce<readonly XmlElement[]>(
    (elements, name) =>
      elements.flatMap((element) => (name === '*' ? element.elements() : element.elements(name))),
    [from],
  )
}

/** A section that stands in one document as a whole. */
export function sectionIn(section: XmlElement): SolutionSection {
  return { name: section.name, elements: (way, from = section) => elementsAt(way, from) }
}
