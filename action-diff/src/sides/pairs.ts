import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { type ActionDeps, resolvePath } from '@dsa/action-kit'
import {
  archiveFile,
  archiveTree,
  filesBeside,
  ignorePatterns,
  openPackage,
  openZip,
  readFolder,
} from '@dsa/solution-package'
import type { ComparedTree } from '@dsa/solution-package/diff'
import { UserError } from '@dsa/user-error'
import type { Inputs } from '../inputs.ts'
import { openRepository, type Repository } from './git.ts'
import { eventRevisions } from '../pull-request/event.ts'
import { Commit, solutionFolders } from './revision.ts'

/** Two versions of a solution. */
interface Pair {
  /** The folder in the repository; what was given where it is none. */
  readonly folder: string
  readonly base: ComparedTree | undefined
  readonly head: ComparedTree | undefined
}

export interface Pairs {
  readonly pairs: readonly Pair[]
  /** What is compared, for a reader: `main@1a2b3c4`. */
  readonly base: string
  readonly head: string
  /** The solutions as the workflow names them, which stays the same from push to push. */
  readonly asked: readonly string[]
}

/** Finds what is to be compared: files that were given, else revisions of the repository. */
export function findPairs(inputs: Inputs, deps: ActionDeps): Pairs {
  const base = inputs.base === undefined ? undefined : onDisk(inputs.base, deps)
  const head = inputs.head === undefined ? undefined : onDisk(inputs.head, deps)
  if (base !== undefined && head !== undefined)
    return {
      pairs: [{ folder: inputs.head ?? '', base, head }],
      base: inputs.base ?? '',
      head: inputs.head ?? '',
      asked: [inputs.head ?? ''],
    }
  if (base !== undefined || head !== undefined)
    throw new UserError(
      `Input '${base === undefined ? 'head' : 'base'}' is a file or a folder, and '${base === undefined ? 'base' : 'head'}' is not. Compare two revisions of the repository, or two files or folders.`,
    )
  return revisionPairs(inputs, deps)
}

/** A folder or an archive as a tree; undefined when there is nothing of that name, so that it is a revision. */
function onDisk(given: string, { root }: ActionDeps): ComparedTree | undefined {
  const path = resolvePath(root, given)
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) {
    if (/\.zip$/i.test(given)) throw new UserError(`There is no file ${path}. ${filesBeside(path, '.zip')}`)
    return undefined
  }
  return found.isDirectory() ? readFolder(path) : treeIn(path)
}

function treeIn(path: string): ComparedTree {
  const label = basename(path)
  return archiveTree(openPackage(openZip(archiveFile(path), { label }), label))
}

function revisionPairs(inputs: Inputs, deps: ActionDeps): Pairs {
  const repository = openRepository(deps.root, deps.environment)
  if (!repository.isThere)
    throw new UserError(
      `${deps.root} is no git repository, so it has no revisions to compare. Run actions/checkout before this step, or give two folders or archives as 'base' and 'head'.`,
    )
  const event = eventRevisions(deps.environment)
  const head = commitOf(repository, inputs.head ?? event.head ?? 'HEAD', 'head', deps)
  const stated = inputs.base ?? event.base
  if (stated === undefined)
    throw new UserError(
      "Nothing says what to compare with: give 'base', a git revision, a folder or an archive.",
    )
  const tip = commitOf(repository, stated, 'base', deps)
  const base = inputs.base === undefined && event.isPullRequest ? mergeBase(repository, tip, head, deps) : tip
  const [before, after] = [new Commit(repository, base), new Commit(repository, head)]
  // From the root, since a name alone would fit folders anywhere.
  const isWanted = ignorePatterns(
    inputs.solutionFolders.map((pattern) => `/${pattern.replace(/^(?:\.?\/)+/, '')}`),
  )
  const folders = [
    ...new Set([...solutionFolders(before.blobs.keys()), ...solutionFolders(after.blobs.keys())]),
  ]
    .filter((folder) => inputs.solutionFolders.length === 0 || isWanted(folder))
    .toSorted((a, b) => (a < b ? -1 : 1))
  if (folders.length === 0) throw new UserError(noSolution(inputs, [...after.blobs.keys()]))
  const pairs = folders.map((folder) => {
    before.prefetch(folder, after)
    after.prefetch(folder, before)
    return { folder: folder === '' ? '.' : folder, base: before.tree(folder), head: after.tree(folder) }
  })
  return { pairs, base: base.slice(0, 7), head: head.slice(0, 7), asked: inputs.solutionFolders }
}

function commitOf(
  repository: Repository,
  revision: string,
  input: 'base' | 'head',
  deps: ActionDeps,
): string {
  const found = repository.commitOf(revision)
  if (found !== undefined) return found
  if (/^[0-9a-f]{40}$/.test(revision)) {
    deps.log.info(`Fetching the commit ${revision}, which the checkout does not have.`)
    repository.fetchCommit(revision)
    const fetched = repository.commitOf(revision)
    if (fetched !== undefined) return fetched
  }
  throw new UserError(
    `There is no revision, folder or archive '${revision}' ('${input}'). A shallow checkout has one commit alone: set 'fetch-depth: 0' of actions/checkout for other revisions.`,
  )
}

/** Without the history between them the tip of the base branch stands for the merge base, which is said. */
function mergeBase(repository: Repository, tip: string, head: string, deps: ActionDeps): string {
  const found = repository.mergeBase(tip, head)
  if (found !== undefined) return found
  deps.log.notice(
    "The checkout has too little history for the merge base, so the tip of the base branch is compared with. Set 'fetch-depth: 0' of actions/checkout when that branch has moved on.",
  )
  return tip
}

function noSolution({ solutionFolders: wanted }: Inputs, paths: readonly string[]): string {
  const there = solutionFolders(paths)
  const found =
    there.length === 0
      ? 'No folder of the repository holds Other/Solution.xml.'
      : `The repository has ${there
          .slice(0, 8)
          .map((folder) => `'${folder || '.'}'`)
          .join(', ')}.`
  return wanted.length === 0 ? found : `'solution-folder' fits no solution. ${found}`
}
