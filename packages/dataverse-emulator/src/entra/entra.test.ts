import { createHash, generateKeyPairSync, sign, constants, type KeyObject } from 'node:crypto'
import { isRecord } from '../http/exchange.ts'
import { selfSignedCertificate } from '../testing/self-signed-certificate.ts'
import { pick, withEmulator, type Kit } from '../testing/with-emulator.ts'
import { EXCHANGE_AUDIENCE } from './directory.ts'
import { parseJwt } from './jwt.ts'

const APP = 'aaaaaaaa-0000-4000-8000-000000000001'

async function ask(kit: Kit, fields: Readonly<Record<string, string>>, tenant = kit.emulator.ready.tenantId) {
  const response = await fetch(
    `${kit.emulator.ready.authority}/${tenant}/oauth2/v2.0/token?client-request-id=77777777-0000-4000-8000-000000000001`,
    {
      method: 'POST',
      body: new URLSearchParams({
        client_id: kit.emulator.ready.appId,
        grant_type: 'client_credentials',
        scope: `${String(kit.emulator.ready.environments['dev'])}/.default`,
        // Libraries send more than the protocol asks for.
        'x-client-SKU': 'msal.js.node',
        'x-client-last-telemetry': '5|0|||0,0',
        ...fields,
      }),
    },
  )
  const body: unknown = await response.json()
  return { status: response.status, body: isRecord(body) ? body : {} }
}

/** The refusal in short: status, OAuth error, number. */
async function refusal(kit: Kit, fields: Readonly<Record<string, string>>, tenant?: string) {
  const { status, body } = await ask(kit, fields, tenant)
  const codes: readonly unknown[] = Array.isArray(body['error_codes']) ? body['error_codes'] : []
  expect(body).toMatchObject({
    error_description: expect.stringContaining(`AADSTS${String(codes[0])}: `),
    trace_id: expect.any(String),
    correlation_id: expect.any(String),
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/),
  })
  return [status, body['error'], codes[0]]
}

function readJson(response: Response): Promise<unknown> {
  return response.json()
}

const ASSERTION = { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' }

function part(value: object) {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function assertion(header: object, claims: object, key: KeyObject): string {
  const signed = `${part(header)}.${part(claims)}`
  const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), { key, ...padding }).toString('base64url')}`
}

async function idToken(kit: Kit, audience: string = EXCHANGE_AUDIENCE): Promise<string> {
  const { requestUrl, requestToken } = kit.emulator.ready.oidc
  const response = await fetch(`${requestUrl}&audience=${encodeURIComponent(audience)}`, {
    headers: { authorization: `bearer ${requestToken}` },
  })
  const body: unknown = await response.json()
  return isRecord(body) ? String(body['value']) : ''
}

describe('client secret', () => {
  test('a good one gives a token for the environment, of the set life', () =>
    withEmulator({ tokenLifetimeSeconds: 900 }, async (kit) => {
      const { status, body } = await ask(kit, {
        client_secret: kit.emulator.ready.clientSecret,
        scope: `${String(kit.emulator.ready.environments['dev'])}/.default openid offline_access profile`,
      })
      expect([status, body['token_type'], body['expires_in'], body['ext_expires_in']]).toEqual([
        200,
        'Bearer',
        900,
        900,
      ])
      const claims = parseJwt(String(body['access_token']))?.claims
      expect(claims).toMatchObject({
        aud: kit.emulator.ready.environments['dev'],
        appid: kit.emulator.ready.appId,
        idtyp: 'app',
        tid: kit.emulator.ready.tenantId,
      })
      expect(Number(claims?.['exp']) - Number(claims?.['iat'])).toBe(900)
    }))

  test('what is wrong is told by number', () =>
    withEmulator(
      { clients: [{ appId: APP, secret: 'a-secret-that-has-ended', secretExpires: '2026-01-01T00:00:00Z' }] },
      async (kit) => {
        const good = { client_secret: kit.emulator.ready.clientSecret }
        expect(await refusal(kit, { client_secret: 'wrong' })).toEqual([401, 'invalid_client', 7000215])
        expect(await refusal(kit, { client_id: APP, client_secret: 'a-secret-that-has-ended' })).toEqual([
          401,
          'invalid_client',
          7000222,
        ])
        expect(await refusal(kit, {})).toEqual([401, 'invalid_client', 7000218])
        expect(await refusal(kit, { ...good, client_id: 'bbbbbbbb-0000-4000-8000-000000000001' })).toEqual([
          400,
          'unauthorized_client',
          700016,
        ])
        expect(await refusal(kit, good, 'cccccccc-0000-4000-8000-000000000001')).toEqual([
          400,
          'invalid_request',
          90002,
        ])
        expect(await refusal(kit, good, 'not_a_tenant')).toEqual([400, 'invalid_request', 900023])
        expect(await refusal(kit, { ...good, scope: 'https://nobody.crm4.dynamics.com/.default' })).toEqual([
          400,
          'invalid_resource',
          500011,
        ])
        expect(await refusal(kit, { ...good, scope: '' })).toEqual([400, 'invalid_request', 90014])
        expect(await refusal(kit, { ...good, scope: 'nonsense' })).toEqual([400, 'invalid_scope', 70011])
        expect(await refusal(kit, { ...good, grant_type: 'device_code' })).toEqual([
          400,
          'unsupported_grant_type',
          70003,
        ])
      },
    ))

  test('the older endpoint takes resource instead of scope; credentials may come in the header', () =>
    withEmulator({}, async (kit) => {
      const { authority, tenantId, appId, clientSecret, environments } = kit.emulator.ready
      const response = await fetch(`${authority}/${tenantId}/oauth2/token`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`${appId}:${encodeURIComponent(clientSecret)}`).toString('base64')}`,
        },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          resource: `${String(environments['dev'])}/`,
        }),
      })
      expect(response.status).toBe(200)
    }))
})

