import { listedAs, type Placed } from './layout.ts'
import { isLitter } from '../xml/litter.ts'
import { YAML_RULES, type Problems } from './problems.ts'
import type { YamlFile } from './yaml-file.ts'

/** What `solutioncomponents.yml` says: which files of a root belong to the solution. */
export class Listing {
  readonly #paths: ReadonlySet<string>

  /** @param file undefined where it is missing or cannot be read, which is a problem of its own; then all files belong */
  constructor(file: YamlFile | undefined) {
    this.#paths = new Set(file === undefined ? ['/'] : listedPaths(file).map(({ path }) => path))
  }

  /**
   * Whether a file belongs to the solution.
   * @param placed what it is by its path
   */
  has(path: string, placed: Placed | undefined): boolean {
    if (this.#paths.has('/')) return true
    if (placed !== undefined) return this.#paths.has(listedAs(path, placed))
    if (this.#paths.has(`/${path}`)) return true
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1))
      if (this.#paths.has(`/${path.slice(0, slash)}`)) return true
    return false
  }
}

function listedPaths({ element }: YamlFile) {
  return element.elements('Component').map((component) => {
    return { path: component.attribute('path') ?? '', component }
  })
}

/** Checks that each listed path is there, and each once. */
export function checkListed(file: YamlFile, paths: readonly string[], problems: Problems): void {
  const folders = new Set<string>()
  for (const path of paths) {
    folders.add(`/${path}`)
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const folder = `/${path.slice(0, slash)}`
      if (folders.has(folder)) break
      folders.add(folder)
    }
  }
  const seen = new Set<string>()
  for (const { path, component } of listedPaths(file)) {
    if (seen.has(path)) problems.at(YAML_RULES.listedTwice, component, `'${path}' is listed twice`)
    else if (!folders.has(path))
      problems.at(
        YAML_RULES.listedMissing,
        component,
        `'${path}' is listed, and is not in the folder${hint(path)}`,
      )
    seen.add(path)
  }
}

function hint(path: string): string {
  if (path === '') return ". A Component has the attribute '@path'"
  return path.startsWith('/') ? '' : '; a path begins with a slash'
}

/** Whether a file belongs to the root itself: manifests of solutions, and what people put there. */
export function isOfRoot(path: string): boolean {
  return (
    /^solutions\/[^/]+\/(?:solution|rootcomponents|missingdependencies|solutioncomponents)\.yml$/.test(
      path,
    ) || isLitter(path)
  )
}
