import { statSync } from 'node:fs'
import { basename } from 'node:path'
import {
  archiveFile,
  archiveTree,
  filesBeside,
  openPackage,
  openZip,
  readFolder,
} from '@dsa/solution-package'
import type { ComparedTree } from '@dsa/solution-package/diff'
import { UserError } from '@dsa/user-error'

/**
 * A folder or an archive as a tree; undefined when there is nothing of that name, so that it is a revision.
 * @throws UserError for an archive that is not there, or that is none
 */
export function treeOnDisk(path: string): ComparedTree | undefined {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) {
    if (/\.zip$/i.test(path)) throw new UserError(`There is no file ${path}. ${filesBeside(path, '.zip')}`)
    return undefined
  }
  if (found.isDirectory()) return readFolder(path)
  const label = basename(path)
  return archiveTree(openPackage(openZip(archiveFile(path), { label }), label))
}
