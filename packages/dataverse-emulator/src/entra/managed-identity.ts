import { json, type Incoming, type Reply } from '../http/exchange.ts'
import type { AuthorityParts } from './authority-parts.ts'
import { signJwt } from './jwt.ts'

/**
 * The token endpoints of a machine in Azure: the instance metadata service (`Metadata: true`) and App Service
 * (`X-IDENTITY-HEADER`). `client_id` chooses a user-assigned identity.
 */
export function managedIdentityToken(request: Incoming, parts: AuthorityParts): Reply {
  const isMetadataService = request.path.startsWith('/metadata/')
  const permitted = isMetadataService
    ? request.headers['metadata']?.toLowerCase() === 'true'
    : (request.headers['x-identity-header'] ?? '') !== ''
  if (!permitted)
    return failure(
      isMetadataService ? 'Required metadata header not specified' : 'The identity header is missing',
    )
  const query = new URLSearchParams(request.query)
  const clientId = query.get('client_id')?.toLowerCase()
  const identity = parts.directory.applications.find(
    (item) => item.managedIdentity && (clientId === undefined || item.appId === clientId),
  )
  if (identity === undefined) return failure('Identity not found')
  const asked = (query.get('resource') ?? '').replace(/\/+$/, '')
  const resource = parts.directory.resources().find((item) => item === asked) ?? ''
  if (resource === '') {
    return json(400, {
      error: 'invalid_resource',
      error_description: `AADSTS500011: The resource principal named ${asked} was not found in the tenant named ${parts.directory.tenantId}.`,
    })
  }
  const now = Math.floor(parts.clock.now() / 1000)
  const exp = now + parts.tokenLifetime()
  const token = signJwt(
    {
      aud: resource,
      iss: `${request.origin}/${parts.directory.tenantId}/v2.0`,
      iat: now,
      nbf: now,
      exp,
      appid: identity.appId,
      appidacr: '2',
      idtyp: 'app',
      oid: identity.objectId,
      sub: identity.objectId,
      tid: parts.directory.tenantId,
      ver: '1.0',
    },
    parts.key,
  )
  return json(200, {
    access_token: token,
    client_id: identity.appId,
    expires_in: String(exp - now),
    expires_on: String(exp),
    ext_expires_in: String(exp - now),
    not_before: String(now),
    resource: asked,
    token_type: 'Bearer',
  })
}

function failure(description: string): Reply {
  return json(400, { error: 'invalid_request', error_description: description })
}
