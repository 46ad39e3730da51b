import { UserError } from '@dsa/user-error'
import { SignInError } from '../sign-in-error.ts'
import { requestToken } from '../token-request.ts'
import type { RequestDeps } from '../token-request.ts'

export interface OidcDeps extends RequestDeps {
  /** The environment of the job, where the runner says whom to ask. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

/**
 * Asks the runner for an OIDC token of the job. The token that the request carries goes to the runner's own address
 * only: a redirect is not followed. (The toolkit's `getIDToken` follows one, with the token.)
 * @throws UserError that names the missing permission; a job without it has no address to ask
 */
export async function githubIdToken(deps: OidcDeps, audience: string): Promise<string> {
  const address = deps.environment['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? ''
  const secret = deps.environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? ''
  if (address === '' || secret === '') throw new SignInError(NO_PERMISSION, 'no-id-token')
  const url = new URL(address)
  url.searchParams.set('audience', audience)
  const answer = await requestToken(deps, url.href, {
    method: 'GET',
    headers: { accept: 'application/json', authorization: `Bearer ${secret}` },
  })
  const token = tokenIn(answer.body)
  if (answer.status === 200 && token !== undefined) return token
  const place = answer.headers.get('location')?.split('?')[0]
  throw new UserError(
    place !== undefined && answer.status >= 300 && answer.status < 400
      ? `GitHub gave no OIDC token: ${url.host} redirects to '${place}', which is not followed, because the request's token must not travel there.`
      : `GitHub gave no OIDC token: ${url.host} answered HTTP ${answer.status}${answer.status === 200 ? ' without a token' : ''}. Run the job again.`,
  )
}

const NO_PERMISSION =
  'GitHub gave no OIDC token. The job needs `permissions: id-token: write` (with `contents: read` beside it when ' +
  'it checks out). Pull requests from forks and from Dependabot never get one. To sign in with a secret instead, give ' +
  "'client-secret'; if you meant to, it arrived empty."

function tokenIn(body: string): string | undefined {
  try {
    const answer: unknown = JSON.parse(body)
    const value: unknown =
      typeof answer === 'object' && answer !== null && 'value' in answer ? answer.value : ''
    return typeof value === 'string' && value !== '' ? value : undefined
  } catch {
    return undefined
  }
}
