import { readdir } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { UserError } from '@dsa/user-error'
import {
  archiveFile,
  openPackage,
  openZip,
  type PackageParts,
  type ZipLimits,
  type ZipSource,
} from '@dsa/solution-package'

/**
 * Opens a solution archive from disk.
 *
 * @throws Error that says which archives are there instead when the file does not exist
 */
export async function readArchive(file: string, limits: Partial<ZipLimits>): Promise<PackageParts> {
  let archive: ZipSource
  try {
    archive = archiveFile(file)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'EISDIR')
      throw new UserError(`'solution-file' is a folder: ${file}. It must be a .zip file.`, { cause })
    if (code !== 'ENOENT') throw cause
    throw new UserError(`There is no file ${file}. ${await whatIsThere(dirname(file))}`, { cause })
  }
  const label = basename(file)
  return openPackage(openZip(archive, { limits, label }), label)
}

async function whatIsThere(folder: string): Promise<string> {
  const names = await readdir(folder).catch(() => undefined)
  if (names === undefined) return `The folder ${folder} does not exist either.`
  const archives = names.filter((name) => name.toLowerCase().endsWith('.zip'))
  return archives.length === 0
    ? `The folder ${folder} holds no .zip file.`
    : `The folder ${folder} holds ${archives.slice(0, 10).join(', ')}.`
}
