import { layoutOf } from '../../model/kind-of.ts'
import {
  elementsAt,
  sectionIn,
  type SolutionSection,
  type SolutionSource,
} from '../../model/solution-source.ts'
import { type ParsedTree, parsedOnce } from '../../parsed-tree.ts'
import { readSourceManifest, sourceCustomizations } from '../../source-manifest.ts'
import type { SourceTree } from '../../source-tree.ts'
import type { XmlElement } from '../../xml/index.ts'
import { readGeneric } from './layouts/generic.ts'
import { readItems } from './layouts/pack-items.ts'
import { readRelationships } from './layouts/relationships.ts'
import { readReports } from './layouts/reports.ts'
import { readTemplates } from './layouts/templates.ts'
import { readWhole } from './layouts/whole.ts'
import { isLitter, mayBeDefinition } from './litter.ts'
import { Packing } from './packing.ts'

/** Reads the components of an unpacked solution; of two variants of a file, the one that its own archive takes. */
export function treeSource(unparsed: SourceTree): SolutionSource {
  const tree = parsedOnce(unparsed)
  return {
    get manifest() {
      return readSourceManifest(tree)
    },
    get sections() {
      return sectionsOf(tree)
    },
    folders: {
      paths: tree.paths.filter(
        (path) => !path.startsWith('Resources/') && (!isLitter(path) || mayBeDefinition(path)),
      ),
      read: (path) => tree.read(path),
      label: (path) => path,
    },
  }
}

function sectionsOf(tree: ParsedTree): readonly SolutionSection[] {
  const manifest = readSourceManifest(tree)
  const { root } = sourceCustomizations(tree)
  const packing = new Packing(tree, root, { managed: manifest.managed === 'Managed', manifest })
  const seen = new Set<string>()
  return root.elements().map((section) => {
    const { name } = section
    // A section may stand there twice; its folder fills the first.
    if (seen.has(name)) return sectionIn(section)
    seen.add(name)
    return treeSection(section, packing)
  })
}

/** A section with what its files hold, wherever its layout put it. */
export function treeSection(section: XmlElement, tree: Packing): SolutionSection {
  return { name: section.name, elements: (way, from) => elementsOf(section, tree, way, from) }
}

function elementsOf(
  section: XmlElement,
  tree: Packing,
  way: readonly string[],
  from: XmlElement | undefined,
): readonly XmlElement[] {
  const kind = layoutOf(section.name)
  if (kind?.layout === 'items') return readItems(kind, tree, way, from)
  if (from !== undefined) return elementsAt(way, from)
  switch (kind?.layout) {
    case undefined:
      return readGeneric(section, tree, way)
    case 'whole':
      return readWhole(kind, section, tree, way)
    case 'relationships':
      return readRelationships(kind, section, tree)
    case 'templates':
      return readTemplates(kind, tree, way)
    case 'reports':
      return readReports(kind, tree)
  }
}
