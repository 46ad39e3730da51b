import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { nodeErrorCode } from '../node-error.ts'

/** What lies in a folder, found without following any link. */
export interface FolderContent {
  /** Files and everything else that is no folder, links included: path with `/` from the folder. */
  readonly files: readonly string[]
  readonly links: ReadonlySet<string>
  /** What is neither folder nor plain file: links, and what cannot be read as a file, such as a pipe. */
  readonly irregular: ReadonlySet<string>
  /** What has a name that is not UTF-8; here it has U+FFFD where it is broken. */
  readonly unnameable: ReadonlySet<string>
}

const broken = '\u{fffd}'

const nothing: FolderContent = { files: [], links: new Set(), irregular: new Set(), unnameable: new Set() }

/**
 * Lists a folder; one that does not exist is empty. Git's own folder is never looked into.
 *
 * @param skip paths that are left out with all below them
 */
export function walk(folder: string, skip: (path: string) => boolean = () => false): FolderContent {
  const files: string[] = []
  const links = new Set<string>()
  const irregular = new Set<string>()
  const unnameable = new Set<string>()
  const visit = (below: string): void => {
    for (const item of readdirSync(join(folder, below), { withFileTypes: true })) {
      const path = below === '' ? item.name : `${below}/${item.name}`
      if (item.name === '.git' || skip(path)) continue
      if (item.name.includes(broken) && !existsSync(join(folder, path))) {
        files.push(path)
        unnameable.add(path)
        continue
      }
      if (item.isDirectory()) {
        visit(path)
        continue
      }
      files.push(path)
      if (!item.isFile()) irregular.add(path)
      if (item.isSymbolicLink()) links.add(path)
    }
  }
  try {
    visit('')
  } catch (error) {
    if (isMissing(error)) return nothing
    throw error
  }
  return { files, links, irregular, unnameable }
}

export function isMissing(error: unknown): boolean {
  return hasCode(error, 'ENOENT')
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  const code = nodeErrorCode(error)
  return typeof code === 'string' && codes.includes(code)
}
