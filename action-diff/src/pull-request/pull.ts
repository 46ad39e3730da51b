import { type ActionDeps, connectToGithub, type GitHub, GithubError } from '@dsa/action-kit'
import type { EventPull } from './event.ts'

/** The pull request of the job, and what GitHub says of it by now. */
export interface Pull {
  readonly event: EventPull
  /** GitHub is not asked before the first need of it. */
  readonly github: () => Promise<GitHub>
  /** What may have changed since the job began: a re-run gets the event of the first run. */
  readonly now: () => Promise<PullNow>
}

interface PullNow {
  readonly labels: readonly string[]
  readonly headSha: string
}

export function openPull(event: EventPull, token: string, deps: ActionDeps): Pull {
  let connected: Promise<GitHub> | undefined
  let asked: Promise<PullNow> | undefined
  const github = () => (connected ??= connectToGithub(token, deps))
  return { event, github, now: () => (asked ??= look(event, github, deps)) }
}

/** Where GitHub does not tell, the event of the job stands. */
async function look(event: EventPull, connect: Pull['github'], { log }: ActionDeps): Promise<PullNow> {
  try {
    const { api, owner, repo } = await connect()
    const { data } = await api.rest.pulls.get({ owner, repo, pull_number: event.number })
    return { labels: data.labels.map(({ name }) => name), headSha: data.head.sha }
  } catch (error) {
    if (!(error instanceof GithubError)) throw error
    log.info(`The pull request is taken as it was when the job began. ${error.message}`)
    return event
  }
}
