import { Minimatch } from 'minimatch'
import type { SourceTree } from '../source-tree.ts'
import { isOfSection } from '../model/kind-of.ts'
import { type Mapping, MappingError, type MappingRule } from './mapping.ts'

/** The disk, as far as mapping needs it. Paths are those of `to`, relative to the solution folder or absolute. */
export interface MappedDisk {
  /** Why nothing may be read or written at a path; undefined when it may. */
  reasonToRefuse(path: string): string | undefined
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

/**
 * Checks where all lines lead to, before anything is read or written.
 *
 * @throws MappingError that names each line that leads where it must not
 */
export function checkTargets({ label, rules }: Mapping, disk: MappedDisk): void {
  const refused = rules.flatMap(({ line, to }) => {
    const why = disk.reasonToRefuse(folderOfPattern(to))
    return why === undefined ? [] : [`${label}, line ${line}: '${to}' ${why}`]
  })
  if (refused.length === 0) return
  throw new MappingError(
    `The map file leads where nothing is read or written, so nothing was done:\n${refused.join('\n')}\nA target outside of the workspace needs 'allow-outside-workspace: true'.`,
  )
}

/** Files that a line puts in the place of a path, the best first; none when there is none. */
const findTargets: Record<
  MappingRule['kind'],
  (rule: MappingRule, path: string, disk: MappedDisk) => readonly string[]
> = {
  FileToFile: ({ to }, _path, disk) => (to.includes('*') ? filesLike(to, disk) : disk.isFile(to) ? [to] : []),
  Folder: (rule, path, disk) => {
    const target = targetIn(rule, path)
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

/** Where a `Folder` line has a file that lies in its folder or below it. */
function targetIn({ map, to }: MappingRule, path: string): string {
  return `${withoutSlash(to)}/${path.slice(withoutSlash(map).length + 1)}`
}

// With ** in it, a target is found in any folder below, as builds put an assembly into Debug or Release.
function filesLike(pattern: string, disk: MappedDisk): readonly string[] {
  const folder = folderOfPattern(pattern)
  const glob = new Minimatch(pattern.slice(folder.length + 1), { nocase: true, dot: true })
  return disk
    .filesBelow(folder)
    .filter((file) => glob.match(file))
    .map((file) => `${folder}/${file}`)
}

/** The part of a path before the first name with a star; the whole path where there is none. */
function folderOfPattern(pattern: string): string {
  const star = pattern.indexOf('*')
  return star === -1 ? pattern : pattern.slice(0, Math.max(pattern.lastIndexOf('/', star), 0)) || '.'
}

/** How many names two paths have in common, counted from the end: of two files of one name, the nearer one is meant. */
function commonEnd(a: string, b: string): number {
  const [left, right] = [a, b].map((path) => path.toLowerCase().split('/').toReversed())
  const at = left?.findIndex((name, i) => name !== right?.[i]) ?? 0
  return at === -1 ? (left?.length ?? 0) : at
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function withoutSlash(path: string): string {
  return path.replace(/\/+$/, '')
}

/**
 * Reads mapped files from where the mapping says: those of the tree, those that lie nowhere but there and that a
 * component names, and all of a loose folder. A file that is not there is taken from the tree, with a warning.
 *
 * @throws MappingError when a line leads where it must not
 */
export function mapSource(tree: SourceTree, mapping: Mapping, disk: MappedDisk): MappedSource {
  checkTargets(mapping, disk)
  const found = new MappedFiles(mapping, disk)
  const inTree = new Set(tree.paths)
  for (const path of tree.paths) found.lookUp(path, 'the file in the folder is used')
  const added = found.addLooseFolders()
  return {
    tree: {
      paths: [...tree.paths, ...added.filter((path) => !inTree.has(path))].toSorted((a, b) =>
        a < b ? -1 : 1,
      ),
      read(path) {
        const target = found.lookUp(path)
        return target === undefined ? tree.read(path) : disk.read(target)
      },
      made: tree.made,
      offers: (path) =>
        found.lookUp(path, 'nor is it in the folder') !== undefined || tree.offers?.(path) === true,
    },
    warnings: () => found.warnings(),
  }
}

class MappedFiles {
  readonly #mapping: Mapping
  readonly #disk: MappedDisk
  readonly #warnings: Set<string>
  readonly #used = new Set<MappingRule>()
  readonly #targets = new Map<string, string | undefined>()

  constructor(mapping: Mapping, disk: MappedDisk) {
    this.#mapping = mapping
    this.#disk = disk
    this.#warnings = new Set(mapping.warnings)
  }

  /** Where a file of the solution is instead; `otherwise` says what that means when it is not there. */
  lookUp(path: string, otherwise = ''): string | undefined {
    if (!this.#targets.has(path)) this.#targets.set(path, this.#find(path, otherwise))
    return this.#targets.get(path)
  }

  #find(path: string, otherwise: string): string | undefined {
    if (path.startsWith('Other/')) return undefined
    const rule = this.#mapping.rules.find((candidate) => candidate.matches(path))
    if (!rule) return undefined
    this.#used.add(rule)
    const [target, ...others] = findTargets[rule.kind](rule, path, this.#disk)
    if (target === undefined) {
      this.#warnings.add(`The map file sends ${path} to '${rule.to}', where it is not; ${otherwise}.`)
    } else if (others.length > 0) {
      this.#warnings.add(
        `The map file sends ${path} to '${rule.to}', where several files fit; ${target} is used, not ${others.join(', ')}.`,
      )
    }
    return target
  }

  /** The files of folders that belong to no section: nothing names them, so all are meant. */
  addLooseFolders(): readonly string[] {
    return this.#mapping.rules.flatMap((rule) => {
      if (rule.kind !== 'Folder' || isOfSection(`${rule.map}/`)) return []
      return this.#disk.filesBelow(rule.to).map((file) => {
        const path = `${withoutSlash(rule.map)}/${file}`
        this.#used.add(rule)
        this.#targets.set(path, targetIn(rule, path))
        return path
      })
    })
  }

  warnings(): readonly string[] {
    const unused = this.#mapping.rules
      .filter((rule) => !this.#used.has(rule))
      .map(
        ({ line, kind, map }) =>
          `The map file's line ${line} (${kind} '${map}') fits no file of the solution.`,
      )
    return [...this.#warnings, ...unused]
  }
}
