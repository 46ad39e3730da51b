import type { SolutionSource } from '../model/solution-source.ts'
import type { SourceTree } from '../source-tree.ts'
import { xmlSource } from './xml/xml-source.ts'

/** Reads the components of an unpacked solution, in whatever format its files are. */
export function treeSource(tree: SourceTree): SolutionSource {
  return xmlSource(tree)
}
