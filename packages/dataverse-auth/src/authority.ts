import { UserError } from '@dsa/user-error'
import { isLoopback, shownAddress } from '@dsa/dataverse-client'
import type { ConnectionInputs } from './credential.ts'
import { CLOUDS } from './clouds.ts'

/** Where a tenant's tokens come from, in the form that MSAL takes. */
export interface Authority {
  /** Always https for MSAL, the tenant as the path. */
  readonly url: string
  /** Host and port, for authorities that MSAL does not know. */
  readonly known: string | undefined
  /** Set for a loopback authority that speaks plain http. */
  readonly plainHost: string | undefined
  /** Endpoints as JSON, which saves MSAL the discovery that a plain loopback authority cannot give it over https. */
  readonly metadata: string | undefined
}

/**
 * The authority of the connection: the input `authority`, else the cloud's own.
 * @throws UserError when `authority` is no usable URL
 */
export function authorityOf(
  { authority, cloud }: Pick<ConnectionInputs, 'authority' | 'cloud'>,
  tenantId: string,
): Authority {
  if (authority === undefined) {
    return {
      url: `${CLOUDS[cloud].authority}/${tenantId}`,
      known: undefined,
      plainHost: undefined,
      metadata: undefined,
    }
  }
  const given = parse(authority)
  if (given.username !== '' || given.password !== '') {
    throw new UserError("'authority' must not hold a user name or password.")
  }
  const plain = given.protocol === 'http:'
  if (plain && !isLoopback(given)) {
    throw new UserError(
      `'authority' is '${shownAddress(authority)}': plain http would show the credentials. Use https.`,
    )
  }
  const tenant = given.pathname.split('/').find((segment) => segment !== '') ?? tenantId
  const url = `https://${given.host}/${tenant}`
  return {
    url,
    known: given.host,
    plainHost: plain ? given.host : undefined,
    metadata: plain ? endpoints(url) : undefined,
  }
}

function parse(authority: string): URL {
  const hint = 'It looks like https://login.microsoftonline.com.'
  try {
    const url = new URL(authority)
    if (url.protocol === 'https:' || url.protocol === 'http:') return url
  } catch {
    // The cause would quote the address with its password.
    throw new UserError(`'authority' is '${shownAddress(authority)}', which is no URL. ${hint}`)
  }
  throw new UserError(`'authority' is '${shownAddress(authority)}', which is no https URL. ${hint}`)
}

function endpoints(url: string): string {
  return JSON.stringify({
    authorization_endpoint: `${url}/oauth2/v2.0/authorize`,
    token_endpoint: `${url}/oauth2/v2.0/token`,
    issuer: `${url}/v2.0`,
    jwks_uri: `${url}/discovery/v2.0/keys`,
  })
}
