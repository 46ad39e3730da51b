import { relative } from 'node:path'
import { type ActionDeps, resolvePath } from '@dsa/action-kit'
import { NoSuchSolution, openSource, yamlSolutions } from '@dsa/solution-package'
import type { ComparedTree } from '@dsa/solution-package/diff'
import { UserError } from '@dsa/user-error'
import { findCommit } from './find-commit.ts'
import { openRepository } from './git.ts'
import { treeOnDisk } from './on-disk.ts'
import { Commit } from './revision.ts'

/** What is compared with. */
export interface WantedSide {
  /** A folder, an archive, or a revision of the repository. */
  readonly given: string
  /** The input that it was given by. */
  readonly input: string
  /** Where the solution lies, for a revision; an absolute path. */
  readonly folder: string
  /** Which solution, where a folder holds several. */
  readonly solutionName?: string
}

/**
 * Opens one side of a comparison.
 * @returns undefined when the revision has no solution in that folder
 * @throws UserError when there is nothing of that name, with what there is
 */
export async function openSide(
  { given, input, folder, solutionName }: WantedSide,
  deps: ActionDeps,
): Promise<ComparedTree | undefined> {
  const onDisk = treeOnDisk(resolvePath(deps.root, given))
  if (onDisk !== undefined) return openSource(onDisk, solutionName)
  const repository = openRepository(deps.root, deps.environment)
  if (!repository.isThere)
    throw new UserError(
      `There is no folder or archive '${given}' ('${input}'), and ${deps.root} is no git repository, so it is no revision either.`,
    )
  const commit = new Commit(repository, findCommit(repository, given, input, deps))
  const place = relative(deps.root, folder).replaceAll('\\', '/')
  const tree = commit.tree(place)
  if (tree !== undefined && yamlSolutions(tree.paths).length > 0) tree.prefetch?.(tree.paths)
  try {
    return tree && (await openSource(tree, solutionName))
  } catch (error) {
    if (error instanceof NoSuchSolution) return undefined
    throw error
  }
}
