import { type ActionDeps, resolvePath } from '@dsa/action-kit'
import type { Solution } from '@dsa/dataverse-client'
import { Commit, findCommit, openRepository, solutionFolders, treeOnDisk } from '@dsa/solution-comparison'
import { compareVersions, readSourceManifest } from '@dsa/solution-package'
import type { ComparedTree } from '@dsa/solution-package/diff'
import { UserError } from '@dsa/user-error'
import type { Inputs } from '../inputs.ts'
import { openPairs } from './pairs.ts'

interface ManagedSolution {
  readonly installed: Solution
  /** Where the new version lies, which is where a revision most likely has the installed one. */
  readonly folder: string
  readonly host: string
}

/**
 * What stands for a managed solution, which no environment exports: 'base', when it is just the installed version.
 * @throws UserError that says both versions, and what to give
 */
export async function managedBase(
  { installed, folder, host }: ManagedSolution,
  { base: given }: Inputs,
  deps: ActionDeps,
): Promise<ComparedTree> {
  const { uniqueName, version } = installed
  const advice = `Give 'base', an archive, folder or revision with '${uniqueName}' ${version}, such as the archive of its release: action-fetch with 'previous-release' brings it.`
  if (given === undefined)
    throw new UserError(
      `'${uniqueName}' ${version} is managed in ${host}, and Dataverse exports no managed solution. ${advice}`,
    )
  const others: string[] = []
  for await (const tree of treesOf(given, folder, deps)) {
    const own = readSourceManifest(tree)
    const isIt = own.uniqueName.toLowerCase() === uniqueName.toLowerCase()
    if (isIt && compareVersions(own.version, version) === 0) return tree
    others.push(`'${own.uniqueName}' ${own.version}`)
    if (isIt) break
  }
  const what = others.length === 0 ? 'no solution' : (others.at(-1) ?? '')
  throw new UserError(
    `${host} has '${uniqueName}' ${version}, managed, and 'base' (${given}) holds ${what}. What an import would change there cannot be told from it. ${advice}`,
  )
}

/** The solutions of a file or a folder, else of a revision, beginning with the one of the same folder. */
async function* treesOf(given: string, folder: string, deps: ActionDeps): AsyncGenerator<ComparedTree> {
  const tree = treeOnDisk(resolvePath(deps.root, given))
  if (tree !== undefined) {
    yield* opened(given, tree)
    return
  }
  const repository = openRepository(deps.root, deps.environment)
  if (!repository.isThere)
    throw new UserError(
      `There is no folder or archive '${given}' ('base'), and ${deps.root} is no git repository, so it is no revision either.`,
    )
  const commit = new Commit(repository, findCommit(repository, given, 'base', deps))
  const folders = solutionFolders(commit.blobs.keys())
  const [same, others] = [true, false].map((isSame) =>
    folders.filter((one) => (one === folder.replace(/^\.$/, '')) === isSame),
  )
  for (const one of [...(same ?? []), ...(others ?? [])]) yield* opened(one, commit.tree(one))
}

async function* opened(folder: string, tree: ComparedTree | undefined): AsyncGenerator<ComparedTree> {
  for (const { base } of await openPairs(folder, tree, undefined)) if (base !== undefined) yield base
}
