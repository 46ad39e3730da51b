const MANIFEST = /^(?:(.*)\/)?solutions\/([^/]+)\/solution\.yml$/

/** A solution in the YAML source of Git integration: the folder that was connected, and the name of its own folder. */
export interface YamlSolution {
  /** The root, '' for the folder itself. */
  readonly root: string
  readonly name: string
}

/** The YAML solutions among the paths of a folder or a repository. */
export function yamlSolutions(paths: Iterable<string>): YamlSolution[] {
  const found: YamlSolution[] = []
  for (const path of paths) {
    // A repository has thousands of paths, and the pattern takes its time to say no.
    if (!path.endsWith('/solution.yml')) continue
    const [, root = '', name] = MANIFEST.exec(path) ?? []
    if (name !== undefined) found.push({ root, name })
  }
  return found
}
