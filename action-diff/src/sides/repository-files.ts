import { lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Commit } from '@dsa/solution-comparison'

/** Files of the repository, at a commit or in the checkout. */
export interface RepositoryFiles {
  /** For a reader; null for the checkout. */
  readonly revision: string | null
  /** @param path from the root, `/` between folders. A link is no file, since it leads elsewhere. */
  read(path: string): Uint8Array | undefined
}

export function diskFiles(root: string): RepositoryFiles {
  return {
    revision: null,
    read(path) {
      const file = join(root, path)
      return lstatSync(file, { throwIfNoEntry: false })?.isFile() === true ? readFileSync(file) : undefined
    },
  }
}

export function commitFiles(commit: Commit, revision: string): RepositoryFiles {
  return { revision, read: (path) => commit.file(path) }
}

export function noFiles(revision: string): RepositoryFiles {
  return { revision, read: () => undefined }
}
