import { randomUUID } from 'node:crypto'
import { json, text, type Handler, type Incoming, type Reply } from '../http/exchange.ts'
import { isGuid } from '../stable-id.ts'
import { checkAssertion } from './assertions.ts'
import { GITHUB_ISSUER, type Application, type Directory, type Person } from './directory.ts'
import { EntraError, refusal } from './errors.ts'
import { keySet, signJwt } from './jwt.ts'
import type { AuthorityParts } from './authority-parts.ts'
import { managedIdentityToken } from './managed-identity.ts'

const ALIASES = new Set(['common', 'organizations'])

/** The token endpoint of the tenant and the documents around it, as at login.microsoftonline.com. */
export function createAuthority(parts: AuthorityParts): Handler {
  return (request) => {
    const path = request.path
    if (path === '/common/discovery/instance') return instanceDiscovery(request)
    if (path === '/metadata/identity/oauth2/token' || path === '/msi/token')
      return managedIdentityToken(request, parts)
    const [, tenant = '', rest = ''] = /^\/([^/]+)\/(.+)$/.exec(path) ?? []
    const correlationId = request.headers['client-request-id'] ?? randomUUID()
    try {
      if (/^(v2\.0\/)?\.well-known\/openid-configuration$/.test(rest)) {
        return json(200, discovery(request.origin, checkTenant(tenant, parts.directory)))
      }
      if (/^discovery\/(v2\.0\/)?keys$/.test(rest)) return json(200, keySet(parts.key))
      if (rest.startsWith('userrealm/'))
        return json(200, { ver: '1.0', account_type: 'Managed', cloud_instance_name: 'microsoftonline.com' })
      if (/^oauth2\/(v2\.0\/)?token$/.test(rest) && request.method === 'POST') {
        checkTenant(tenant, parts.directory)
        return json(200, issue(request, parts), { 'Cache-Control': 'no-store, no-cache', Pragma: 'no-cache' })
      }
    } catch (error) {
      if (error instanceof EntraError) return refusal(error, parts.clock.now(), correlationId, randomUUID())
      throw error
    }
    return json(404, { error: 'not_found', error_description: 'No such endpoint.' })
  }
}

function checkTenant(tenant: string, directory: Directory): string {
  if (tenant.toLowerCase() === directory.tenantId || ALIASES.has(tenant)) return directory.tenantId
  if (isGuid(tenant) || /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(tenant)) throw new EntraError(90002, tenant)
  throw new EntraError(900023, tenant)
}

function discovery(origin: string, tenantId: string): object {
  const base = `${origin}/${tenantId}`
  return {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: `${base}/v2.0`,
    request_uri_parameter_supported: false,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'tid', 'oid'],
    tenant_region_scope: 'EU',
    cloud_instance_name: 'microsoftonline.com',
  }
}

