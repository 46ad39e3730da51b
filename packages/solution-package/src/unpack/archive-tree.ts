import { readManifest } from '../manifest.ts'
import type { PackageParts } from '../opc/index.ts'
import type { SourceTree } from '../source-tree.ts'
import { unpackSolution } from './unpack-solution.ts'

/**
 * An archive as the tree that it unpacks to. A file is made when it is asked for, and kept.
 * @throws SolutionError or XmlError where unpacking would fail
 */
export function archiveTree(archive: PackageParts): SourceTree {
  const { managed } = readManifest(archive)
  const { files } = unpackSolution({ archive }, { packageType: managed })
  const made = new Map<string, Uint8Array>()
  return {
    paths: [...files.keys()].toSorted((a, b) => (a < b ? -1 : 1)),
    read(path) {
      const bytes = made.get(path) ?? files.get(path) ?? new Uint8Array()
      made.set(path, bytes)
      return bytes
    },
  }
}
