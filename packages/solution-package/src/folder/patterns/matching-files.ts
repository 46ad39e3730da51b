import { join } from 'node:path'
import { Minimatch } from 'minimatch'
import { walk } from '../walk.ts'

/** Only these make a pattern: brackets and braces stand in names of files, such as `Orders [2].zip`. */
const WILD = /[*?]/

export function isPattern(path: string): boolean {
  return WILD.test(path)
}

/**
 * The files that a pattern with `*`, `**` and `?` names, in the order of their names. Links are not followed.
 *
 * @param folder that the pattern counts from, unless it is absolute
 * @param pattern with `/` between folders
 * @returns absolute paths
 */
export function matchingFiles(folder: string, pattern: string): readonly string[] {
  const parts = pattern.split('/')
  const firstWild = parts.findIndex(isPattern)
  const fixed = parts.slice(0, firstWild).join('/')
  const start = pattern.startsWith('/') || /^[a-z]:/i.test(pattern) ? `${fixed}/` : join(folder, fixed)
  const matcher = new Minimatch(parts.slice(firstWild).join('/'), {
    nobrace: true,
    nocomment: true,
    noext: true,
    nonegate: true,
  })
  const { files, irregular } = walk(start)
  return files
    .filter((path) => !irregular.has(path) && matcher.match(path))
    .toSorted()
    .map((path) => join(start, path))
}
