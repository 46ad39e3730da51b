import type { ActionDeps } from '@dsa/action-kit'

/** The page of the run, with the summary and the artifacts. */
export function runAddress(environment: ActionDeps['environment']): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = environment
  const address = `${server ?? ''}/${repository ?? ''}/actions/runs/${run ?? ''}`
  return /^https?:\/\/[\w.:/-]+\/actions\/runs\/\d+$/.test(address) ? address : undefined
}
