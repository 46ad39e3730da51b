import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { MappedDisk } from '../mapping/index.ts'
import { FolderError } from './folder-error.ts'
import { walk } from './walk.ts'
import { reasonToRefuse, type Workspace } from './workspace.ts'

/**
 * The disk as a mapping sees it from a solution folder: plain files in the workspace alone. A map file comes with the
 * repository, and what it names goes into an archive.
 */
export function mappedDisk(folder: string, workspace: Workspace): MappedDisk {
  const listings = new Map<string, readonly string[]>()
  const inWorkspace = (path: string): string => {
    const full = resolve(folder, path)
    const why = reasonToRefuse(full, workspace)
    if (why !== undefined) throw new FolderError(`The map file leads to ${full}, which ${why}.`)
    return full
  }
  return {
    reasonToRefuse: (path) => reasonToRefuse(resolve(folder, path), workspace),
    isFile: (path) => statSync(inWorkspace(path), { throwIfNoEntry: false })?.isFile() ?? false,
    filesBelow(path) {
      const full = inWorkspace(path)
      const known = listings.get(full)
      if (known) return known
      const { files, irregular } = walk(full)
      const found = files.filter((file) => !irregular.has(file)).toSorted((a, b) => (a < b ? -1 : 1))
      listings.set(full, found)
      return found
    },
    read: (path) => readFileSync(inWorkspace(path)),
  }
}
