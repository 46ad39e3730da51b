import { type GitHub, GithubError } from '@dsa/action-kit'
import { UserError } from '@dsa/user-error'
import { isOurMessage, keptIn } from './trailers.ts'
import type { TreeFile } from './trees.ts'

/** A commit with the tree of its files. */
export interface Tip {
  readonly sha: string
  readonly tree: string
}

/** A commit of somebody else. */
interface Foreign {
  readonly sha: string
  readonly author: string
}

/** What a branch has that its base has not. */
export interface Ahead {
  /** The tree after our last commit on the branch; where both parted, if there is none. */
  readonly lastTree: string
  /** Files of it that are not what that commit proposed, but what somebody else made of them, with what it proposed. */
  readonly lastKept: ReadonlyMap<string, TreeFile | undefined>
  /** Commits of others since then, and in all. */
  readonly foreignSince: readonly Foreign[]
  readonly foreign: readonly Foreign[]
  /** Whether the base has commits that the branch has not. */
  readonly isBehind: boolean
}

const PER_PAGE = 100
const MAX_COMMITS = 2_000

/** Undefined when there is no such branch. */
export async function tipOf(github: GitHub, branch: string): Promise<Tip | undefined> {
  const { api, owner, repo } = github
  try {
    const { data } = await api.rest.git.getRef({ owner, repo, ref: `heads/${branch}` })
    return await commitOf(github, data.object.sha)
  } catch (error) {
    if (error instanceof GithubError && error.status === 404) return undefined
    throw error
  }
}

async function commitOf({ api, owner, repo }: GitHub, sha: string): Promise<Tip> {
  const { data } = await api.rest.git.getCommit({ owner, repo, commit_sha: sha })
  return { sha, tree: data.tree.sha }
}

/** @param login of our token: a commit of ours has it as author, and our line in the message */
export async function aheadOf(github: GitHub, base: Tip, tip: Tip, login: string): Promise<Ahead> {
  const { api, owner, repo } = github
  let lastTree = ''
  let lastKept: Ahead['lastKept'] = new Map()
  let isBehind = false
  let foreign: Foreign[] = []
  let foreignSince: Foreign[] = []
  for (let page = 1, seen = 0; ; page++) {
    const { data } = await api.rest.repos.compareCommitsWithBasehead({
      owner,
      repo,
      basehead: `${base.sha}...${tip.sha}`,
      per_page: PER_PAGE,
      page,
    })
    if (page === 1) lastTree = data.merge_base_commit.commit.tree.sha
    isBehind = data.behind_by > 0
    for (const one of data.commits) {
      const { commit } = one
      if (isOurs(one, login)) {
        lastTree = commit.tree.sha
        lastKept = keptIn(commit.message)
        foreignSince = []
        continue
      }
      const other = { sha: one.sha, author: writerOf(one, login) }
      foreign = [...foreign, other]
      foreignSince = [...foreignSince, other]
    }
    seen += data.commits.length
    if (seen >= data.total_commits || data.commits.length === 0)
      return { lastTree, lastKept, foreignSince, foreign, isBehind }
    if (seen >= MAX_COMMITS)
      throw new UserError(
        `The branch has more than ${MAX_COMMITS} commits that its base has not. Merge it, or give another 'branch'.`,
      )
  }
}

/** A commit of an answer. An account is null where GitHub knows none by the address. */
interface AnsweredCommit {
  readonly commit: {
    readonly message: string
    readonly author: Person | null
    readonly committer: Person | null
  }
  readonly author: unknown
  readonly committer: unknown
}

interface Person {
  readonly name?: string
  readonly email?: string
}

/**
 * A commit that this action made and nobody touched since. Who amends or picks one becomes its committer. Of commits
 * made by its API the committer is GitHub itself (on Enterprise Server without an account), or the author.
 */
function isOurs({ commit, author, committer }: AnsweredCommit, login: string): boolean {
  if (!isOurMessage(commit.message) || (nameOf(author) ?? commit.author?.name) !== login) return false
  const account = nameOf(committer)
  if (account !== undefined) return account === login || account === 'web-flow'
  const { name, email } = commit.committer ?? {}
  return (
    /^GitHub(?: Enterprise)?$/.test(name ?? '') || (email !== undefined && email === commit.author?.email)
  )
}

/** Whom to ask about a commit that is not ours. */
function writerOf({ commit, author, committer }: AnsweredCommit, login: string): string {
  const written = nameOf(author) ?? commit.author?.name
  if (written !== undefined && written !== login) return written
  return nameOf(committer) ?? commit.committer?.name ?? 'somebody'
}

function nameOf(author: unknown): string | undefined {
  if (typeof author !== 'object' || author === null || !('login' in author)) return undefined
  return typeof author.login === 'string' ? author.login : undefined
}

/** The branch moved, or was made, between our look at it and our writing. */
export class BranchMovedError extends UserError {
  override readonly name = 'BranchMovedError'
}

/**
 * Puts a commit at the end of a branch, which is made when it is not there. A branch that has moved is never forced.
 *
 * @throws BranchMovedError
 */
export async function putOnBranch(
  { api, owner, repo }: GitHub,
  branch: string,
  sha: string,
  before: Tip | undefined,
): Promise<void> {
  try {
    if (before === undefined)
      // Sent again after a lost answer it is refused, as the branch is there; the next look sees that it is right.
      await api.rest.git.createRef({
        owner,
        repo,
        ref: `refs/heads/${branch}`,
        sha,
        request: { isRepeatable: true },
      })
    else await api.rest.git.updateRef({ owner, repo, ref: `heads/${branch}`, sha, force: false })
  } catch (error) {
    if (!(error instanceof GithubError) || error.status !== 422) throw error
    if (/already exists|not a fast forward|does not exist/i.test(error.serverMessage))
      throw new BranchMovedError(`The branch '${branch}' was changed meanwhile. ${error.message}`, {
        cause: error,
      })
    throw error
  }
}

/** Deletes a branch that still ends where it was looked at. True when it is gone. */
export async function deleteBranch(github: GitHub, branch: string, tip: Tip): Promise<boolean> {
  const { api, owner, repo } = github
  const now = await tipOf(github, branch)
  if (now === undefined) return true
  if (now.sha !== tip.sha) return false
  try {
    await api.rest.git.deleteRef({ owner, repo, ref: `heads/${branch}` })
  } catch (error) {
    // Deleted by somebody, or by ourselves before the answer was lost.
    if (!(error instanceof GithubError) || error.status !== 422) throw error
  }
  return true
}
