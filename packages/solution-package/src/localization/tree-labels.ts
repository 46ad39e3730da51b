import { contentBeside, elementBeside } from '../sources/xml/element-files.ts'
import { isOfSection } from '../model/kind-of.ts'
import type { SourceTree } from '../source-tree.ts'
import { parseXml, XmlError } from '../xml/index.ts'
import { componentLabelsOf } from './component-labels.ts'
import { type Label, labelsOf } from './labels.ts'

/** Whether a file lies in a folder that belongs to a section of customizations.xml, or to the tree itself. */
export function isOfFrame(path: string): boolean {
  return path.startsWith('Other/') || isOfSection(path)
}

/** The files that components are made of. What is copied as bytes has no labels, though it may be XML as well. */
function isMadeOfComponents(path: string, all: ReadonlySet<string>): boolean {
  return (
    (path.endsWith('.meta.xml') || isOfFrame(path)) &&
    !(path.startsWith('Controls/') && contentBeside(path) === undefined) &&
    !all.has(elementBeside(path))
  )
}

/** The labels of a file in a component folder, if it is the definition of a component. */
function labelsOfDefinition(path: string, tree: SourceTree): readonly Label[] {
  if (path.startsWith('Resources/')) return []
  const bytes = tree.read(path)
  if (!Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('languagecode=')) return []
  try {
    const document = parseXml(bytes, path)
    const isDefinition = path.endsWith(`/${document.root.name}.xml`)
    return isDefinition ? componentLabelsOf(path, document) : []
  } catch (error) {
    // It is copied as it is, and verifying finds it.
    if (error instanceof XmlError) return []
    throw error
  }
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
  const all = new Set(tree.paths)
  const documents = tree.paths.filter((path) => path.endsWith('.xml')).toSorted((a, b) => (a < b ? -1 : 1))
  for (const path of documents) {
    const owner = path.replace(/_managed\.xml$/, '.xml')
    const isMade = isMadeOfComponents(path, all)
    if (!isMade && isOfFrame(path)) continue
    const labels = isMade ? labelsOf(path, parseXml(tree.read(path), path)) : labelsOfDefinition(path, tree)
    yield { path, labels: labels.map((label) => ({ ...label, key: uniqueKey(label.key, owner) })) }
  }
}
