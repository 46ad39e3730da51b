import type { SolutionManifest } from '../../manifest.ts'
import { type ParsedTree, parsedOnce } from '../../parsed-tree.ts'
import { readSourceManifest, sourceCustomizations } from '../../source-manifest.ts'
import type { SourceTree } from '../../source-tree.ts'
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

/**
 * Paths of the files that definitions in a tree name, be they there or not; a map file may keep them elsewhere.
 * @throws SolutionError or XmlError where packing would fail
 */
export function filesNamedInTree(source: SourceTree): readonly string[] {
  const tree = parsedOnce(source)
  const manifest = readSourceManifest(tree)
  return surveyTree(tree, sourceCustomizations(tree), manifest).named
}
