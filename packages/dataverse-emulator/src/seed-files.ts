import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { openSource, packSolution, readFolder, readSourceManifest } from '@dsa/solution-package'
import { ConfigError } from './config.ts'
import type { SolutionSeed } from './solutions/seed.ts'

/**
 * Reads what an environment is to be seeded with: an archive (with its managed build beside it), or a folder with
 * the source of a solution, which is packed. Of a root of Git integration with several solutions, the folder of one
 * (`root/solutions/Name`) says which.
 * @throws ConfigError when there is nothing at the path
 */
export async function readSeed(path: string, baseDir: string): Promise<SolutionSeed> {
  const source = resolve(baseDir, path)
  if (!existsSync(source)) throw new ConfigError(`There is no solution archive or folder at ${source}.`)
  if (statSync(source).isDirectory()) return packFolder(source)
  const sibling = join(dirname(source), `${basename(source, '.zip')}_managed.zip`)
  return {
    source,
    archive: readFileSync(source),
    ...(source.endsWith('.zip') && existsSync(sibling) ? { managed: readFileSync(sibling) } : {}),
  }
}

async function packFolder(source: string): Promise<SolutionSeed> {
  const isOneOf = basename(dirname(source)) === 'solutions' && existsSync(join(source, 'solution.yml'))
  const tree = isOneOf
    ? await openSource(readFolder(dirname(dirname(source))), basename(source))
    : await openSource(readFolder(source))
  const { archives } = await packSolution(tree, { packageType: readSourceManifest(tree).managed })
  const [archive] = archives
  if (archive === undefined) throw new ConfigError(`The folder ${source} packs to no archive.`)
  const managed = archives.find(({ kind }) => kind === 'Managed')
  return {
    source,
    archive: archive.bytes,
    ...(managed === undefined || managed === archive ? {} : { managed: managed.bytes }),
  }
}
