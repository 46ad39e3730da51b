import { statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { nodeErrorCode } from '../node-error.ts'
import { FolderError } from './folder-error.ts'
import { hasCode } from './walk.ts'

/** @throws FolderError when it cannot be read, or is no file */
export async function readMapFile(path: string): Promise<Uint8Array> {
  try {
    // To open a pipe would wait for somebody who writes to it.
    if (statSync(path).isFile()) return await readFile(path)
  } catch (cause) {
    if (nodeErrorCode(cause) === undefined) throw cause
    throw new FolderError(
      `Input 'map-file' names ${path}, which ${hasCode(cause, 'ENOENT', 'ENOTDIR') ? 'does not exist' : 'cannot be read'}.`,
      { cause },
    )
  }
  throw new FolderError(`Input 'map-file' names ${path}, which is not a file.`)
}
