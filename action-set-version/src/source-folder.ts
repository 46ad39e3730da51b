import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  openSource,
  readFolder,
  readSourceManifest,
  refuseLinkOut,
  type SourceTree,
  sourceWithVersion,
  versionFile,
  writeWholeFile,
} from '@dsa/solution-package'

/** A folder with the source of a solution, and the file that has its version. */
export interface SourceFolder {
  readonly folder: string
  readonly tree: SourceTree
  readonly file: string
  readonly uniqueName: string
  readonly version: string
}

/**
 * Reads what a folder holds: the source as action-unpack writes it, that of Dataverse's Git integration, or a project of
 * `pac`, which has the source in `src`.
 * @param solutionName which of several solutions of a Git integration is meant
 * @throws SolutionError, FolderError when it holds no source of a solution
 */
export async function readSourceFolder(
  given: string,
  solutionName: string | undefined,
  root: string,
): Promise<SourceFolder> {
  const isProject =
    !existsSync(join(given, 'Other/Solution.xml')) && existsSync(join(given, 'src/Other/Solution.xml'))
  const folder = isProject ? join(given, 'src') : given
  refuseLinkOut(folder, { root, allowOutside: false })
  const tree = await openSource(readFolder(folder), solutionName)
  const { uniqueName, version } = readSourceManifest(tree)
  return { folder, tree, file: join(folder, versionFile(tree)), uniqueName, version }
}

/** Writes the version, and no other byte. */
export async function writeVersion({ folder, tree }: SourceFolder, version: string): Promise<void> {
  const { path, bytes } = sourceWithVersion(tree, version)
  await writeWholeFile(join(folder, path), bytes)
}
