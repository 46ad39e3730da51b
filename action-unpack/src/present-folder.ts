import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { SourceTree } from '@dsa/solution-package'

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