describe('certificate', () => {
  const { certificate, privateKey } = selfSignedCertificate('emulator')
  const thumbprint = (algorithm: string) =>
    createHash(algorithm)
      .update(Buffer.from(certificate.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64'))
      .digest('base64url')

  test('an assertion that the certificate signed is taken; anything off is refused', () =>
    withEmulator({ clients: [{ appId: APP, certificate: certificate }] }, async (kit) => {
      const { authority, tenantId } = kit.emulator.ready
      const now = Math.floor(kit.emulator.clock.now() / 1000)
      const header = { alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint('sha256') }
      const claims = {
        aud: `${authority}/${tenantId}/oauth2/v2.0/token`,
        iss: APP,
        sub: APP,
        jti: 'one',
        nbf: now,
        exp: now + 600,
      }
      const send = (head: object, body: object, key: KeyObject = privateKey) => ({
        client_id: APP,
        ...ASSERTION,
        client_assertion: assertion(head, body, key),
      })
      expect((await ask(kit, send(header, claims))).status).toBe(200)
      expect(
        (await ask(kit, send(header, { ...claims, aud: claims.aud.replace('http:', 'https:') }))).status,
      ).toBe(200)
      const { privateKey: stranger } = generateKeyPairSync('rsa', { modulusLength: 2048 })
      expect(await refusal(kit, send(header, claims, stranger))).toEqual([401, 'invalid_client', 700027])
      expect(await refusal(kit, send({ ...header, 'x5t#S256': 'other' }, claims))).toEqual([
        401,
        'invalid_client',
        700027,
      ])
      expect(await refusal(kit, send({ ...header, alg: 'none' }, claims))).toEqual([
        401,
        'invalid_client',
        700027,
      ])
      expect(await refusal(kit, send(header, { ...claims, aud: 'https://elsewhere.example' }))).toEqual([
        401,
        'invalid_client',
        700023,
      ])
      expect(await refusal(kit, send(header, { ...claims, exp: now - 3600 }))).toEqual([
        401,
        'invalid_client',
        700024,
      ])
      expect(await refusal(kit, { client_id: APP, ...ASSERTION, client_assertion: 'nonsense' })).toEqual([
        401,
        'invalid_grant',
        50013,
      ])
    }))
})

describe('federated credential', () => {
  test("the runner's id-token is exchanged when issuer, audience and subject match", () =>
    withEmulator(
      { clients: [{ appId: APP, federatedSubject: 'repo:contoso@1/other@2:environment:prod' }] },
      async (kit) => {
        const token = await idToken(kit)
        expect(parseJwt(token)?.claims).toMatchObject({
          iss: 'https://token.actions.githubusercontent.com',
          aud: EXCHANGE_AUDIENCE,
          sub: 'repo:contoso@1001/orders@2001:ref:refs/heads/main',
        })
        expect((await ask(kit, { ...ASSERTION, client_assertion: token })).status).toBe(200)
        expect(
          await refusal(kit, {
            ...ASSERTION,
            client_assertion: await idToken(kit, 'https://github.com/contoso'),
          }),
        ).toEqual([401, 'invalid_client', 700212])
        const other = await ask(kit, { client_id: APP, ...ASSERTION, client_assertion: token })
        expect(other.body['error_description']).toContain(
          "AADSTS700213: No matching federated identity record found for presented assertion subject 'repo:contoso@1001/orders@2001:ref:refs/heads/main'.",
        )
        const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
        const foreign = (iss: string) =>
          assertion({ alg: 'PS256', typ: 'JWT' }, { ...parseJwt(token)?.claims, iss }, privateKey)
        expect(
          await refusal(kit, { ...ASSERTION, client_assertion: foreign('https://elsewhere.example') }),
        ).toEqual([401, 'invalid_client', 700211])
        expect(
          await refusal(kit, {
            ...ASSERTION,
            client_assertion: foreign('https://token.actions.githubusercontent.com'),
          }),
        ).toEqual([401, 'invalid_grant', 50013])
        kit.emulator.clock.advance(3_600_000)
        expect(await refusal(kit, { ...ASSERTION, client_assertion: token })).toEqual([
          401,
          'invalid_client',
          700024,
        ])
      },
    ))

  test('the endpoint of the runner wants its token; its issuer publishes a key set', () =>
    withEmulator({}, async (kit) => {
      const { requestUrl } = kit.emulator.ready.oidc
      expect((await fetch(`${requestUrl}&audience=x`)).status).toBe(401)
      const origin = new URL(requestUrl).origin
      const discovery: unknown = await (await fetch(`${origin}/.well-known/openid-configuration`)).json()
      const keys: unknown = await (await fetch(String(pick(discovery, 'jwks_uri')))).json()
      expect(keys).toMatchObject({ keys: [{ kty: 'RSA', alg: 'RS256' }] })
    }))
})

describe('people and managed identities', () => {
  test('a user name with its password signs in; the application need not be known', () =>
    withEmulator(
      { users: [{ userName: 'ada@contoso.example', password: 'a-long-password-for-ada' }] },
      async (kit) => {
        const fields = {
          client_id: '51f81489-12ee-4a9e-aaae-a2591f45987d',
          grant_type: 'password',
          username: 'Ada@contoso.example',
          password: 'a-long-password-for-ada',
          scope: `${String(kit.emulator.ready.environments['dev'])}/.default openid offline_access`,
          client_info: '1',
        }
        const { status, body } = await ask(kit, fields)
        expect([status, Object.keys(body)]).toEqual([
          200,
          expect.arrayContaining(['access_token', 'id_token', 'refresh_token', 'client_info', 'scope']),
        ])
        const who = await kit.ask('dev', 'GET', 'WhoAmI', { token: String(body['access_token']) })
        const [user] = await kit.rows('dev', "systemusers?$filter=domainname eq 'ada@contoso.example'")
        expect(who.body['UserId']).toBe(user?.['systemuserid'])
        expect(await refusal(kit, { ...fields, password: 'wrong' })).toEqual([400, 'invalid_grant', 50126])
        expect(await refusal(kit, { ...fields, username: 'nobody@contoso.example' })).toEqual([
          400,
          'invalid_grant',
          50034,
        ])
      },
    ))

  test('both endpoints of a machine give tokens to its identities', () =>
    withEmulator({ clients: [{ appId: APP, managedIdentity: true }] }, async (kit) => {
      const { authority, environments } = kit.emulator.ready
      const resource = encodeURIComponent(String(environments['dev']))
      const get = async (path: string, headers: Record<string, string>) => {
        const response = await fetch(`${authority}${path}`, { headers })
        return { status: response.status, body: await readJson(response) }
      }
      const metadata = await get(
        `/metadata/identity/oauth2/token?api-version=2018-02-01&resource=${resource}&client_id=${APP}`,
        { metadata: 'true' },
      )
      expect(metadata).toMatchObject({
        status: 200,
        body: { client_id: APP, expires_in: '3599', token_type: 'Bearer' },
      })
      expect(
        (await kit.ask('dev', 'GET', 'WhoAmI', { token: String(pick(metadata.body, 'access_token')) }))
          .status,
      ).toBe(200)
      expect(
        (await get(`/msi/token?api-version=2019-08-01&resource=${resource}`, { 'x-identity-header': 'x' }))
          .status,
      ).toBe(200)
      expect((await get(`/metadata/identity/oauth2/token?resource=${resource}`, {})).status).toBe(400)
      expect(
        (
          await get(
            `/metadata/identity/oauth2/token?resource=${resource}&client_id=dddddddd-0000-4000-8000-000000000001`,
            { metadata: 'true' },
          )
        ).status,
      ).toBe(400)
    }))
})

describe('documents', () => {
  test('discovery names the endpoints of the tenant; instance discovery the host', () =>
    withEmulator({}, async (kit) => {
      const { authority, tenantId } = kit.emulator.ready
      const document: unknown = await (
        await fetch(`${authority}/${tenantId}/v2.0/.well-known/openid-configuration`)
      ).json()
      expect(document).toMatchObject({
        issuer: `${authority}/${tenantId}/v2.0`,
        token_endpoint: `${authority}/${tenantId}/oauth2/v2.0/token`,
      })
      expect(await (await fetch(String(pick(document, 'jwks_uri')))).json()).toMatchObject({
        keys: [{ kty: 'RSA' }],
      })
      const instance: unknown = await (
        await fetch(
          `${authority}/common/discovery/instance?api-version=1.1&authorization_endpoint=${authority}/${tenantId}/oauth2/v2.0/authorize`,
        )
      ).json()
      expect(pick(instance, 'tenant_discovery_endpoint')).toBe(
        `${authority}/${tenantId}/v2.0/.well-known/openid-configuration`,
      )
    }))
})
