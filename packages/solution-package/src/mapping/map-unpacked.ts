import { readComponentFolders } from '../model/component-folders.ts'
import type { FileSet } from '../source-tree.ts'
import { isOfSection } from '../model/kind-of.ts'
import { checkTargets, type MappedDisk } from './map-source.ts'
import type { Mapping } from './mapping.ts'

export interface MappedFiles {
  /** What stays in the solution folder. */
  readonly files: FileSet
  /** Files of a `Folder` line that belong to no section: the line's target, and the files by their path in it. */
  readonly outside: ReadonlyMap<string, FileSet>
  readonly warnings: readonly string[]
}

/**
 * Takes mapped files out of an unpacked tree, as far as packing with the same mapping finds them again. Files that a
 * component names are built elsewhere, and the copy in the archive is not wanted. A loose folder goes to its target. What
 * nothing names stays, and so does what describes a component, since it comes from the environment.
 *
 * @param made files that are XML of our own making: the elements of components
 * @throws MappingError when a line leads where it must not
 */
export function mapUnpacked(
  files: FileSet,
  mapping: Mapping,
  made: ReadonlySet<string>,
  disk: MappedDisk,
): MappedFiles {
  checkTargets(mapping, disk)
  const { rules, warnings } = mapping
  const used = new Set<unknown>()
  const kept = new Set<string>()
  const outside = new Map<string, Map<string, Uint8Array>>()
  const named = namedInComponentFolders(files, made)
  for (const path of files.keys()) {
    // Other/ is the frame of the tree and never built elsewhere.
    const rule = path.startsWith('Other/') ? undefined : rules.find((candidate) => candidate.matches(path))
    if (rule) used.add(rule)
    const isContent = !made.has(path) && (isOfSection(path) || named.has(path.toLowerCase()))
    if (rule?.kind === 'Folder' && !made.has(path) && !isOfSection(path)) {
      const inFolder = path.slice(rule.map.replace(/\/+$/, '').length + 1)
      const bytes = isContent && disk.isFile(`${rule.to}/${inFolder}`) ? undefined : files.get(path)
      const to = rule.to.replace(/\/+$/, '')
      const target = outside.get(to) ?? new Map<string, Uint8Array>()
      outside.set(to, bytes ? target.set(inFolder, bytes) : target)
    } else if (!rule || !isContent) kept.add(path)
  }
  const unused = rules
    .filter((rule) => !used.has(rule))
    .map(
      ({ line, kind, map }) => `The map file's line ${line} (${kind} '${map}') fits no file of the solution.`,
    )
  return { files: only(files, kept), outside, warnings: [...warnings, ...unused] }
}

/** Paths in lower case. */
function namedInComponentFolders(files: FileSet, made: ReadonlySet<string>): ReadonlySet<string> {
  const { named } = readComponentFolders({
    paths: [...files.keys()].filter((path) => path.includes('/') && !made.has(path) && !isOfSection(path)),
    read: (path) => files.get(path) ?? new Uint8Array(),
    label: (path) => path,
  })
  return new Set(named.map(({ path }) => path.toLowerCase()))
}

function only(files: FileSet, paths: ReadonlySet<string>): FileSet {
  return {
    keys: () => paths.keys(),
    has: (path) => paths.has(path),
    get: (path) => (paths.has(path) ? files.get(path) : undefined),
  }
}
