import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { MappedDisk } from '../mapping/index.ts'
import { walk } from './walk.ts'

/** The disk as a mapping sees it from a solution folder. */
export function mappedDisk(folder: string): MappedDisk {
  const listings = new Map<string, readonly string[]>()
  return {
    isFile: (path) => statSync(resolve(folder, path), { throwIfNoEntry: false })?.isFile() ?? false,
    filesBelow(path) {
      const full = resolve(folder, path)
      const known = listings.get(full)
      if (known) return known
      const { files, links } = walk(full)
      const found = files.filter((file) => !links.has(file)).toSorted((a, b) => (a < b ? -1 : 1))
      listings.set(full, found)
      return found
    },
    read: (path) => readFileSync(resolve(folder, path)),
  }
}
