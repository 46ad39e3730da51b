import type { ComparedTree } from '@dsa/solution-package/diff'
import { yamlSolutions } from '@dsa/solution-package'
import type { Listing, Repository } from './git.ts'

const MANIFEST = 'other/solution.xml'

/** Folders that hold the source of solutions, among the paths of a repository; a root of YAML source may hold several. */
export function solutionFolders(given: Iterable<string>): string[] {
  const paths = [...given]
  const found: string[] = []
  for (const path of paths) {
    const folder = path.slice(0, -MANIFEST.length)
    if (path.slice(folder.length).toLowerCase() !== MANIFEST) continue
    if (folder === '' || folder.endsWith('/')) found.push(folder.slice(0, -1))
  }
  return [...new Set([...found, ...yamlSolutions(paths).map(({ root }) => root)])]
}

/** The blobs of a commit, read when they are needed. */
export class Commit {
  readonly blobs: Listing['blobs']
  /** Links and submodules. */
  readonly unread: Listing['unread']
  readonly #repository: Repository

  /** @param commit undefined for what was before the first one */
  constructor(repository: Repository, commit: string | undefined) {
    this.#repository = repository
    const { blobs, unread } =
      commit === undefined ? { blobs: new Map(), unread: new Map() } : repository.listing(commit)
    this.blobs = blobs
    this.unread = unread
  }

  /** The tree below a folder, or undefined when there is no solution. */
  tree(folder: string): ComparedTree | undefined {
    const prefix = folder === '' ? '' : `${folder}/`
    const below = [...this.blobs].flatMap(([path, id]) =>
      path.startsWith(prefix) ? [[path.slice(prefix.length), id] as const] : [],
    )
    const folders = solutionFolders(below.map(([path]) => path))
    if (!folders.includes('')) return undefined
    // A solution in the folder of another one is told by itself.
    const inner = folders.filter((found) => found !== '').map((found) => `${found}/`)
    const ids = new Map(
      inner.length === 0 ? below : below.filter(([path]) => !inner.some((other) => path.startsWith(other))),
    )
    return {
      paths: [...ids.keys()].toSorted((a, b) => (a < b ? -1 : 1)),
      keyOf: (path) => ids.get(path) ?? '',
      prefetch: (paths) => void this.#repository.read(paths.flatMap((path) => ids.get(path) ?? [])),
      read: (path) => this.#bytes(ids.get(path) ?? ''),
    }
  }

  /** One file by its path from the root. */
  file(path: string): Uint8Array | undefined {
    const id = this.blobs.get(path)
    return id === undefined ? undefined : this.#bytes(id)
  }

  #bytes(id: string): Uint8Array {
    return this.#repository.read([id]).get(id) ?? new Uint8Array()
  }
}
