import { randomBytes } from 'node:crypto'
import { lstat, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { FolderError } from './folder-error.ts'
import { isMissing } from './walk.ts'

/** The name of the managed archive beside an unmanaged one: `a.zip` and `a_managed.zip`, as SolutionPackager has it. */
export function managedSibling(path: string): string {
  return path.replace(/(\.[^./\\]*)?$/, '_managed$1')
}

/**
 * Writes a file, with the folders above it. It appears as a whole or not at all: a later step must not find half of
 * one. A link in its place is replaced, and what it leads to stays; the name it has until it is whole cannot be foreseen.
 *
 * @throws FolderError when a folder, a pipe or a device stands there
 */
export async function writeWholeFile(path: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true })
  await refuseIrregular(path)
  const partial = join(folder, `.${randomBytes(12).toString('hex')}.partial`)
  const file = await open(partial, 'wx')
  try {
    await file.writeFile(bytes)
    await file.close()
    await rename(partial, path)
  } catch (error) {
    await file.close()
    await rm(partial, { force: true })
    throw error
  }
}

async function refuseIrregular(path: string): Promise<void> {
  const found = await lstat(path).catch((error: unknown) => {
    if (isMissing(error)) return undefined
    throw error
  })
  if (found === undefined || found.isFile() || found.isSymbolicLink()) return
  const what = found.isDirectory() ? 'folder' : 'pipe, a socket or a device'
  throw new FolderError(`${path} cannot be written: it is a ${what}. Give the name of a file.`)
}
