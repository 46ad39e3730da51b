import { basename } from 'node:path'
import { UserError } from '@dsa/user-error'
import {
  archiveFile,
  filesBeside,
  openPackage,
  openZip,
  type PackageParts,
  type ZipLimits,
  type ZipSource,
} from '@dsa/solution-package'

/**
 * Opens a solution archive from disk.
 *
 * @throws UserError that says which archives are there instead when the file does not exist
 */
export function readArchive(file: string, limits: Partial<ZipLimits>): PackageParts {
  let archive: ZipSource
  try {
    archive = archiveFile(file)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'EISDIR')
      throw new UserError(`'solution-file' is a folder: ${file}. It must be a .zip file.`, { cause })
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw cause
    throw new UserError(`There is no file ${file}. ${filesBeside(file, '.zip')}`, { cause })
  }
  const label = basename(file)
  return openPackage(openZip(archive, { limits, label }), label)
}
