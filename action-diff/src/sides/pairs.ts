import { statSync } from 'node:fs'
import { isAbsolute, relative } from 'node:path'
import { type ActionDeps, resolvePath } from '@dsa/action-kit'
import {
  Commit,
  findCommit,
  openRepository,
  type Repository,
  solutionFolders,
  treeOnDisk,
} from '@dsa/solution-comparison'
import { ignorePatterns, openSource, yamlSolutions } from '@dsa/solution-package'
import type { ComparedTree } from '@dsa/solution-package/diff'
import { UserError } from '@dsa/user-error'
import type { Inputs } from '../inputs.ts'
import { eventRevisions } from '../pull-request/event.ts'
import { inFolder } from './in-folder.ts'
import { mergeBase } from './merge-base.ts'
import { joinMoved } from './moved.ts'
import { refuseOtherName, splitByName } from './other-name.ts'
import type { Pair } from './pair.ts'
import { commitFiles, diskFiles, noFiles, type RepositoryFiles } from './repository-files.ts'
import { unreadDifferences } from './unread.ts'

export interface Pairs {
  readonly pairs: readonly Pair[]
  /** What is compared, for a reader: `main@1a2b3c4`. */
  readonly base: string
  readonly head: string
  /** The solutions as the workflow names them, which stays the same from push to push. */
  readonly asked: readonly string[]
  /** Where the files lie by which people of the repository say what they want to be told. */
  readonly files: SettingsFiles
}

/** Files of the repository beside the solutions. */
interface SettingsFiles {
  /** Before the pull request, by people who may write to the repository; undefined when there is no pull request. */
  readonly before: RepositoryFiles | undefined
  readonly now: RepositoryFiles
}

/** The new version of each solution. */
export type Heads = Omit<Pairs, 'base'>

/** What the workflow names as both sides: files that were given, else revisions of the repository. */
export async function namedPairs(inputs: Inputs, deps: ActionDeps): Promise<Pairs> {
  const base = inputs.base === undefined ? undefined : treeOnDisk(resolvePath(deps.root, inputs.base))
  const head = inputs.head === undefined ? undefined : treeOnDisk(resolvePath(deps.root, inputs.head))
  if (base === undefined && head !== undefined && isFolder(inputs.head, deps) && inputs.base !== undefined)
    return checkoutPairs({ revision: inputs.base, folder: inputs.head, head }, deps)
  if (base !== undefined && head !== undefined)
    return {
      pairs: (await openPairs(inputs.head ?? '', base, head)).map(refuseOtherName),
      base: inputs.base ?? '',
      head: inputs.head ?? '',
      asked: [inputs.head ?? ''],
      files: { before: beforePullRequest(deps), now: diskFiles(deps.root) },
    }
  if (base !== undefined || head !== undefined)
    throw new UserError(
      `Input '${base === undefined ? 'head' : 'base'}' is a file or a folder, and '${base === undefined ? 'base' : 'head'}' is not. Compare two revisions of the repository, two files or folders, or a revision ('base') with a folder of the checkout ('head').`,
    )
  return revisionPairs(inputs, deps)
}

function isFolder(given: string | undefined, { root }: ActionDeps): given is string {
  return given !== undefined && statSync(resolvePath(root, given)).isDirectory()
}

/** A folder of the checkout, with what is not committed, and the same folder at a revision. */
async function checkoutPairs(
  { revision, folder, head }: { revision: string; folder: string; head: ComparedTree },
  deps: ActionDeps,
): Promise<Pairs> {
  const place = relative(deps.root, resolvePath(deps.root, folder)).replaceAll('\\', '/')
  if (place === '..' || place.startsWith('../') || isAbsolute(place))
    throw new UserError(
      `Input 'head' is '${folder}', which lies outside of the repository, so 'base' cannot be the revision '${revision}'. Give a folder or an archive as 'base'.`,
    )
  const repository = repositoryOf(deps)
  const commit = findCommit(repository, revision, 'base', deps)
  const before = new Commit(repository, commit)
  return {
    pairs: await openPairs(folder, before.tree(place), head),
    base: called(commit, revision),
    head: folder,
    asked: [folder],
    files: { before: beforePullRequest(deps, new Map([[commit, before]])), now: diskFiles(deps.root) },
  }
}

/** The new versions, of files that were given, else of a revision of the repository. */
export async function namedHeads(inputs: Inputs, deps: ActionDeps): Promise<Heads> {
  const { head: given } = inputs
  const tree = given === undefined ? undefined : treeOnDisk(resolvePath(deps.root, given))
  if (given !== undefined && tree !== undefined)
    return {
      pairs: await openPairs(given, undefined, tree),
      head: given,
      asked: [given],
      files: { before: beforePullRequest(deps), now: diskFiles(deps.root) },
    }
  const { head, after, label } = headRevision(inputs, repositoryOf(deps), deps)
  const pairs: Pair[] = []
  for (const folder of wantedFolders(inputs, [after]))
    pairs.push(...(await openPairs(folder === '' ? '.' : folder, undefined, after.tree(folder))))
  return {
    pairs,
    head: label,
    asked: inputs.solutionFolders,
    files: {
      before: beforePullRequest(deps, new Map([[head, after]])),
      now: commitFiles(after, shortened(head)),
    },
  }
}

