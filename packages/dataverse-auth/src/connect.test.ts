import { inspect } from 'node:util'
import { UserError } from '@dsa/user-error'
import { generateKeyPairSync } from 'node:crypto'
import { TransportError } from '@dsa/dataverse-client'
import type { HttpResponse } from '@dsa/dataverse-client'
import { readCertificate } from './certificate/certificate.ts'
import type { ConnectDeps } from './connect.ts'
import { connect } from './connect.ts'
import type { ConnectionInputs } from './credential.ts'
import { AES256, FINGERPRINT } from './testing/pfx.ts'

interface Asked {
  readonly method: string
  readonly url: string
  readonly body: string
  readonly authorization: string | undefined
}

interface Reply {
  readonly status?: number
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

/** An Entra and a Dataverse in one function: each request is recorded and answered by `reply`. */
function world(reply: (asked: Asked) => Reply | Error, claims: object = {}) {
  const asked: Asked[] = []
  const masked: string[] = []
  const waits: number[] = []
  let now = Date.UTC(2026, 0, 1)
  const idTokens = { count: 0, audiences: [] as string[] }
  const runner = (url: string, authorization: string | undefined) => {
    idTokens.count++
    const audience = new URL(url).searchParams.get('audience') ?? ''
    idTokens.audiences.push(audience)
    expect(authorization).toBe('Bearer request-token')
    const iss = 'https://token.actions.githubusercontent.com'
    return response({
      body: { value: jwt({ iss, sub: `repo:o/r:run:${idTokens.count}`, aud: audience, ...claims }) },
    })
  }
  const deps: ConnectDeps = {
    async fetch(url, init = {}) {
      if (String(url).startsWith(OIDC)) return runner(String(url), init.headers?.['authorization'])
      const one = {
        method: init.method ?? 'GET',
        url: String(url),
        body: typeof init.body === 'string' ? init.body : '',
        authorization: init.headers?.['authorization'],
      }
      asked.push(one)
      const answer = reply(one)
      if (answer instanceof Error) throw answer
      return response(answer)
    },
    clock: () => now,
    sleep: async (ms) => {
      waits.push(ms)
      now += ms
    },
    signal: new AbortController().signal,
    log: { debug() {}, info() {}, notice() {}, warning() {}, error() {} },
    environment: {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${OIDC}?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
    },
    addMask: (secret) => void masked.push(secret),
    random: () => 1,
    timeoutSignal: () => new AbortController().signal,
  }
  return { deps, asked, masked, waits, idTokens, advance: (ms: number) => void (now += ms) }
}

function response(answer: Reply): HttpResponse {
  const text = answer.body === undefined ? '' : JSON.stringify(answer.body)
  const headers: Record<string, string> = { 'content-type': 'application/json', ...answer.headers }
  return {
    status: answer.status ?? 200,
    headers: { get: (name: string) => headers[name.toLowerCase()] ?? null },
    text: async () => text,
    async *chunks() {
      yield Buffer.from(text)
    },
  }
}

function jwt(claims: object): string {
  return ['{"alg":"RS256"}', JSON.stringify(claims), 'signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.')
}

const AUTHORITY = 'http://127.0.0.1:4711'
const OIDC = 'http://127.0.0.1:4713/token'
const ENVIRONMENT = 'http://127.0.0.1:4712'
const base: ConnectionInputs = {
  environmentUrl: ENVIRONMENT,
  tenantId: '11111111-0000-0000-0000-000000000001',
  appId: '22222222-0000-0000-0000-000000000002',
  cloud: 'Public',
  authority: AUTHORITY,
}
const ME = { UserId: 'u', BusinessUnitId: 'b', OrganizationId: 'o' }
function token(name: string, seconds = 3599): Reply {
  return {
    body: { token_type: 'Bearer', expires_in: seconds, ext_expires_in: seconds, access_token: name },
  }
}
function entra(code: number, words: string, status = 401): Reply {
  return {
    status,
    body: {
      error: 'invalid_client',
      error_description: `AADSTS${code}: ${words} Trace ID: x`,
      error_codes: [code],
    },
  }
}
function isToken({ url }: Asked): boolean {
  return url.includes('/oauth2/v2.0/token')
}

test('a client secret is exchanged at the given authority and the token goes to the environment only', async () => {
  const { deps, asked, masked } = world((request) => (isToken(request) ? token('token-1') : { body: ME }))
  await connect({ ...base, clientSecret: 'a-long-client-secret' }, deps)
  expect(asked.map(({ method, url }) => `${method} ${url.split('?')[0]}`)).toEqual([
    `POST ${AUTHORITY}/${base.tenantId}/oauth2/v2.0/token`,
    `GET ${ENVIRONMENT}/api/data/v9.2/WhoAmI`,
  ])
  const form = new URLSearchParams(asked[0]?.body)
  expect(form.get('client_secret')).toBe('a-long-client-secret')
  expect(form.get('scope')).toContain(`${ENVIRONMENT}/.default`)
  expect(asked.map((request) => request.authorization)).toEqual([undefined, 'Bearer token-1'])
  expect(masked).toEqual(['token-1'])
})

test('with application and tenant alone the GitHub token is the proof, asked anew for each token', async () => {
  const { deps, asked, idTokens, masked, advance } = world((request) =>
    isToken(request) ? token('token', 600) : { body: ME },
  )
  const client = await connect(base, deps)
  advance(590_000)
  await client.get('solutions')
  expect(idTokens.audiences).toEqual(['api://AzureADTokenExchange', 'api://AzureADTokenExchange'])
  const assertions = asked
    .filter(isToken)
    .map(({ body }) => new URLSearchParams(body).get('client_assertion'))
  expect(new Set(assertions).size).toBe(2)
  expect(masked).toEqual(expect.arrayContaining(assertions))
})

test.each([
  ['UsGovHigh', 'api://AzureADTokenExchangeUSGov'],
  ['China', 'api://AzureADTokenExchangeChina'],
] as const)('in %s the GitHub token is asked for with the audience %s', async (cloud, audience) => {
  const { deps, idTokens } = world((request) => (isToken(request) ? token('token') : { body: ME }))
  await connect({ ...base, cloud }, deps)
  expect(idTokens.audiences).toEqual([audience])
})

test('an unknown subject shows issuer, subject and audience of the presented token, and never the token', async () => {
  const { deps } = world(() => entra(700213, "No matching federated identity record found for subject 'x'."))
  const failure = await connect(base, deps).then(String, String)
  expect(failure).toContain('Subject (sub):  repo:o/r:run:1')
  expect(failure).toContain('Issuer (iss):   https://token.actions.githubusercontent.com')
  expect(failure).toContain('Audience (aud): api://AzureADTokenExchange')
  expect(failure).not.toContain(Buffer.from('signature').toString('base64url'))
})

test('a missing permission for the OIDC token is named', async () => {
  const { deps } = world(() => token('never'))
  await expect(connect(base, { ...deps, environment: {} })).rejects.toThrow(/permissions: id-token: write/)
})

test('the request for the OIDC token is not sent to where the runner redirects', async () => {
  const { deps } = world(() => token('never'))
  const seen: string[] = []
  const fetch: ConnectDeps['fetch'] = async (url) => {
    seen.push(String(url))
    return response({ status: 307, headers: { location: 'https://evil.example/token?x=1' } })
  }
  await expect(connect(base, { ...deps, fetch })).rejects.toThrow(
    /redirects to 'https:\/\/evil\.example\/token', which is not followed/,
  )
  expect(seen).toEqual([`${OIDC}?api-version=2.0&audience=api%3A%2F%2FAzureADTokenExchange`])
})

describe('the credential to create', () => {
  const failing = async (claims: object, code = 700213): Promise<string> =>
    connect(base, world(() => entra(code, 'No matching record.'), claims).deps).then(String, String)

  test('is a command with exactly the claims that were presented', async () => {
    const failure = await failing({ sub: "repo:o/r:environment:Bob's" })
    const parameters = {
      name: 'github-repo-o-r-environment-Bob-s',
      issuer: 'https://token.actions.githubusercontent.com',
      subject: "repo:o/r:environment:Bob'\\''s",
      audiences: ['api://AzureADTokenExchange'],
    }
    expect(failure).toContain(
      `az ad app federated-credential create --id '${base.appId}' --parameters '${JSON.stringify(parameters).replace('\\\\', '\\')}'`,
    )
  })

  test.each([
    [
      'repo:o@1/r@22:ref:refs/heads/main',
      {},
      "'repo:o/r:ref:refs/heads/main' is for the same job in the older form",
    ],
    [
      'repo:o/r:ref:refs/heads/main',
      { repository_owner_id: '1', repository_id: '22' },
      "'repo:o@1/r@22:ref:refs/heads/main' is for the same job in the newer form",
    ],
  ])('%s names the form that does not match', async (sub, ids, words) => {
    const failure = await failing({ sub, ...ids })
    expect(failure).toContain(`"subject":"${sub}"`)
    expect(failure).toContain(words)
  })

  test('is not offered where the application itself does not exist', async () => {
    const failure = await failing({}, 700016)
    expect(failure).toContain('Subject (sub):  repo:o/r:run:1')
    expect(failure).not.toContain('az ad app')
  })
})

test('what the library writes around the words of Entra is left out', async () => {
  const { deps } = world(() => ({
    status: 401,
    body: {
      error: 'invalid_client',
      error_description:
        'AADSTS7000215: Invalid client secret provided. Trace ID: 1234 Correlation ID: 5678 Timestamp: 2026-01-01 00:00:00Z',
      error_codes: [7000215],
      correlation_id: '5678',
      trace_id: '1234',
      timestamp: '2026-01-01 00:00:00Z',
    },
  }))
  const failure = await connect({ ...base, clientSecret: 'secret-secret' }, deps).then(String, String)
  expect(failure).toMatch(/Entra says: AADSTS7000215: Invalid client secret provided\. Trace ID: 1234$/)
})

test.each([
  ['<', 300_000],
  [' ', 300_000],
  ['AADSTS', 50_000],
])('a description of nothing but %j is read in no time', async (text, count) => {
  const { deps } = world(() => ({
    status: 401,
    body: { error: 'invalid_client', error_description: text.repeat(count), error_codes: [] },
  }))
  const started = performance.now()
  const failure = await connect({ ...base, clientSecret: 'secret-secret' }, deps).then(String, String)
  expect(failure.length).toBeLessThan(10_000)
  expect(performance.now() - started).toBeLessThan(20_000)
})

test('a defect of ours is not told as a failure to sign in', async () => {
  const { deps } = world(() => ({ body: ME }))
  const fetch: ConnectDeps['fetch'] = async () => {
    throw new TypeError('x is not a function')
  }
  const failure: unknown = await connect(
    { ...base, clientSecret: 'secret-secret' },
    { ...deps, fetch },
  ).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(TypeError)
})

test.each([
  'ftp://user:hush-hush@login.example',
  'https://user:hush-hush@login.example',
  'http://user:hush-hush@login.example',
  'user:hush-hush@login.example',
  'https://user:hush/hush-hush@login.example',
])('the authority %s is refused without its password', async (authority) => {
  const { deps } = world(() => token('never'))
  const failure: unknown = await connect({ ...base, clientSecret: 's', authority }, deps).catch(
    (error: unknown) => error,
  )
  expect(failure).toBeInstanceOf(UserError)
  expect(inspect(failure, { depth: 9, showHidden: true })).not.toContain('hush-hush@')
  expect(String(failure)).toContain("'authority'")
})

test.each([
  [7000215, /secret's ID was pasted/],
  [7000222, /has expired/],
  [700016, /'app-id'.*does not exist in tenant/],
  [90002, /'tenant-id'.*was not found/],
  [500011, /'environment-url' is wrong/],
  [53003, /Conditional Access/],
])('AADSTS%i is explained', async (code, words) => {
  const { deps } = world(() => entra(code, 'words of Entra.', 400))
  await expect(connect({ ...base, clientSecret: 'secret-secret' }, deps)).rejects.toThrow(words)
})

test('a token service with a bad minute is asked again, past the memory that MSAL has for failures', async () => {
  let failures = 3
  const { deps, waits } = world((request) => {
    if (!isToken(request)) return { body: ME }
    return failures-- > 0 ? { status: 503, headers: { 'retry-after': '7' }, body: {} } : token('token')
  })
  await connect({ ...base, clientSecret: 'secret-secret' }, deps)
  expect(waits).toEqual([7_000, 7_000, 7_000])
})

test('a token service that never answers is named, with what to check', async () => {
  const { deps, waits } = world(
    () => new TransportError('No answer from 127.0.0.1:4711.', { code: 'ECONNREFUSED', neverSent: true }),
  )
  await expect(connect({ ...base, clientSecret: 'secret-secret' }, deps)).rejects.toThrow(
    /Signing in failed: No answer from 127\.0\.0\.1:4711\. Check 'cloud' and 'authority'/,
  )
  expect(waits).toHaveLength(5)
})

test('tokens are renewed before their end, and requests of one moment share one acquisition', async () => {
  const { deps, asked, advance } = world((request) => (isToken(request) ? token('token', 600) : { body: ME }))
  const client = await connect({ ...base, clientSecret: 'secret-secret' }, deps)
  advance(500_000)
  await Promise.all([client.get('a'), client.get('b'), client.get('c')])
  expect(asked.filter(isToken)).toHaveLength(2)
  await client.get('d')
  expect(asked.filter(isToken)).toHaveLength(2)
})

test('a token service that is down does not stop requests while the old token is still good', async () => {
  let down = false
  const { deps, advance } = world((request) => {
    if (!isToken(request)) return { body: ME }
    return down ? entra(900, 'down', 400) : token('token', 3_600)
  })
  const client = await connect({ ...base, clientSecret: 'secret-secret' }, deps)
  down = true
  advance(3_400_000)
  await expect(client.get('solutions')).resolves.toEqual(ME)
  advance(300_000)
  await expect(client.get('solutions')).rejects.toThrow(/Signing in failed/)
})

test('a 401 brings one fresh token, and a second 401 the end', async () => {
  const { deps, asked } = world((request) =>
    isToken(request) ? token('token') : { status: 401, headers: { '401_error_reason': 'Expired' } },
  )
  await expect(connect({ ...base, clientSecret: 'secret-secret' }, deps)).rejects.toThrow(
    /'cloud' the right one/,
  )
  expect(asked.filter(isToken)).toHaveLength(2)
  expect(asked.filter((request) => !isToken(request))).toHaveLength(2)
})

test.each([
  [
    {
      status: 403,
      body: { error: { code: '0x80072560', message: 'The user is not a member of the organization.' } },
    },
    /Application users, New app user/,
  ],
  [
    {
      status: 403,
      body: { error: { code: '0x80042f09', message: 'The user has not been assigned any roles.' } },
    },
    /no security role/,
  ],
  [{ status: 404, headers: { 'content-type': 'text/html' } }, /no Dataverse answers there/],
  [
    { status: 302, headers: { location: 'https://elsewhere.example/?token=1' } },
    /no Dataverse answers there/,
  ],
])('a refusal of the environment is explained', async (reply, words) => {
  const { deps, asked } = world((request) => (isToken(request) ? token('token') : reply))
  await expect(connect({ ...base, clientSecret: 'secret-secret' }, deps)).rejects.toThrow(words)
  expect(asked.filter((request) => !isToken(request))).toHaveLength(1)
})

test('a user name with a password uses the password grant and warns', async () => {
  const warnings: string[] = []
  const { deps, asked } = world((request) => (isToken(request) ? token('token') : { body: ME }))
  const inputs = {
    environmentUrl: ENVIRONMENT,
    authority: AUTHORITY,
    cloud: 'Public' as const,
    userName: 'me@contoso.com',
    passwordSecret: 'long-password',
  }
  await connect(inputs, { ...deps, log: { ...deps.log, warning: (words) => void warnings.push(words) } })
  const form = new URLSearchParams(asked[0]?.body)
  expect([form.get('grant_type'), form.get('username'), form.get('password')]).toEqual([
    'password',
    'me@contoso.com',
    'long-password',
  ])
  expect(warnings.join()).toContain('second factor')
})

test('a ready token is used as it is, and says so when it ends', async () => {
  let valid = true
  const { deps, asked } = world(() => (valid ? { body: ME } : { status: 401 }))
  const client = await connect(
    { environmentUrl: ENVIRONMENT, cloud: 'Public', accessToken: 'ready-made-token' },
    deps,
  )
  expect(asked.map((request) => request.authorization)).toEqual(['Bearer ready-made-token'])
  valid = false
  await expect(client.get('solutions')).rejects.toThrow(/'access-token' was refused/)
})

test('PEM without a certificate, and a key alone, are named', async () => {
  const { deps, asked } = world(() => token('never'))
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString()
  await expect(connect({ ...base, certificate: key }, deps)).rejects.toThrow(/no CERTIFICATE block/)
  expect(asked).toEqual([])
})

test('a certificate signs an assertion that names it by its SHA-256', async () => {
  const { deps, asked } = world((request) => (isToken(request) ? token('token') : { body: ME }))
  await connect({ ...base, certificate: AES256, certificatePassword: 'fixture-password' }, deps)
  const assertion = new URLSearchParams(asked[0]?.body).get('client_assertion') ?? ''
  const header: unknown = JSON.parse(Buffer.from(assertion.split('.')[0] ?? '', 'base64url').toString())
  expect(header).toMatchObject({
    alg: 'PS256',
    'x5t#S256': Buffer.from(FINGERPRINT, 'hex').toString('base64url'),
  })
  expect(new URLSearchParams(asked[0]?.body).get('client_secret')).toBeNull()
})

test('the private key that was in a PFX is masked once, before it is used', async () => {
  const { privateKey } = await readCertificate(AES256, 'fixture-password')
  const maskedBefore: (readonly string[])[] = []
  const { deps, masked, advance } = world((request) => {
    if (!isToken(request)) return { body: ME }
    maskedBefore.push([...masked])
    return token(`token-${maskedBefore.length}`, 600)
  })
  const client = await connect(
    { ...base, certificate: AES256, certificatePassword: 'fixture-password' },
    deps,
  )
  advance(900_000)
  await client.get('solutions')
  expect(maskedBefore).toEqual([[privateKey], [privateKey, 'token-1']])
})

test('a managed identity is asked for at the machine, by the resource', async () => {
  const { deps, asked } = world(({ url }) =>
    url.includes('169.254.169.254') ? token('identity-token', 86_400) : { body: ME },
  )
  await connect({ environmentUrl: ENVIRONMENT, cloud: 'Public', managedIdentityClientId: 'identity-1' }, deps)
  const url = new URL(asked.find((request) => request.url.includes('169.254.169.254'))?.url ?? '')
  expect(url.searchParams.get('resource')).toBe(ENVIRONMENT)
  expect(url.searchParams.get('client_id')).toBe('identity-1')
  expect(asked.at(-1)?.authorization).toBe('Bearer identity-token')
})
