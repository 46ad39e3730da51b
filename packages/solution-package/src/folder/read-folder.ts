import { type Dirent, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import type { SourceTree } from '../source-tree.ts'
import { FolderError } from './folder-error.ts'
import { unfinishedJournal } from './journal/journal.ts'
import { hasCode, walk } from './walk.ts'

/**
 * Opens a folder as the source of a solution. Files are read when they are asked for; paths are sorted, so that
 * nothing depends on the order of the directory.
 *
 * @throws FolderError when it is no folder, when a killed run left it half done, or when it holds a link: what a link
 * leads to is not what was reviewed
 */
export function readFolder(folder: string): SourceTree {
  let isFolder: boolean
  try {
    isFolder = statSync(folder).isDirectory()
  } catch (cause) {
    if (!hasCode(cause, 'ENOENT', 'ENOTDIR')) throw cause
    throw new FolderError(`The folder ${folder} does not exist. ${whatIsBeside(folder)}`, { cause })
  }
  if (!isFolder) throw new FolderError(`${folder} is a file, not a folder.`)
  const journal = unfinishedJournal(realpathSync(folder))
  if (journal !== undefined) {
    throw new FolderError(
      journal.isTrusted
        ? `An unpacking to ${folder} was killed half-way, so it is a mixture of two states. Unpack again, which finishes it by its journal, ${journal.path}.`
        : `Beside ${folder} lies ${journal.path}, the journal of an unpacking that was killed on another machine or came with the checkout. So the folder may be half written. Unpack again, or restore the folder; then remove the journal.`,
    )
  }
  const { files, links, irregular, unnameable } = walk(folder)
  const [link] = links
  if (link !== undefined) {
    throw new FolderError(`'${link}' in ${folder} is a link. Put the file itself there, or use a map file.`)
  }
  const [unnamed] = unnameable
  if (unnamed !== undefined) {
    throw new FolderError(`'${unnamed}' in ${folder} has a name that is not UTF-8. Rename or remove it.`)
  }
  const [pipe] = irregular
  if (pipe !== undefined) {
    throw new FolderError(`'${pipe}' in ${folder} is a pipe, a socket or a device, not a file. Remove it.`)
  }
  return {
    place: folder,
    paths: files.toSorted((a, b) => (a < b ? -1 : 1)),
    read: (path) => readFileSync(`${folder}/${path}`),
  }
}

/** The folders that may have been meant. */
function whatIsBeside(folder: string): string {
  const above = dirname(resolve(folder))
  let entries: readonly Dirent[]
  try {
    entries = readdirSync(above, { withFileTypes: true })
  } catch {
    return `The folder ${above} cannot be read either. Is the repository checked out in this job?`
  }
  const names = entries
    .filter((entry) => entry.isDirectory() && entry.name !== '.git')
    .map(({ name }) => name)
  if (names.length === 0)
    return `The folder ${above} holds no folder. Is the repository checked out in this job?`
  const rest = names.length > 8 ? ` and ${names.length - 8} more` : ''
  return `The folder ${above} holds ${names.toSorted().slice(0, 8).join(', ')}${rest}.`
}

/** What lies in the folder before it is written to; nothing where there is none. Links are not followed. */
export function presentFolder(folder: string): SourceTree {
  const paths = entriesOf(folder)
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
  return { paths, read: (path) => readFileSync(join(folder, path)) }
}

function entriesOf(folder: string): readonly Dirent[] {
  const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true
  return isFolder ? readdirSync(folder, { recursive: true, withFileTypes: true }) : []
}
