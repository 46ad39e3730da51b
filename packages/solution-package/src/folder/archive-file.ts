import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import type { ZipSource } from '../zip/index.ts'
import { FolderError } from './folder-error.ts'

/**
 * Opens an archive on disk without reading it into memory: an archive may be as large as what it holds.
 * The file is opened anew for each part, so that nothing has to be closed.
 *
 * @throws Error with Node's code when it is not there or no file
 */
export function archiveFile(path: string): ZipSource {
  const found = statSync(path)
  // To open a pipe would wait for somebody who writes to it.
  if (!found.isFile() && !found.isDirectory()) {
    throw new FolderError(`${path} is a pipe, a socket or a device, not an archive.`)
  }
  const { length, changed } = onFile(path, (file) => {
    const stat = fstatSync(file)
    // Reading a folder fails with the code that says so.
    if (!stat.isFile()) readSync(file, Buffer.alloc(1), 0, 1, 0)
    return { length: stat.size, changed: stat.mtimeMs }
  })
  return {
    length,
    read: (offset, wanted) =>
      onFile(path, (file) => {
        const stat = fstatSync(file)
        if (stat.size !== length || stat.mtimeMs !== changed) {
          throw new FolderError(`${path} was changed while it was read. Run again when nothing writes to it.`)
        }
        const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(wanted, length - offset)))
        let done = 0
        while (done < buffer.length) {
          const count = readSync(file, buffer, done, buffer.length - done, offset + done)
          if (count === 0) break
          done += count
        }
        return buffer.subarray(0, done)
      }),
  }
}

function onFile<T>(path: string, use: (file: number) => T): T {
  const file = openSync(path, 'r')
  try {
    return use(file)
  } finally {
    closeSync(file)
  }
}
