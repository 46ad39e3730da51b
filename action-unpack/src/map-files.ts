import { readFile } from 'node:fs/promises'
import { UserError } from '@dsa/user-error'
import { type ActionDeps, resolvePath } from '@dsa/action-kit'
import { type MappedFiles, mapUnpacked, parseMapping } from '@dsa/solution-package'
import type { Tree } from './add-resources.ts'

/** Takes out what the map file keeps elsewhere; without one, everything stays. */
export async function mapFiles(
  mapFile: string | undefined,
  { files, made }: Tree,
  { root, environment, log }: ActionDeps,
): Promise<MappedFiles> {
  if (mapFile === undefined) return { files, outside: new Map(), warnings: [] }
  const path = resolvePath(root, mapFile)
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new UserError(`Input 'map-file' names ${path}, which cannot be read.`, { cause })
  })
  const isLoose = (file: string): boolean => !made.has(file) && !files.has(`${file}.data.xml`)
  const mapped = mapUnpacked(files, parseMapping(bytes, mapFile, environment), isLoose)
  for (const warning of mapped.warnings) log.warning(warning)
  return mapped
}
