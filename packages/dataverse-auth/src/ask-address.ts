import { UserError } from '@dsa/user-error'
import { TransportError } from '@dsa/dataverse-client'
import { unreachable } from './connect.ts'
import { requestToken } from './token-request.ts'
import type { RequestDeps } from './token-request.ts'

/**
 * Asks an environment without a token. It refuses, and names its tenant in doing so:
 * `WWW-Authenticate: Bearer authorization_uri=https://login.microsoftonline.com/<tenant>/oauth2/authorize, …`.
 * @returns the tenant, or `undefined` where the answer does not name one
 * @throws UserError when nobody answers, or somebody who is no Dataverse
 */
export async function askAddress(environmentUrl: string, deps: RequestDeps): Promise<string | undefined> {
  try {
    const { status, headers } = await requestToken(deps, `${environmentUrl}/api/data/v9.2/WhoAmI`, {
      method: 'GET',
    })
    if (status === 401)
      return /authorization_uri="?https?:\/\/[^/]+\/([\w.-]+)/.exec(
        headers.get('www-authenticate') ?? '',
      )?.[1]
    throw new UserError(
      `${environmentUrl}: no Dataverse answers there (HTTP ${status} to a request without a token, where Dataverse says 401).`,
    )
  } catch (error) {
    if (!(error instanceof TransportError)) throw error
    throw new UserError(`${environmentUrl} cannot be reached: ${unreachable(error)}`, { cause: error })
  }
}
