import { Minimatch } from 'minimatch'
import type { SourceTree } from '../source-tree.ts'
import type { Mapping, MappingRule } from './mapping.ts'

/** The disk, as far as mapping needs it. Paths are those of `to`, relative to the solution folder or absolute. */
export interface MappedDisk {
  isFile(path: string): boolean
  /** Files below a folder at any depth, with `/` from it; empty when there is no such folder. */
  filesBelow(folder: string): readonly string[]
  read(path: string): Uint8Array
}

export interface MappedSource {
  readonly tree: SourceTree
  /** Complete only when everything that is packed has been looked up, so it is asked for afterwards. */
  warnings(): readonly string[]
}

/** Files that a line puts in the place of a path, the best first; none when there is none. */
const findTargets: Record<
  MappingRule['kind'],
  (rule: MappingRule, path: string, disk: MappedDisk) => readonly string[]
> = {
  FileToFile: ({ to }, _path, disk) => (to.includes('*') ? filesLike(to, disk) : disk.isFile(to) ? [to] : []),
  Folder: ({ to }, path, disk) => {
    const target = `${to.replace(/\/+$/, '')}/${nameOf(path)}`
    return disk.isFile(target) ? [target] : []
  },
  FileToPath: ({ to }, path, disk) => {
    // "../web/**" is any depth, "../web" that folder alone.
    const folder = to.replace(/\/?\*\*.*$/, '').replace(/\/\*[^/]*$/, '')
    const wanted = nameOf(path).toLowerCase()
    return disk
      .filesBelow(folder)
      .filter((file) => nameOf(file).toLowerCase() === wanted && (to.includes('**') || !file.includes('/')))
      .toSorted((a, b) => commonEnd(b, path) - commonEnd(a, path))
      .filter((file, _, [best = '']) => commonEnd(file, path) === commonEnd(best, path))
      .map((file) => `${folder}/${file}`)
  },
}

// With ** in it, a target is found in any folder below, as builds put an assembly into Debug or Release.
function filesLike(pattern: string, disk: MappedDisk): readonly string[] {
  const folder = pattern.slice(0, pattern.lastIndexOf('/', pattern.indexOf('*')))
  const glob = new Minimatch(pattern.slice(folder.length + 1), { nocase: true, dot: true })
  return disk
    .filesBelow(folder)
    .filter((file) => glob.match(file))
    .map((file) => `${folder}/${file}`)
}

/** How many names two paths have in common, counted from the end: of two files of one name, the nearer one is meant. */
function commonEnd(a: string, b: string): number {
  const [left, right] = [a, b].map((path) => path.toLowerCase().split('/').toReversed())
  const at = left?.findIndex((name, i) => name !== right?.[i]) ?? 0
  return at === -1 ? (left?.length ?? 0) : at
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** Reads mapped files from where the mapping says; a file that is not there is taken from the tree, with a warning. */
export function mapSource(tree: SourceTree, mapping: Mapping, disk: MappedDisk): MappedSource {
  const warnings = new Set(mapping.warnings)
  const used = new Set<MappingRule>()
  const inTree = new Set(tree.paths)
  const targets = new Map<string, string>()
  // The content of a component may be missing from the tree when it is built elsewhere: its element names it.
  const contents = tree.paths
    .filter((path) => path.endsWith('.data.xml'))
    .map((path) => path.slice(0, -'.data.xml'.length))
  for (const path of new Set([...tree.paths, ...contents])) {
    if (path.startsWith('Other/')) continue
    const rule = mapping.rules.find((candidate) => candidate.matches(path))
    if (!rule) continue
    used.add(rule)
    const [target, ...others] = findTargets[rule.kind](rule, path, disk)
    if (target === undefined) {
      warnings.add(
        `The map file sends ${path} to "${rule.to}", where it is not; the file in the folder is used.`,
      )
      continue
    }
    targets.set(path, target)
    if (others.length > 0) {
      warnings.add(
        `The map file sends ${path} to "${rule.to}", where several files fit; ${target} is used, not ${others.join(', ')}.`,
      )
    }
  }
  for (const rule of mapping.rules) {
    if (
      rule.kind !== 'Folder' ||
      tree.paths.some((path) => path.startsWith(`${rule.map}/`) && path.endsWith('.data.xml'))
    )
      continue
    for (const file of disk.filesBelow(rule.to)) {
      used.add(rule)
      targets.set(`${rule.map.replace(/\/+$/, '')}/${file}`, `${rule.to.replace(/\/+$/, '')}/${file}`)
    }
  }
  for (const rule of mapping.rules) {
    if (!used.has(rule))
      warnings.add(
        `The map file's line ${rule.line} (${rule.kind} "${rule.map}") fits no file of the solution.`,
      )
  }
  const added = [...targets.keys()].filter((path) => !inTree.has(path))
  return {
    tree: {
      paths: [...tree.paths, ...added].toSorted((a, b) => (a < b ? -1 : 1)),
      read(path) {
        const target = targets.get(path)
        return target === undefined ? tree.read(path) : disk.read(target)
      },
    },
    warnings: () => [...warnings],
  }
}
