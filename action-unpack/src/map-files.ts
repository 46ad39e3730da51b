import { type ActionDeps, resolvePath } from '@dsa/action-kit'
import {
  type MappedFiles,
  mappedDisk,
  mapUnpacked,
  parseMapping,
  readMapFile,
  type Workspace,
} from '@dsa/solution-package'
import type { Tree } from './add-resources.ts'

/** Takes out what the map file keeps elsewhere; without one, everything stays. */
export async function mapFiles(
  mapFile: string | undefined,
  { files, made }: Tree,
  folder: string,
  workspace: Workspace,
  { root, environment, log }: ActionDeps,
): Promise<MappedFiles> {
  if (mapFile === undefined) return { files, outside: new Map(), warnings: [] }
  const bytes = await readMapFile(resolvePath(root, mapFile))
  const disk = mappedDisk(folder, workspace)
  const mapped = mapUnpacked(files, parseMapping(bytes, mapFile, environment), made, disk)
  for (const warning of mapped.warnings) log.warning(warning)
  return mapped
}
