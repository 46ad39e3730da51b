import { bodyWith, type GitHub, GithubError, madeOnce, stateIn } from '@dsa/action-kit'
import { UserError } from '@dsa/user-error'

/** A pull request from the branch to the base. */
export interface Pull {
  readonly number: number
  readonly url: string
  readonly title: string
  readonly body: string
  readonly headSha: string
  readonly isMerged: boolean
}

export interface Place {
  readonly branch: string
  readonly base: string
}

/** How many closed ones are looked at, the newest first. */
const CLOSED = 30

/** What a pull request proposes. */
export function stateOf({ body }: Pull): string | undefined {
  return stateIn(body)
}

export async function openPull(github: GitHub, place: Place): Promise<Pull | undefined> {
  const [pull] = await pullsOf(github, place, 'open')
  return pull
}

export function closedPulls(github: GitHub, place: Place): Promise<readonly Pull[]> {
  return pullsOf(github, place, 'closed')
}

async function pullsOf(
  { api, owner, repo }: GitHub,
  { branch, base }: Place,
  state: 'open' | 'closed',
): Promise<readonly Pull[]> {
  const { data } = await api.rest.pulls.list({
    owner,
    repo,
    state,
    head: `${owner}:${branch}`,
    base,
    per_page: CLOSED,
  })
  return data.map((pull) => ({
    number: pull.number,
    url: pull.html_url,
    title: pull.title,
    body: (pull.body ?? '').replaceAll('\r\n', '\n'),
    headSha: pull.head.sha,
    isMerged: pull.merged_at !== null,
  }))
}

export interface PullText {
  readonly title: string
  readonly body: string
}

/**
 * Opens a pull request. One that another run opened meanwhile is taken as ours.
 *
 * @throws UserError naming the setting by which a repository forbids it to workflows
 */
export async function createPull(
  github: GitHub,
  { branch, base }: Place,
  { title, body }: PullText,
  isDraft: boolean,
): Promise<{ readonly pull: Pull; readonly isNew: boolean }> {
  const { api, owner, repo } = github
  const find = () => openPull(github, { branch, base })
  try {
    const pull = await madeOnce(
      github,
      async () => {
        const { data } = await api.rest.pulls.create({
          owner,
          repo,
          head: branch,
          base,
          title,
          body,
          draft: isDraft,
        })
        return {
          number: data.number,
          url: data.html_url,
          title,
          body,
          headSha: data.head.sha,
          isMerged: false,
        }
      },
      find,
    )
    return { pull, isNew: true }
  } catch (error) {
    if (!(error instanceof GithubError)) throw error
    if (error.status === 422 && /already exists/i.test(error.serverMessage)) {
      const pull = await find()
      if (pull !== undefined) return { pull, isNew: false }
    }
    throw explained(error, branch)
  }
}

function explained(error: GithubError, branch: string): UserError {
  if (/not permitted to create or approve/i.test(error.serverMessage))
    return new UserError(
      `The branch '${branch}' is written, but GitHub lets no workflow open pull requests here. In Settings, Actions, General, tick 'Allow GitHub Actions to create and approve pull requests' (the organization may have to allow it first), or give 'github-token' the token of an app.`,
      { cause: error },
    )
  return error
}

/** True when something of the text was not as it is wanted. */
export async function updatePull(
  { api, owner, repo }: GitHub,
  pull: Pull,
  { title, body }: PullText,
): Promise<boolean> {
  if (pull.title === title && pull.body === body) return false
  await api.rest.pulls.update({ owner, repo, pull_number: pull.number, title, body })
  return true
}

/** Closes a pull request of which nothing is left. Its state is taken away, so that the same may be proposed again. */
export async function closePull({ api, owner, repo }: GitHub, pull: Pull): Promise<void> {
  await api.rest.pulls.update({
    owner,
    repo,
    pull_number: pull.number,
    state: 'closed',
    body: bodyWith(pull.body, 'superseded'),
  })
}
