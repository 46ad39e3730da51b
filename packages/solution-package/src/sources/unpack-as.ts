import type { FileSet, SourceTree } from '../source-tree.ts'
import {
  type SolutionArchives,
  type UnpackedSolution,
  type UnpackOptions,
  unpackSolution,
} from '../unpack/unpack-solution.ts'

/** The formats that a solution can be unpacked to. */
export const SOURCE_FORMATS = ['xml', 'yaml'] as const

export type SourceFormat = (typeof SOURCE_FORMATS)[number]

/** What an archive becomes in a folder, in whatever format. */
export interface UnpackedSource extends Omit<UnpackedSolution, 'files'> {
  readonly files: FileSet
  /** The number of files. */
  readonly size: number
  /** How lines of a new file end, where the folder does not say it. */
  readonly newLines: 'lf' | 'crlf'
  /** Whether the folder holds a solution that may be replaced; undefined where its files say so as those of XML do. */
  readonly holdsSolution?: boolean
  /** Whether a file of the folder stays, though it is none of these: it is another solution's, or nobody's. */
  keeps(path: string): boolean
}

/**
 * Turns archives into the files of a source. Here, and nowhere else, the format of what is written is chosen.
 *
 * @param present the folder as it is
 * @throws SolutionError or XmlError naming part, element and position, or what the format has no place for
 */
export async function unpackAs(
  format: SourceFormat,
  archives: SolutionArchives,
  options: UnpackOptions,
  present: SourceTree,
): Promise<UnpackedSource> {
  if (format === 'xml') {
    const unpacked = unpackSolution(archives, options)
    return { ...unpacked, size: unpacked.files.size, newLines: 'lf', keeps: () => false }
  }
  const { unpackYaml } = await import('./yaml/unpack-yaml.ts')
  return unpackYaml(archives.archive, present)
}
