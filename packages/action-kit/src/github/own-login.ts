import type { GitHub } from './connect.ts'
import { GithubError } from './github-error.ts'

/** Who writes with the token that every job has. */
export const JOB_AUTHOR = 'github-actions[bot]'

/** Who writes with the token. REST tells a token of a job or an app nothing about itself (`GET /user` is a 403); GraphQL does. */
export async function ownLogin({ api }: GitHub): Promise<string> {
  try {
    const { viewer } = await api.graphql<{ viewer: { login: string } }>('query { viewer { login } }')
    return viewer.login
  } catch (error) {
    // Refused: by a status, or by a list of errors in an answer that is a success.
    const isRefused =
      error instanceof GithubError
        ? !error.isUnanswered
        : error instanceof Error && error.name === 'GraphqlResponseError'
    if (isRefused) return JOB_AUTHOR
    throw error
  }
}
