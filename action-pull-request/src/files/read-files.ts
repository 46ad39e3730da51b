import { createHash } from 'node:crypto'
import { isUtf8 } from 'node:buffer'
import { type Dirent, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { platform } from 'node:os'
import { join } from 'node:path'
import { UserError } from '@dsa/user-error'
import { isGitFolder } from './repository-path.ts'

/** What git tells apart: a file, one that can be run, a link (https://git-scm.com/book/en/v2/Git-Internals-Git-Objects). */
export type Mode = '100644' | '100755' | '120000'

export interface LocalFile {
  /** Undefined where the system does not tell whether a file can be run. */
  readonly mode: Mode | undefined
  /** The id that git gives the bytes. */
  readonly sha: string
  /** Bytes. */
  readonly size: number
  readonly read: () => Uint8Array
}

/** GitHub takes no larger file (https://docs.github.com/en/repositories/working-with-files/managing-large-files). */
const MAX_BYTES = 100 * 1024 ** 2

/**
 * The files below some paths of the workspace, by path from its root, byte for byte. Links are kept as links and never
 * followed. What ignore files say does not count.
 *
 * @throws UserError for a path that is not there or holds nothing, and for what git or GitHub cannot keep
 */
export function readFiles(root: string, paths: readonly string[]): ReadonlyMap<string, LocalFile> {
  const files = new Map<string, LocalFile>()
  for (const path of paths) {
    refuseLinks(root, path)
    const found = lstatSync(join(root, path), { throwIfNoEntry: false })
    const shown = path === '' ? 'the workspace' : `'${path}'`
    if (found === undefined)
      throw new UserError(
        `There is nothing at ${shown} ('paths'). An unpacked solution is made by action-unpack in an earlier step.`,
      )
    const before = files.size
    if (!found.isDirectory()) add(files, root, path)
    else for (const file of filesBelow(root, path)) add(files, root, file)
    if (found.isDirectory() && files.size === before)
      throw new UserError(
        `${shown} ('paths') holds no file, so all that the branch has there would be removed. Did the step before write somewhere else?`,
      )
  }
  return files
}

/** A link on the way would bring files of the runner into the repository. */
function refuseLinks(root: string, path: string): void {
  const parts = path === '' ? [] : path.split('/')
  for (let length = 1; length <= parts.length; length++) {
    const part = parts.slice(0, length).join('/')
    if (lstatSync(join(root, part), { throwIfNoEntry: false })?.isSymbolicLink() === true)
      throw new UserError(`'${part}' ('paths') is a link. Give the path of what it leads to.`)
  }
}

function* filesBelow(root: string, folder: string): Generator<string> {
  for (const entry of entriesOf(root, folder)) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (isGitFolder(entry.name)) {
      if (folder === '') continue
      throw new UserError(
        `'${path}' belongs to a repository of its own, which cannot be brought into another one.`,
      )
    }
    if (entry.isDirectory()) yield* filesBelow(root, path)
    else if (entry.isFile() || entry.isSymbolicLink()) yield path
    else throw new UserError(`'${path}' is no file, but a pipe, a socket or a device, which git cannot keep.`)
  }
}

function entriesOf(root: string, folder: string): readonly Dirent[] {
  // Names as bytes: those that are not UTF-8 would be read as other names.
  const names = readdirSync(join(root, folder), { encoding: 'buffer' })
  const bad = names.find((name) => !isUtf8(name))
  if (bad !== undefined)
    throw new UserError(
      `The name '${bad.toString('utf8')}' in '${folder}' is not UTF-8, which GitHub's API needs.`,
    )
  return readdirSync(join(root, folder), { withFileTypes: true })
}

function add(files: Map<string, LocalFile>, root: string, path: string): void {
  const place = join(root, path)
  const found = lstatSync(place)
  const { size, mode } = found
  const isLink = found.isSymbolicLink()
  if (size > MAX_BYTES)
    throw new UserError(
      `'${path}' has ${Math.ceil(size / 1024 ** 2)} MB, and GitHub takes at most 100 MB a file.`,
    )
  const read = (): Uint8Array => (isLink ? readlinkSync(place, { encoding: 'buffer' }) : readFileSync(place))
  const bytes = read()
  files.set(path, {
    mode: isLink ? '120000' : platform() === 'win32' ? undefined : (mode & 0o111) === 0 ? '100644' : '100755',
    sha: blobId(bytes),
    size: bytes.length,
    read,
  })
}

export function blobId(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}
