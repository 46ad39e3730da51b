import { type ActionDeps, connectToGithub } from '@dsa/action-kit'
import { findCommit, type Repository } from '@dsa/solution-comparison'
import { UserError } from '@dsa/user-error'

/** More history by that many commits at a time, at last all of it. */
const STEPS = [50, 500, undefined] as const

interface Ends {
  readonly tip: string
  readonly head: string
  /** To ask GitHub with, where the checkout has too little history. */
  readonly githubToken: string | undefined
}

/**
 * The commit from which a branch comes. Of a shallow checkout GitHub tells it, else more history is fetched. Where it
 * cannot be had the tip of the base branch stands for it, which is said.
 */
export async function mergeBase(repository: Repository, ends: Ends, deps: ActionDeps): Promise<string> {
  const { tip, head } = ends
  const found = repository.mergeBase(tip, head)
  if (found !== undefined) return found
  if (!repository.isShallow) {
    deps.log.warning(
      'Both sides have no commit in common, so the tip of the base branch is compared with: all that it has and the head lacks is told as removed.',
    )
    return tip
  }
  const known = (await toldByGithub(repository, ends, deps)) ?? deepened(repository, ends, deps)
  if (known !== undefined) return known
  deps.log.warning(
    "The checkout has too little history for the merge base, and more cannot be fetched, so the tip of the base branch is compared with: what others changed there is told as undone. Set 'fetch-depth: 0' of actions/checkout.",
  )
  return tip
}

async function toldByGithub(
  repository: Repository,
  { tip, head, githubToken }: Ends,
  deps: ActionDeps,
): Promise<string | undefined> {
  if (githubToken === undefined) return undefined
  try {
    const { api, owner, repo } = await connectToGithub(githubToken, deps)
    // The second page has no files, of which the first one has hundreds.
    const { data } = await api.rest.repos.compareCommitsWithBasehead({
      owner,
      repo,
      basehead: `${tip}...${head}`,
      per_page: 1,
      page: 2,
    })
    return findCommit(repository, data.merge_base_commit.sha, 'base', deps)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    deps.log.info(`GitHub does not tell the merge base, so more history is fetched. ${error.message}`)
    return undefined
  }
}

function deepened(repository: Repository, { tip, head }: Ends, { log }: ActionDeps): string | undefined {
  for (const by of STEPS) {
    log.info(`Fetching ${by === undefined ? 'the whole history' : `${by} more commits`} for the merge base.`)
    repository.deepen([tip, head], by)
    const found = repository.mergeBase(tip, head)
    if (found !== undefined) return found
  }
  return undefined
}
