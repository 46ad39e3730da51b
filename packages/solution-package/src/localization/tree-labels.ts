import { KINDS } from '../model/kinds.ts'
import type { SourceTree } from '../source-tree.ts'
import { parseXml } from '../xml/index.ts'
import { type Label, labelsOf } from './labels.ts'

const sectionFolders: ReadonlySet<string> = new Set(['Other', ...KINDS.flatMap(({ claims }) => claims)])

/** The files that components are made of. What is copied as bytes has no labels, though it may be XML as well. */
function filesWithLabels(paths: readonly string[]): readonly string[] {
  const all = new Set(paths)
  return paths
    .filter(
      (path) =>
        path.endsWith('.xml') &&
        (path.endsWith('.meta.xml') || sectionFolders.has(path.slice(0, path.indexOf('/')))) &&
        !all.has(`${path}.data.xml`),
    )
    .toSorted((a, b) => (a < b ? -1 : 1))
}

/**
 * All labels of a tree, file by file, in the order of the paths. A key is unique in the tree, but for a component that
 * has a managed form as well: both have the labels of one component, so they share its keys.
 */
export function* treeLabels(
  tree: SourceTree,
): Iterable<{ readonly path: string; readonly labels: readonly Label[] }> {
  const owners = new Map<string, string>()
  const uniqueKey = (key: string, owner: string): string => {
    for (let n = 1; ; n++) {
      const candidate = n === 1 ? key : `${key}~${n}`
      const known = owners.get(candidate) ?? owner
      if (known !== owner) continue
      owners.set(candidate, owner)
      return candidate
    }
  }
  for (const path of filesWithLabels(tree.paths)) {
    const owner = path.replace(/_managed\.xml$/, '.xml')
    const labels = labelsOf(path, parseXml(tree.read(path), path))
    yield { path, labels: labels.map((label) => ({ ...label, key: uniqueKey(label.key, owner) })) }
  }
}