/** The solutions of a folder; of a root with several, those of one name are compared. */
export async function openPairs(
  folder: string,
  base: ComparedTree | undefined,
  head: ComparedTree | undefined,
): Promise<readonly Pair[]> {
  const [before, after] = [base, head].map((tree) => namesIn(tree))
  const names = [...new Set([...(before ?? []), ...(after ?? [])])]
  if (names.length === 0) return [{ folder, base, head }]
  const pairs: Pair[] = []
  for (const name of names) {
    const sides: (ComparedTree | undefined)[] = []
    for (const tree of [base, head]) {
      const own = namesIn(tree)
      // A tree of XML holds one solution, and becomes the first that is there in its place.
      // All of its files are read, and one process for all of them takes a small part of the time.
      if (own.length > 0) tree?.prefetch?.(tree.paths)
      const isOther = own.length === 0 ? name !== names[0] : !own.includes(name)
      sides.push(
        tree === undefined || isOther
          ? undefined
          : await openSource(tree, own.length === 0 ? undefined : name),
      )
    }
    pairs.push({
      folder: names.length === 1 ? folder : `${folder}/solutions/${name}`,
      base: sides[0],
      head: sides[1],
    })
  }
  return pairs
}

function namesIn(tree: ComparedTree | undefined): readonly string[] {
  return yamlSolutions(tree?.paths ?? []).flatMap(({ root, name }) => (root === '' ? [name] : []))
}

async function revisionPairs(inputs: Inputs, deps: ActionDeps): Promise<Pairs> {
  const repository = repositoryOf(deps)
  const { head, after, label } = headRevision(inputs, repository, deps)
  const base = await baseRevision(inputs, repository, head, deps)
  const before = new Commit(repository, base.commit)
  const commits = [after, before]
  const wanted = new Set(wantedFolders(inputs, commits))
  const pairs: Pair[] = []
  for (const folder of [...wanted, ...lonelyFolders(wanted, commits)]) {
    const place = folder === '' ? '.' : folder
    const unread = unreadDifferences(place, before, after)
    const own = await inFolder(place, async () => {
      const opened = await openPairs(place, before.tree(folder), after.tree(folder))
      return opened
        .map((pair, at) => ({ ...pair, isWanted: wanted.has(folder), ...(at === 0 && { unread }) }))
        .flatMap(splitByName)
    })
    pairs.push(...own)
  }
  return {
    pairs: joinMoved(pairs),
    base: base.label,
    head: label,
    asked: inputs.solutionFolders,
    files: {
      before: beforePullRequest(
        deps,
        base.commit === undefined ? undefined : new Map([[base.commit, before]]),
      ),
      now: commitFiles(after, shortened(head)),
    },
  }
}

interface BaseRevision {
  /** Undefined when nothing was there before. */
  readonly commit: string | undefined
  readonly label: string
}

/** What the workflow names; else what the event of the job says. */
async function baseRevision(
  { base: given, githubToken }: Inputs,
  repository: Repository,
  head: string,
  deps: ActionDeps,
): Promise<BaseRevision> {
  const { base: stated, isPullRequest, newBranch } = eventRevisions(deps.environment)
  if (given === undefined && newBranch !== undefined) {
    const tip = defaultTip(newBranch, repository)
    if (tip === undefined) {
      deps.log.notice(
        `Branch '${newBranch.name}' is new and has nothing to compare with, so all of it is told as new.`,
      )
      return { commit: undefined, label: 'nothing' }
    }
    const commit = await mergeBase(repository, { tip, head, githubToken }, deps)
    return { commit, label: called(commit, newBranch.defaultBranch) }
  }
  const revision = given ?? stated
  if (revision === undefined)
    throw new UserError(
      "Nothing says what to compare with: give 'base', a git revision, a folder or an archive.",
    )
  const tip = findCommit(repository, revision, 'base', deps)
  if (given !== undefined || !isPullRequest) return { commit: tip, label: called(tip, given) }
  const commit = await mergeBase(repository, { tip, head, githubToken }, deps)
  return { commit, label: called(commit, deps.environment['GITHUB_BASE_REF']) }
}

/** The tip of the default branch; undefined for the branch itself, and where there is none. */
function defaultTip(
  { name, defaultBranch }: NonNullable<ReturnType<typeof eventRevisions>['newBranch']>,
  repository: Repository,
): string | undefined {
  if (defaultBranch === undefined || defaultBranch === name) return undefined
  return repository.commitOf(`refs/remotes/origin/${defaultBranch}`) ?? repository.fetchBranch(defaultBranch)
}

