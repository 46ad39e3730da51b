import { emulatedActions } from './testing/emulated-actions.ts'
import type { EmulatedAction } from './testing/emulated-actions.ts'
import { AUTHORITY_PEM, SERVER_PFX } from './testing/private-authority.ts'

const USER = { userName: 'deployer@contoso.example', password: 'a-password-that-nobody-may-see' }

/** An application that signs in with a certificate. */
const CERTIFIED_APP = '5f1c0de5-0000-4000-8000-0000000ce471'

/** The identity of a self-hosted runner in Azure. */
const MACHINE = '5f1c0de5-0000-4000-8000-0000000a2002'

/** An application whose federated credential is for another repository. */
const OTHER_REPOSITORY = '5f1c0de5-0000-4000-8000-00000000fede'

const { act, server } = emulatedActions({
  environments: { closed: { kind: 'sandbox', roles: [] } },
  users: [USER],
  clients: [
    { appId: CERTIFIED_APP, certificate: AUTHORITY_PEM },
    { appId: MACHINE, managedIdentity: true },
    { appId: OTHER_REPOSITORY, federatedSubject: 'repo:somebody/else:ref:refs/heads/main' },
  ],
})

describe('wrong credentials and rights', () => {
  test('a wrong secret', async () => {
    const { log } = await act({ 'client-secret': 'not-the-secret-of-the-application' })
    expect(log).toMatch(/::error::Signing in failed: the 'client-secret' is wrong.*AADSTS7000215/)
  })

  test('an unknown tenant and an unknown application', async () => {
    const tenant = await act({ 'tenant-id': '99999999-0000-4000-8000-000000000009' })
    expect(tenant.log).toMatch(/::error::Signing in failed: tenant '9{8}-/)
    const app = await act({ 'app-id': '99999999-0000-4000-8000-000000000009' })
    expect(app.log).toMatch(/::error::Signing in failed: application '9{8}-.*does not exist in tenant/)
  })

  test('an application that is no user of the environment is named, with the next step (C08)', async () => {
    const { log } = await act({}, { environmentName: 'closed' })
    expect(log).toMatch(/::error::.*is not a user of this environment.*New app user/)
  })
})

test('a subject that no federated credential has is shown beside what to enter (C02, C03)', async () => {
  const { ready } = server()
  const { code, log } = await act({ 'tenant-id': ready.tenantId, 'app-id': OTHER_REPOSITORY }, { bare: true })
  expect(code).toBe(1)
  expect(log).toMatch(/AADSTS700213/)
  expect(log).toMatch(
    /Issuer \(iss\): {3}\S+%0A {2}Subject \(sub\): {2}repo:\S+%0A {2}Audience \(aud\): api:\/\/AzureADTokenExchange/,
  )
})

test('a token service with a bad minute does not fail the import (C09)', async () => {
  server().faults([
    { fault: 'status', service: 'entra', status: 503, headers: { 'retry-after': '0' }, times: 2 },
  ])
  const { code, log } = await act({})
  expect(code).toBe(0)
  expect(log).toMatch(/Token request: .*HTTP 503; attempt 2/)
})

/** A secret may stand in the runner's mask commands and nowhere else. */
function expectHidden(run: EmulatedAction, secrets: readonly string[]): void {
  const text = `${run.log}\n${run.summary}\n${JSON.stringify(run.outputs)}`
  for (const secret of secrets) expect(text).not.toContain(secret)
  // Nothing that looks like a token either, those received on the way included.
  expect(text).not.toMatch(/eyJ[\w-]{10,}\.[\w-]{10,}\./)
}
describe('no secret in any log, at debug level, of a run that works and of one that fails (C07)', () => {
  const debug = { RUNNER_DEBUG: '1', ACTIONS_STEP_DEBUG: 'true' }

  test('client secret', async () => {
    const { clientSecret } = server().ready
    expectHidden(await act({}, { environment: debug }), [clientSecret])
    const failed = await act({ 'client-secret': 'not-the-secret-of-the-application' }, { environment: debug })
    expect(failed.code).toBe(1)
    expectHidden(failed, ['not-the-secret-of-the-application'])
  })

  test('GitHub OIDC (C01)', async () => {
    const { ready } = server()
    const ids = { 'tenant-id': ready.tenantId, 'app-id': ready.appId }
    const done = await act(ids, { bare: true, environment: debug })
    expect(done.code).toBe(0)
    expectHidden(done, [ready.oidc.requestToken])
    const denied = await act(ids, { bare: true, environment: { ...debug, ACTIONS_ID_TOKEN_REQUEST_URL: '' } })
    expect(denied.log).toMatch(/id-token: write/)
    expectHidden(denied, [ready.oidc.requestToken])
  })

  test('user name with password', async () => {
    const ids = { 'tenant-id': server().ready.tenantId, 'user-name': USER.userName }
    const done = await act({ ...ids, 'password-secret': USER.password }, { bare: true, environment: debug })
    expect(done.code).toBe(0)
    expectHidden(done, [USER.password])
    const wrong = await act(
      { ...ids, 'password-secret': 'another-password-of-nobody' },
      { bare: true, environment: debug },
    )
    expect(wrong.code).toBe(1)
    expectHidden(wrong, ['another-password-of-nobody'])
  })

  test('certificate (C04)', async () => {
    const ids = { 'tenant-id': server().ready.tenantId, 'app-id': CERTIFIED_APP, certificate: SERVER_PFX }
    const password = 'fixture-password'
    const done = await act({ ...ids, 'certificate-password': password }, { bare: true, environment: debug })
    expect(done.code).toBe(0)
    expectHidden(done, [SERVER_PFX, password])
    const wrong = await act(
      { ...ids, 'certificate-password': 'not-its-password' },
      { bare: true, environment: debug },
    )
    expect(wrong.log).toMatch(
      /::error::'certificate': the PFX cannot be opened. Is 'certificate-password' right/,
    )
    expectHidden(wrong, [SERVER_PFX, 'not-its-password'])
  })

  test('managed identity (C11)', async () => {
    const machine = {
      IDENTITY_ENDPOINT: `${server().ready.authority}/msi/token`,
      IDENTITY_HEADER: 'a-header-that-nobody-may-see',
    }
    const ids = { 'managed-identity-client-id': MACHINE, authority: '' }
    const done = await act(ids, { bare: true, environment: { ...debug, ...machine } })
    expect(done.code).toBe(0)
    expectHidden(done, [machine.IDENTITY_HEADER])
    const other = await act(
      { ...ids, 'managed-identity-client-id': '99999999-0000-4000-8000-000000000009' },
      { bare: true, environment: { ...debug, ...machine } },
    )
    expect(other.log).toMatch(/::error::No token for the managed identity '9{8}-.*self-hosted runners/)
    expectHidden(other, [machine.IDENTITY_HEADER])
  })

  test('access token', async () => {
    const failed = await act(
      { 'access-token': 'a-token-that-nobody-may-see' },
      { bare: true, environment: debug },
    )
    expect(failed.code).toBe(1)
    expectHidden(failed, ['a-token-that-nobody-may-see'])
  })
})
