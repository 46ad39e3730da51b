import type { Mapping } from './mapping.ts'

export interface MappedFiles<T> {
  /** What stays in the solution folder. */
  readonly files: ReadonlyMap<string, T>
  /** Files of a `Folder` line that belong to no component: the line's target, and the files by their path below it. */
  readonly outside: ReadonlyMap<string, ReadonlyMap<string, T>>
  readonly warnings: readonly string[]
}

/**
 * Takes mapped files out of an unpacked tree: they are built elsewhere, and the copy in the archive is not wanted.
 *
 * @param isLoose whether a path belongs to no component
 */
export function mapUnpacked<T>(
  files: ReadonlyMap<string, T>,
  { rules, warnings }: Mapping,
  isLoose: (path: string) => boolean,
): MappedFiles<T> {
  const kept = new Map<string, T>()
  const outside = new Map<string, Map<string, T>>()
  const used = new Set<unknown>()
  for (const [path, file] of files) {
    // Other/ is the frame of the tree and never built elsewhere.
    const rule = path.startsWith('Other/') ? undefined : rules.find((candidate) => candidate.matches(path))
    if (!rule) {
      kept.set(path, file)
      continue
    }
    used.add(rule)
    if (rule.kind === 'Folder' && isLoose(path)) {
      const target = outside.get(rule.to) ?? new Map<string, T>()
      outside.set(rule.to, target.set(path.slice(path.lastIndexOf('/') + 1), file))
    }
  }
  const unused = rules
    .filter((rule) => !used.has(rule))
    .map(
      (rule) => `The map file's line ${rule.line} (${rule.kind} "${rule.map}") fits no file of the solution.`,
    )
  return { files: kept, outside, warnings: [...warnings, ...unused] }
}