/** Some libraries ask which hosts are one cloud before they trust an authority. */
function instanceDiscovery(request: Incoming): Reply {
  const host = new URL(request.origin).host
  const asked = new URLSearchParams(request.query).get('authorization_endpoint') ?? request.origin
  const tenant = /^https?:\/\/[^/]+\/([^/]+)/.exec(asked)?.[1] ?? 'common'
  return json(200, {
    tenant_discovery_endpoint: `${request.origin}/${tenant}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  })
}

/** Who asks, proven. */
interface Caller {
  readonly application: Application
  readonly person?: Person
}

function issue(request: Incoming, parts: AuthorityParts): object {
  const form = new URLSearchParams(text(request))
  const grant = required(form, 'grant_type')
  const caller = authenticate(grant, form, request, parts)
  const { resource, words } = requestedResource(form, parts.directory)
  const now = Math.floor(parts.clock.now() / 1000)
  const lifetime = parts.tokenLifetime()
  const identity = identityClaims(caller, parts.directory.tenantId)
  const times = { iat: now, nbf: now, exp: now + lifetime }
  const issuer = `${request.origin}/${parts.directory.tenantId}/v2.0`
  const scp = caller.person === undefined ? {} : { scp: 'user_impersonation' }
  const token = signJwt({ aud: resource, iss: issuer, ...times, ...identity, ...scp, ver: '1.0' }, parts.key)
  return {
    token_type: 'Bearer',
    ...(caller.person === undefined ? {} : { scope: `${resource}/user_impersonation ${resource}/.default` }),
    expires_in: lifetime,
    ext_expires_in: lifetime,
    access_token: token,
    ...(words.includes('openid') && caller.person !== undefined
      ? {
          id_token: signJwt(
            { aud: caller.application.appId, iss: issuer, ...times, ...identity, ver: '2.0' },
            parts.key,
          ),
        }
      : {}),
    ...(words.includes('offline_access') && caller.person !== undefined
      ? { refresh_token: `emulated-refresh-token-${randomUUID()}` }
      : {}),
    ...(form.get('client_info') === '1' && caller.person !== undefined
      ? { client_info: clientInfo(caller.person, parts.directory.tenantId) }
      : {}),
  }
}

function authenticate(
  grant: string,
  form: URLSearchParams,
  request: Incoming,
  parts: AuthorityParts,
): Caller {
  const { directory, clock } = parts
  const basic = basicCredentials(request)
  const appId = (basic?.id ?? required(form, 'client_id')).toLowerCase()
  const application = directory.applications.find((item) => item.appId === appId)
  if (grant === 'password') return passwordGrant(form, application, appId, directory)
  if (application === undefined) throw new EntraError(700016, appId, directory.tenantId)
  if (grant !== 'client_credentials') throw new EntraError(70003, grant)
  const secret = basic?.secret ?? form.get('client_secret')
  const assertion = form.get('client_assertion')
  if (secret !== null && secret !== '') {
    if (application.secret !== secret) throw new EntraError(7000215, application.appId)
    if ((application.secretExpires ?? Infinity) <= clock.now())
      throw new EntraError(7000222, application.appId)
    return { application }
  }
  if (assertion === null || assertion === '') throw new EntraError(7000218)
  const base = `${request.origin}/${directory.tenantId}`
  const named = [`${base}/oauth2/v2.0/token`, `${base}/oauth2/token`, `${base}/v2.0`, base, `${base}/`]
  checkAssertion(assertion, application, {
    nowMs: clock.now(),
    // Libraries that insist on https sign for it even where a loopback authority is reached by http.
    audiences: named.flatMap((item) => [item, item.replace(/^http:/, 'https:')]),
    issuerKeys: new Map([
      [GITHUB_ISSUER, parts.githubKey.publicKey],
      [`${base}/v2.0`, parts.key.publicKey],
    ]),
  })
  return { application }
}

function passwordGrant(
  form: URLSearchParams,
  application: Application | undefined,
  appId: string,
  directory: Directory,
): Caller {
  const userName = required(form, 'username')
  const password = required(form, 'password')
  const person = directory.people.find((item) => item.userName.toLowerCase() === userName.toLowerCase())
  if (person === undefined) throw new EntraError(50034, userName, directory.tenantId)
  if (person.password !== password) throw new EntraError(50126)
  // People sign in through any client, Microsoft's own included, which no tenant has to register.
  return {
    application: application ?? {
      appId,
      name: 'public client',
      objectId: '',
      federated: [],
      managedIdentity: false,
    },
    person,
  }
}

function requestedResource(
  form: URLSearchParams,
  directory: Directory,
): { resource: string; words: readonly string[] } {
  const words = (form.get('scope') ?? '').split(/\s+/).filter((word) => word !== '')
  const named = form.get('resource') ?? words.find((word) => word.includes('://'))
  if (named === undefined)
    throw words.length === 0 ? new EntraError(90014, 'scope') : new EntraError(70011, words.join(' '))
  const resource = named.replace(/\/(\.default|user_impersonation)$/, '').replace(/\/+$/, '')
  const known = directory.resources().find((item) => item.toLowerCase() === resource.toLowerCase())
  if (known === undefined) throw new EntraError(500011, resource, directory.tenantId)
  if (form.get('resource') === null && !/\/(\.default|user_impersonation)$/.test(named))
    throw new EntraError(70011, named)
  return { resource: known, words }
}

function identityClaims({ application, person }: Caller, tenantId: string): object {
  if (person === undefined) {
    return {
      appid: application.appId,
      appidacr: '1',
      idtyp: 'app',
      oid: application.objectId,
      sub: application.objectId,
      tid: tenantId,
    }
  }
  return {
    appid: application.appId,
    appidacr: '0',
    oid: person.objectId,
    sub: person.objectId,
    tid: tenantId,
    upn: person.userName,
    preferred_username: person.userName,
    name: person.userName,
  }
}

function clientInfo(person: Person, tenantId: string): string {
  return Buffer.from(JSON.stringify({ uid: person.objectId, utid: tenantId })).toString('base64url')
}

function required(form: URLSearchParams, name: string): string {
  const value = form.get(name)
  if (value === null || value === '') throw new EntraError(90014, name)
  return value
}

function basicCredentials(request: Incoming): { id: string; secret: string } | undefined {
  const encoded = /^basic +(\S+)$/i.exec(request.headers['authorization'] ?? '')?.[1]
  if (encoded === undefined) return undefined
  const [id = '', secret = ''] = Buffer.from(encoded, 'base64').toString().split(':').map(decodeURIComponent)
  return { id, secret }
}
