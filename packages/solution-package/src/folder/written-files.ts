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

/**
 * Tries whether files can be written, and leaves nothing behind: a run that writes at its end finds out at its start.
 *
 * @throws FolderError that names the first that cannot, and why
 */
export async function requireWritable(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const folder = dirname(path)
    let made: string | undefined
    try {
      made = await mkdir(folder, { recursive: true })
      await refuseIrregular(path)
      const trial = join(folder, `.${randomBytes(12).toString('hex')}.partial`)
      await (await open(trial, 'wx')).close()
      await rm(trial)
    } catch (cause) {
      if (cause instanceof FolderError) throw cause
      throw new FolderError(`${path} cannot be written: ${reasonOf(cause)}. Give another path.`, { cause })
    } finally {
      if (made !== undefined) await rm(made, { recursive: true, force: true })
    }
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a file stands where its folder should be',
  EEXIST: 'a file stands where its folder should be',
  ENAMETOOLONG: 'its name is too long',
}

function reasonOf(error: unknown): string {
  const hasCode = typeof error === 'object' && error !== null && 'code' in error
  const code = hasCode && typeof error.code === 'string' ? error.code : ''
  return reasons[code] ?? String(error)
}
