import { type ActionDeps, resolvePath } from '@dsa/action-kit'
import {
  mappedDisk,
  type MappedSource,
  mapSource,
  parseMapping,
  readMapFile,
  type SourceTree,
  type Workspace,
} from '@dsa/solution-package'

/** The tree with the files that the map file keeps elsewhere; without one, the tree as it is. */
export async function mapTree(
  mapFile: string | undefined,
  tree: SourceTree,
  folder: string,
  workspace: Workspace,
  { root, environment }: ActionDeps,
): Promise<MappedSource> {
  if (mapFile === undefined) return { tree, warnings: () => [] }
  const bytes = await readMapFile(resolvePath(root, mapFile))
  return mapSource(tree, parseMapping(bytes, mapFile, environment), mappedDisk(folder, workspace))
}
