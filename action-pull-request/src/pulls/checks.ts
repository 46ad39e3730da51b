import { JOB_AUTHOR } from '@dsa/action-kit'

/**
 * How the checks of a pull request start, by whose token pushed to it
 * (https://docs.github.com/en/actions/concepts/security/github_token#when-github_token-triggers-workflow-runs).
 */
export function howChecksStart(
  login: string,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  if (login !== JOB_AUTHOR) return 'Its checks start by themselves.'
  const host = hostOf(environment['GITHUB_SERVER_URL'])
  return host === 'github.com' || host.endsWith('.ghe.com')
    ? "Its checks wait until a person with write access chooses 'Approve workflows to run', after each push anew. With the token of an app as 'github-token' they start at once."
    : "Its checks do not start: on Enterprise Server a push with the job's own token starts none. Give 'github-token' the token of an app."
}

function hostOf(server: string | undefined): string {
  return server !== undefined && URL.canParse(server) ? new URL(server).hostname : 'github.com'
}
