import type { SourceTree } from '../source-tree.ts'
import { type SolutionArchives, type UnpackOptions, unpackSolution } from '../unpack/unpack-solution.ts'
import type { UnpackedSource } from './unpacked-source.ts'

/** The formats that a solution can be unpacked to. */
export const SOURCE_FORMATS = ['xml', 'yaml'] as const

export type SourceFormat = (typeof SOURCE_FORMATS)[number]

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
