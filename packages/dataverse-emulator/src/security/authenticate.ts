import type { Row } from '../store/row.ts'
import type { KeyObject } from 'node:crypto'
import { isSignedBy, parseJwt } from '../entra/jwt.ts'
import type { Environment } from '../environment.ts'
import type { Incoming, Reply } from '../http/exchange.ts'
import { refuse } from '../odata/errors.ts'

/** The token is missing or not good here; answered with an empty 401. */
export class NotAuthenticated extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'NotAuthenticated'
  }
}

/**
 * Finds the user whom a token names.
 * @throws NotAuthenticated for a missing, foreign, expired or wrongly addressed token
 * @throws ApiError 403 when the token is good and its owner is no user of the environment, disabled, or without roles
 */
export function authenticate(token: string | undefined, environment: Environment, entraKey: KeyObject): Row {
  if (token === undefined) throw new NotAuthenticated('Authorization header is missing.')
  const jwt = parseJwt(token)
  if (jwt === undefined || !isSignedBy(jwt, entraKey))
    throw new NotAuthenticated('The token signature is invalid.')
  const { aud, exp, nbf, oid, idtyp, appid } = jwt.claims
  const now = environment.clock.now() / 1000
  if (typeof aud !== 'string' || aud.replace(/\/+$/, '') !== environment.origin)
    throw new NotAuthenticated('The token audience is invalid.')
  if (typeof exp !== 'number' || exp <= now) throw new NotAuthenticated('The token is expired.')
  // The clocks of issuer and service may differ by five minutes.
  if (typeof nbf === 'number' && nbf > now + 300) throw new NotAuthenticated('The token is not yet valid.')
  const user = environment.store.find('systemuser', (row) =>
    idtyp === 'app' ? row['applicationid'] === appid : row['azureactivedirectoryobjectid'] === oid,
  )
  if (user === undefined) throw refuse('notAMember')
  if (user['isdisabled'] === true) throw refuse('userDisabled')
  const hasRole = environment.store.find(
    'systemuserroles',
    (row) => row['systemuserid'] === user['systemuserid'],
  )
  if (hasRole === undefined) throw refuse('noRoles')
  return user
}

/** 401 with an empty body; the headers tell where to get a token and for what. */
export function challenge(error: NotAuthenticated, environment: Environment, request: Incoming): Reply {
  return {
    status: 401,
    headers: {
      'WWW-Authenticate': `Bearer authorization_uri=${environment.authority}/${environment.tenantId}/oauth2/authorize, resource_id=${request.origin}/`,
      '401_error_reason': error.message,
    },
  }
}
