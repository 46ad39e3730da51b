import type { FileSet } from '../source-tree.ts'
import type { Mapping } from './mapping.ts'

export interface MappedFiles {
  /** What stays in the solution folder. */
  readonly files: FileSet
  /** Files of a `Folder` line that belong to no component: the line's target, and the files by their name in it. */
  readonly outside: ReadonlyMap<string, FileSet>
  readonly warnings: readonly string[]
}

/**
 * Takes mapped files out of an unpacked tree: they are built elsewhere, and the copy in the archive is not wanted.
 *
 * @param isLoose whether a path belongs to no component
 */
export function mapUnpacked(
  files: FileSet,
  { rules, warnings }: Mapping,
  isLoose: (path: string) => boolean,
): MappedFiles {
  const kept = new Set<string>()
  const outside = new Map<string, Map<string, Uint8Array>>()
  const used = new Set<unknown>()
  for (const path of files.keys()) {
    // Other/ is the frame of the tree and never built elsewhere.
    const rule = path.startsWith('Other/') ? undefined : rules.find((candidate) => candidate.matches(path))
    if (!rule) {
      kept.add(path)
      continue
    }
    used.add(rule)
    const bytes = rule.kind === 'Folder' && isLoose(path) ? files.get(path) : undefined
    if (bytes) {
      const target = outside.get(rule.to) ?? new Map<string, Uint8Array>()
      outside.set(rule.to, target.set(path.slice(path.lastIndexOf('/') + 1), bytes))
    }
  }
  const unused = rules
    .filter((rule) => !used.has(rule))
    .map(
      (rule) => `The map file's line ${rule.line} (${rule.kind} "${rule.map}") fits no file of the solution.`,
    )
  return { files: only(files, kept), outside, warnings: [...warnings, ...unused] }
}

const only = (files: FileSet, paths: ReadonlySet<string>): FileSet => ({
  keys: () => paths.keys(),
  has: (path) => paths.has(path),
  get: (path) => (paths.has(path) ? files.get(path) : undefined),
})
