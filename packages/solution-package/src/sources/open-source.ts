import { didYouMean, quotedList } from '@dsa/user-error'
import { SolutionError } from '../solution-error.ts'
import { folderOf } from '../source-manifest.ts'
import type { SourceTree } from '../source-tree.ts'
import { yamlSolutions } from './yaml/yaml-roots.ts'

/**
 * Opens a folder as the source of a solution, whatever format its files are in. Here, and nowhere else, the format is
 * chosen: what it gives is read as a tree of XML, and says where each thing in it comes from.
 *
 * @param solutionName which solution, where a folder holds several, as the root of Git integration can
 * @throws SolutionError when the folder holds several solutions and none is named, or not the one that is
 */
export async function openSource(folder: SourceTree, solutionName?: string): Promise<SourceTree> {
  const names = yamlSolutions(folder.paths).flatMap(({ root, name }) => (root === '' ? [name] : []))
  if (names.length === 0) return folder
  if (folder.paths.includes('Other/Solution.xml'))
    throw new SolutionError(
      `${folderOf(folder)} holds a solution in two formats: Other/Solution.xml, and solutions/${names[0]}/solution.yml. Give each a folder of its own.`,
    )
  const name = chosen(names, solutionName, folder)
  const { readYamlTree } = await import('./yaml/yaml-tree.ts')
  return readYamlTree(
    folder,
    name,
    names.filter((other) => other !== name),
  )
}

/** A root of several solutions does not hold the one that is asked for; an earlier revision may not have it yet. */
export class NoSuchSolution extends SolutionError {}

/** Dataverse compares unique names without case. */
function chosen(names: readonly string[], wanted: string | undefined, folder: SourceTree): string {
  if (wanted !== undefined) {
    const found =
      names.find((name) => name.toLowerCase() === wanted.toLowerCase()) ??
      names.find(
        (name) => uniqueNameIn(folder.read(`solutions/${name}/solution.yml`)) === wanted.toLowerCase(),
      )
    if (found !== undefined) return found
    throw new NoSuchSolution(
      `${folderOf(folder)} holds no solution '${wanted}'.${didYouMean(wanted, names)} It holds ${quotedList(names)}.`,
    )
  }
  const [name, second] = names
  if (name !== undefined && second === undefined) return name
  throw new SolutionError(
    `${folderOf(folder)} holds ${names.length} solutions, ${quotedList(names)}. Say which one with 'solution-name'.`,
  )
}

/** The name of a solution whose folder somebody renamed, in lower case. */
function uniqueNameIn(solution: Uint8Array): string | undefined {
  return /^\s*UniqueName:[ \t]*(\S+)[ \t]*\r?$/m
    .exec(Buffer.from(solution).toString('utf8'))?.[1]
    ?.toLowerCase()
}
