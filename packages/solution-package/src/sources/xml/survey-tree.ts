import type { SolutionManifest } from '../../manifest.ts'
import type { ParsedTree } from '../../parsed-tree.ts'
import { type XmlDocument, XmlWriter } from '../../xml/index.ts'
import { packLooseFiles, packSections } from './pack-sections.ts'
import { Packing } from './packing.ts'

/** For packing that is only to find what there is to pack. */
class Unwritten extends XmlWriter {
  override copy(): void {}
  override copyAs(): void {}
}

/**
 * Walks over a tree as packing does, and writes nothing.
 * @throws SolutionError or XmlError where packing would fail
 */
export function surveyTree(
  tree: ParsedTree,
  customizations: XmlDocument,
  manifest: SolutionManifest,
): Packing {
  const view = new Packing(tree, customizations.root, {
    managed: manifest.managed === 'Managed',
    manifest,
  })
  packSections(customizations, view, undefined, new Unwritten())
  packLooseFiles(view)
  return view
}
