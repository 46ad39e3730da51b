import { manifestOf, type SolutionManifest } from './manifest.ts'
import { type ParsedTree, parsedOnce } from './parsed-tree.ts'
import { SolutionError } from './solution-error.ts'
import type { SourceTree } from './source-tree.ts'
import { yamlSolutions } from './sources/yaml/yaml-roots.ts'
import type { XmlDocument } from './xml/index.ts'

const solutionPath = 'Other/Solution.xml'
const customizationsPath = 'Other/Customizations.xml'

/**
 * Reads the manifest of an unpacked solution.
 *
 * @throws SolutionError when the folder is none, with what it holds instead and the folder that was meant
 */
export function readSourceManifest(tree: SourceTree): SolutionManifest {
  if (tree.paths.includes(solutionPath)) return manifestOf(parsedOnce(tree).parse(solutionPath))
  refuseProblems(tree)
  throw new SolutionError(noUnpackedSolution(tree))
}

/**
 * The document that lists the sections of an unpacked solution.
 * @throws SolutionError when it is missing, XmlError when it is not well-formed
 */
export function sourceCustomizations(tree: ParsedTree): XmlDocument {
  if (tree.paths.includes(customizationsPath)) return tree.parse(customizationsPath)
  const { uniqueName } = readSourceManifest(tree)
  throw new SolutionError(
    `The folder has no ${customizationsPath}, which lists the sections of ${uniqueName}. Restore it, or export and unpack the solution again.`,
  )
}

/**
 * @param allowed ids of rules whose findings are passed over
 * @throws SolutionError that lists what is wrong with the files that a tree is made of
 */
export function refuseProblems(tree: SourceTree, allowed: readonly string[] = []): void {
  const problems = (tree.made?.problems ?? []).filter(({ rule }) => !allowed.includes(rule))
  if (problems.length === 0) return
  const lines = problems.map(
    ({ file, line, message }) => `${file}${line === undefined ? '' : `, line ${line}`}: ${message}`,
  )
  throw new SolutionError(`${lines.join('.\n')}.`)
}

/** The other files that YAML source has of a solution. */
const HALF_YAML = /^(solutions\/[^/]+)\/(?:rootcomponents|missingdependencies|solutioncomponents)\.yml$/

/** Says of a folder without manifest what it is. */
export function noUnpackedSolution(tree: SourceTree): string {
  return `${folderOf(tree)} is no solution's source: it has neither ${solutionPath} nor solutions/NAME/solution.yml. ${whatItIs(tree.paths)}`
}

/** The beginning of a sentence about a folder. */
export function folderOf({ place }: SourceTree): string {
  return place === undefined ? 'The folder' : `The folder ${place}`
}

function whatItIs(paths: readonly string[]): string {
  if (paths.length === 0) return 'It is empty. Is the repository checked out?'
  const [yaml] = yamlSolutions(paths)
  if (yaml !== undefined)
    return yaml.root === ''
      ? `It has solutions/${yaml.name}/solution.yml, so it is the YAML source of Dataverse's Git integration.`
      : `Did you mean the folder '${yaml.root}' in it, which is YAML source of Dataverse's Git integration?`
  if (paths.includes('solution.yml'))
    return "It holds a solution.yml itself: give the root of the YAML source, the folder above 'solutions'."
  const [, folder] = paths.map((path) => HALF_YAML.exec(path)).find((match) => match !== null) ?? []
  if (folder !== undefined) return `It has ${folder} without solution.yml; restore that file.`
  const below = paths.find((path) => path.endsWith(`/${solutionPath}`))
  if (below !== undefined)
    return `Did you mean the folder '${below.slice(0, -solutionPath.length - 1)}' in it?`
  if (paths.includes('Solution.xml')) return 'It holds a Solution.xml itself: give the folder above it.'
  const otherCase = paths.find((path) => path.toLowerCase() === solutionPath.toLowerCase())
  if (otherCase !== undefined)
    return `It has '${otherCase}': rename it, since systems that heed case do not find it.`
  const top = [...new Set(paths.map((path) => path.split('/', 1)[0] ?? ''))]
  return `It holds ${top.slice(0, 8).join(', ')}${top.length > 8 ? ` and ${top.length - 8} more` : ''}.`
}