/** Other folders with a solution on one side only: one that moved from or to a folder that is wanted may be there. */
function lonelyFolders(wanted: ReadonlySet<string>, commits: readonly Commit[]): readonly string[] {
  const sides = commits.map(({ blobs }) => new Set(solutionFolders(blobs.keys())))
  const isLonely = (folder: string): boolean => sides.filter((side) => side.has(folder)).length === 1
  if (![...wanted].some(isLonely)) return []
  return [...new Set(sides.flatMap((side) => [...side]))].filter(
    (folder) => !wanted.has(folder) && isLonely(folder),
  )
}

function repositoryOf({ root, environment }: ActionDeps): Repository {
  const repository = openRepository(root, environment)
  if (repository.isThere) return repository
  throw new UserError(
    `${root} is no git repository, so it has no revisions to compare. Run actions/checkout before this step, or give two folders or archives as 'base' and 'head'.`,
  )
}

function headRevision(
  inputs: Inputs,
  repository: Repository,
  deps: ActionDeps,
): { readonly head: string; readonly after: Commit; readonly label: string } {
  const event = eventRevisions(deps.environment)
  if (inputs.head === undefined && event.head !== undefined && /^0+$/.test(event.head))
    throw new UserError(
      "The push deleted its branch, so there is nothing to compare. Leave out such pushes with 'if: ${{ !github.event.deleted }}'.",
    )
  const head = findCommit(repository, inputs.head ?? event.head ?? 'HEAD', 'head', deps)
  const name = inputs.head ?? (event.isPullRequest ? deps.environment['GITHUB_HEAD_REF'] : undefined)
  return { head, after: new Commit(repository, head), label: called(head, name) }
}

/**
 * The folders of solutions that the workflow asks for.
 *
 * @param commits the new one first
 */
function wantedFolders(inputs: Inputs, commits: readonly Commit[]): readonly string[] {
  const [left, asked] = [true, false].map((isLeftOut) =>
    inputs.solutionFolders
      .map((pattern) => pattern.replaceAll('\\', '/'))
      .filter((pattern) => pattern.startsWith('!') === isLeftOut),
  )
  const [isLeftOut, isAsked] = [left, asked].map((patterns) =>
    // From the root, since a name alone would fit folders anywhere.
    ignorePatterns((patterns ?? []).map((pattern) => pattern.replace(/^!?(?:\.?\/)*/, '/'))),
  )
  const folders = [...new Set(commits.flatMap(({ blobs }) => solutionFolders(blobs.keys())))]
    .filter((folder) => asked?.length === 0 || isAsked?.(folder) === true)
    .filter((folder) => isLeftOut?.(folder) !== true)
    .toSorted((a, b) => (a < b ? -1 : 1))
  if (folders.length > 0) return folders
  throw new UserError(noSolution(inputs, [...(commits[0]?.blobs.keys() ?? [])]))
}

/**
 * The tip of the base branch. A pull request could change what is said there for itself, in the checkout too.
 *
 * @param known commits that were read already
 */
function beforePullRequest(
  deps: ActionDeps,
  known: ReadonlyMap<string, Commit> = new Map(),
): RepositoryFiles | undefined {
  const { base: tip = '', isPullRequest } = eventRevisions(deps.environment)
  if (!isPullRequest) return undefined
  const repository = openRepository(deps.root, deps.environment)
  if (!repository.isThere) return noFiles(shortened(tip))
  if (repository.commitOf(tip) === undefined) repository.fetchCommit(tip)
  const commit = repository.commitOf(tip)
  if (commit !== undefined)
    return commitFiles(known.get(commit) ?? new Commit(repository, commit), shortened(commit))
  deps.log.notice(
    `The commit ${shortened(tip)} of the base branch cannot be had, so nobody's configuration is read.`,
  )
  return noFiles(shortened(tip))
}

/** `main@1a2b3c4`; a name that is the commit itself says nothing more. */
function called(commit: string, name: string | undefined): string {
  const short = name?.replace(/^refs\/(?:heads|tags)\//, '') ?? ''
  const isSaid = short === '' || commit.startsWith(short.toLowerCase())
  return isSaid ? shortened(commit) : `${short}@${shortened(commit)}`
}

function shortened(commit: string): string {
  return commit.slice(0, 7)
}

function noSolution({ solutionFolders: wanted }: Inputs, paths: readonly string[]): string {
  const there = solutionFolders(paths)
  const found =
    there.length === 0
      ? 'No folder of the repository holds Other/Solution.xml or solutions/NAME/solution.yml.'
      : `The repository has ${there
          .slice(0, 8)
          .map((folder) => `'${folder || '.'}'`)
          .join(', ')}.`
  return wanted.length === 0 ? found : `'solution-folder' fits no solution. ${found}`
}
