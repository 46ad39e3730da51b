import { type ActionDeps, type GitHub, GithubError } from '@dsa/action-kit'
import type { Inputs } from '../inputs.ts'
import type { Pull } from './pulls.ts'

type Wanted = Pick<Inputs, 'labels' | 'assignees' | 'reviewers' | 'teamReviewers' | 'milestone'>

/**
 * Sets labels, milestone and people of a pull request that is new; later they are people's own. One that GitHub does
 * not take is told, and the pull request stays.
 *
 * @param login of our token: GitHub lets nobody review his own pull request
 */
export async function setPeople(
  { api, owner, repo }: GitHub,
  { number }: Pull,
  wanted: Wanted,
  login: string,
  { log }: ActionDeps,
): Promise<void> {
  const { labels, assignees, milestone, teamReviewers } = wanted
  const reviewers = wanted.reviewers.filter((name) => name.toLowerCase() !== login.toLowerCase())
  const issue = { owner, repo, issue_number: number }
  const steps: readonly (readonly [what: string, isWanted: boolean, send: () => Promise<unknown>])[] = [
    [
      'labels',
      labels.length > 0,
      () => api.rest.issues.addLabels({ ...issue, labels: [...labels], request: REPEATABLE }),
    ],
    [
      'assignees',
      assignees.length > 0,
      () => api.rest.issues.addAssignees({ ...issue, assignees: [...assignees], request: REPEATABLE }),
    ],
    [
      'milestone',
      milestone !== undefined,
      () => api.rest.issues.update({ ...issue, milestone: milestone ?? null }),
    ],
    [
      'reviewers',
      reviewers.length + teamReviewers.length > 0,
      () =>
        api.rest.pulls.requestReviewers({
          owner,
          repo,
          pull_number: number,
          reviewers: [...reviewers],
          team_reviewers: [...teamReviewers],
          request: REPEATABLE,
        }),
    ],
  ]
  for (const [what, isWanted, send] of steps) {
    if (!isWanted) continue
    try {
      await send()
    } catch (error) {
      if (!(error instanceof GithubError)) throw error
      const advice =
        what === 'reviewers' && teamReviewers.length > 0
          ? " Teams need the token of an app or a person as 'github-token'."
          : ''
      log.warning(`The ${what} of #${number} could not be set. ${error.message}${advice}`)
    }
  }
}

/** What is set a second time is as it was. */
const REPEATABLE = { isRepeatable: true }
