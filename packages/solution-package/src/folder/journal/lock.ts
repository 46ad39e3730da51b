import { createHash, randomUUID } from 'node:crypto'
import { lstatSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FolderError } from '../folder-error.ts'
import { isAlive, type Owner, thisProcess } from './owner.ts'
import { stateFolder } from './state-folder.ts'

/** How a folder is called in the state folder: the same for all that this system takes for the same. */
export function idOf(folder: string): string {
  const ignoresCase = process.platform === 'win32' || process.platform === 'darwin'
  const name = ignoresCase ? folder.normalize('NFC').toLowerCase() : folder
  return createHash('sha256').update(name).digest('hex').slice(0, 32)
}

const attempts = 6
const longestPauseMs = 100

/**
 * Does something with a folder that no other run does at the same time.
 *
 * Each run puts down a claim, and only then looks whether there are others: so of two runs at least one sees the other,
 * and takes its claim back. A claim counts as long as its process lives.
 *
 * @throws FolderError when another run has the folder
 */
export function withLock<T>(folder: string, use: () => T): T {
  const own = claim(stateFolder(join('locks', idOf(folder))), folder)
  try {
    return use()
  } finally {
    rmSync(own, { force: true })
  }
}

function claim(claims: string, folder: string): string {
  const { pid, start, boot, namespace } = thisProcess()
  const name = [pid, start, boot, namespace, randomUUID()].join('.')
  const own = join(claims, name)
  for (let attempt = 1; ; attempt += 1) {
    writeFileSync(own, '', { flag: 'wx' })
    const other = readdirSync(claims).find(
      (found) => found !== name && !removeIfDead(join(claims, found), found),
    )
    if (other === undefined) return own
    rmSync(own)
    if (attempt === attempts) {
      throw new FolderError(
        `Another run, process ${ownerOf(other).pid}, is unpacking to ${folder}. Let it end first. If there is none, remove ${join(claims, other)}.`,
      )
    }
    // Both may have taken theirs back; they come again at different times.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.random() * longestPauseMs)
  }
}

function ownerOf(name: string): Owner {
  const [pid = '', start = '', boot = '', namespace = ''] = name.split('.')
  return { pid: Number(pid), start, boot, namespace }
}

function removeIfDead(file: string, name: string): boolean {
  const stat = lstatSync(file, { throwIfNoEntry: false })
  if (stat === undefined) return true
  if (isAlive(ownerOf(name), Date.now() - stat.mtimeMs)) return false
  rmSync(file, { force: true })
  return true
}
