import { manifestOf, type SolutionManifest } from '../manifest.ts'
import { parseSource } from '../parsed-tree.ts'
import { SolutionError } from '../solution-error.ts'
import { noUnpackedSolution, refuseProblems } from '../source-manifest.ts'
import type { SourceTree } from '../source-tree.ts'
import { type XmlDocument, XmlError } from '../xml/index.ts'
import { DOCUMENT_TYPE, documentTypeLine } from './files/document-type.ts'
import type { SideFiles } from './pieces/piece.ts'

/** One version of a solution in source form. */
export interface ComparedTree extends SourceTree {
  /** A key of a file's bytes, such as git's blob id: files with equal keys are not read. */
  readonly keyOf?: (path: string) => string
  /** Makes ready what will be read, together; a tree for which that makes no difference has none. */
  readonly prefetch?: (paths: readonly string[]) => void
}

/** One side of a comparison: its files, and what its manifest says. */
export interface Side extends SideFiles {
  readonly tree: ComparedTree
  readonly manifest: SolutionManifest
  /** Names of components that were asked for, by kind and id. */
  readonly names: Map<string, string>
}

const MANIFEST = 'Other/Solution.xml'

/** What keeps a source from being packed, and not from being compared. */
const OF_LISTS = ['yaml-file-not-listed', 'yaml-listed-path-missing', 'yaml-path-listed-twice']

/** @throws SolutionError when the tree is no unpacked solution */
export function openSide(tree: ComparedTree): Side {
  refuseProblems(tree, OF_LISTS)
  const byLowerCase = new Map(tree.paths.map((path) => [path.toLowerCase(), path]))
  const documents = new Map<string, XmlDocument>()
  const parse = (path: string): XmlDocument => {
    const known = documents.get(path)
    if (known !== undefined) return known
    const bytes = tree.read(path)
    const document = parseSource(bytes, path)
    const line = documentTypeLine(bytes)
    if (line !== undefined) throw new XmlError(path, DOCUMENT_TYPE, { line, column: 1 })
    documents.set(path, document)
    return document
  }
  const manifestPath = byLowerCase.get(MANIFEST.toLowerCase())
  if (manifestPath === undefined) throw new SolutionError(noUnpackedSolution(tree))
  const document = parse(manifestPath)
  return {
    tree,
    // In one order, from wherever they come: what names several files names the same ones first.
    paths: tree.paths.toSorted((a, b) => (a < b ? -1 : 1)),
    find: (path) => byLowerCase.get(path.toLowerCase()),
    read: (path) => tree.read(path),
    parse,
    language: document.root.attribute('languagecode') ?? '1033',
    manifest: manifestOf(document),
    pieces: new Map(),
    names: new Map(),
  }
}
