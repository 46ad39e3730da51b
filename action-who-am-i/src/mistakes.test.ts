import { asText } from '../../packages/dataverse-emulator/src/store/value.ts'
import { UserError } from '@dsa/user-error'
import { AES256 } from '../../packages/dataverse-auth/src/testing/pfx.ts'
import { emulate, type Emulated, type EmulatedEnvironment } from '../../tests/support/emulated.ts'
import { readWith } from '../../tests/support/inputs-read.ts'
import { recordedDeps } from '../../tests/support/recorded-deps.ts'
import { readInputs } from './inputs.ts'
import { run } from './run.ts'

/**
 * Every mistake of sign-in and rights that the emulator knows. Each is told by its step, with a command or menu path that
 * mends it, and no token is in anything that the step leaves behind.
 */

const ids = {
  expired: '0a11ce00-0000-4000-8000-000000000001',
  otherSubject: '0a11ce00-0000-4000-8000-000000000002',
  otherIssuer: '0a11ce00-0000-4000-8000-000000000003',
  otherAudience: '0a11ce00-0000-4000-8000-000000000004',
  stranger: '0a11ce00-0000-4000-8000-000000000005',
  roleless: '0a11ce00-0000-4000-8000-000000000006',
  disabled: '0a11ce00-0000-4000-8000-000000000007',
  reader: '0a11ce00-0000-4000-8000-000000000008',
}
const secret = 'a-secret-that-is-long-enough-0001'
const jobSubject = 'repo:contoso@1001/orders@2001:environment:production'
const person = { userName: 'maker@contoso.example', password: 'a long pass word 0001' }

let emulated: Emulated
let environment: EmulatedEnvironment
beforeAll(async () => {
  emulated = await emulate(
    {
      oidcSubject: jobSubject,
      users: [person],
      clients: [
        { appId: ids.expired, secret, secretExpires: '2020-01-01T00:00:00Z' },
        { appId: ids.otherSubject, federatedSubject: 'repo:contoso/orders:environment:production' },
        { appId: ids.otherIssuer, federatedSubject: jobSubject, federatedIssuer: 'https://gitlab.example' },
        { appId: ids.otherAudience, federatedSubject: jobSubject, federatedAudience: 'api://other' },
        { appId: ids.stranger, secret, environments: [] },
        { appId: ids.roleless, secret, roles: [] },
        { appId: ids.disabled, secret },
        { appId: ids.reader, secret, roles: ['Basic User'] },
      ],
    },
    2,
  )
  emulated.emulator.clock.stop()
  environment = await emulated.environment()
  const { store } = emulated.emulator.environment(environment.name)
  const user = store.find('systemuser', (row) => row['applicationid'] === ids.disabled)
  store.put('systemuser', asText(user?.['systemuserid']), { ...user, isdisabled: true })
})
afterAll(async () => {
  await emulated.close()
})

interface Mistake {
  readonly inputs: () => Readonly<Record<string, string>>
  /** The job may ask GitHub for a token. */
  readonly oidc?: boolean
  readonly step: string
  /** A part of the command or menu path that mends it. */
  readonly mended: string
}

const withSecret = (appId: string) => () => ({ 'app-id': appId, 'client-secret': secret })
const byOidc = (appId: string) => () => ({ 'app-id': appId, 'client-secret': '' })

const mistakes: Readonly<Record<string, Mistake>> = {
  'no address': { inputs: () => ({ 'environment-url': ' ' }), step: 'Address', mended: 'Environment URL' },
  'the address of a portal': {
    inputs: () => ({ 'environment-url': 'https://make.powerapps.com/environments/1' }),
    step: 'Address',
    mended: 'pac admin list',
  },
  'an address without https': {
    inputs: () => ({ 'environment-url': 'http://contoso.crm4.dynamics.com' }),
    step: 'Address',
    mended: 'gh variable set DATAVERSE_URL',
  },
  'nobody at the address': {
    inputs: () => ({ 'environment-url': 'http://127.0.0.1:9' }),
    step: 'Environment answers',
    mended: 'gh variable set DATAVERSE_URL',
  },
  'no Dataverse at the address': {
    inputs: () => ({ 'environment-url': emulated.emulator.ready.github }),
    step: 'Environment answers',
    mended: 'gh variable set DATAVERSE_URL',
  },
  'no credentials': {
    inputs: () => ({ 'app-id': '', 'tenant-id': '', 'client-secret': '' }),
    step: 'Credentials',
    mended: 'gh secret list',
  },
  'two ways to sign in': {
    inputs: () => ({ 'user-name': person.userName, 'password-secret': person.password }),
    step: 'Credentials',
    mended: 'gh secret list',
  },
  'no permission for a token of GitHub': {
    inputs: byOidc(ids.otherSubject),
    step: 'Token of GitHub',
    mended: 'permissions: { id-token: write',
  },
  'another subject, in the form without ids': {
    inputs: byOidc(ids.otherSubject),
    oidc: true,
    step: 'Token of Entra',
    mended: `"subject":"${jobSubject}"`,
  },
  'another issuer': {
    inputs: byOidc(ids.otherIssuer),
    oidc: true,
    step: 'Token of Entra',
    mended: 'az ad app federated-credential create --id',
  },
  'another audience': {
    inputs: byOidc(ids.otherAudience),
    oidc: true,
    step: 'Token of Entra',
    mended: "the input 'cloud' chooses the audience",
  },
  'a wrong secret': {
    inputs: () => ({ 'client-secret': 'another-secret-0001-that-is-wrong' }),
    step: 'Token of Entra',
    mended: 'az ad app credential reset',
  },
  'a secret that has ended': {
    inputs: withSecret(ids.expired),
    step: 'Token of Entra',
    mended: 'gh secret set DATAVERSE_CLIENT_SECRET',
  },
  'a certificate that is not registered': {
    inputs: () => ({ 'client-secret': '', certificate: AES256, 'certificate-password': 'fixture-password' }),
    step: 'Token of Entra',
    mended: '--cert @certificate.pem',
  },
  'an application that does not exist': {
    inputs: () => ({ 'app-id': '0badc0de-0000-4000-8000-000000000000' }),
    step: 'Token of Entra',
    mended: 'az ad sp create --id 0badc0de-0000-4000-8000-000000000000',
  },
  'another tenant': {
    inputs: () => ({ 'tenant-id': '11111111-0000-4000-8000-000000000000' }),
    step: 'Token of Entra',
    mended: `gh variable set DATAVERSE_TENANT_ID --env NAME --body '7e4a4700-0000-4000-8000-000000000001'`,
  },
  'a tenant that is none': {
    inputs: () => ({ 'tenant-id': 'no tenant' }),
    step: 'Token of Entra',
    mended: 'gh variable set DATAVERSE_TENANT_ID',
  },
  'an environment that the tenant does not know': {
    inputs: () => ({ 'environment-url': environment.url.replace('127.0.0.1', 'localhost') }),
    step: 'Token of Entra',
    mended: 'gh variable set DATAVERSE_URL',
  },
  'a user that does not exist': {
    inputs: () => ({
      'app-id': '',
      'client-secret': '',
      'user-name': 'nobody@contoso.example',
      'password-secret': secret,
    }),
    step: 'Token of Entra',
    mended: 'gh variable set DATAVERSE_USER',
  },
  'a wrong password': {
    inputs: () => ({
      'app-id': '',
      'client-secret': '',
      'user-name': person.userName,
      'password-secret': secret,
    }),
    step: 'Token of Entra',
    mended: 'gh secret set DATAVERSE_PASSWORD',
  },
  'a managed identity where there is none': {
    inputs: () => ({
      'app-id': '',
      'client-secret': '',
      'tenant-id': '',
      'managed-identity-client-id': 'system',
    }),
    step: 'Token of Entra',
    mended: 'az vm identity assign',
  },
  'an access token that is none': {
    inputs: () => ({
      'app-id': '',
      'client-secret': '',
      'tenant-id': '',
      'access-token': 'eyJhbGciOiJub25lIn0.e30.x',
    }),
    step: 'User of the environment',
    mended: 'az account get-access-token',
  },
  'no user of the environment': {
    inputs: withSecret(ids.stranger),
    step: 'User of the environment',
    mended: `pac admin assign-user --environment`,
  },
  'a user without a role': {
    inputs: withSecret(ids.roleless),
    step: 'User of the environment',
    mended: 'Edit security roles > System Customizer',
  },
  'a user that is disabled': {
    inputs: withSecret(ids.disabled),
    step: 'User of the environment',
    mended: 'Application users > the application > Activate',
  },
  'privileges that are missing': {
    inputs: () => ({ ...withSecret(ids.reader)(), for: 'import, delete' }),
    step: 'Privileges',
    mended: 'prvImportCustomization, prvDeleteSolution',
  },
}

interface Told {
  readonly failure: string
  /** Log and summary, debug lines included. */
  readonly left: string
  readonly summary: readonly string[]
}

async function doctor({ inputs, oidc }: Pick<Mistake, 'inputs' | 'oidc'>): Promise<Told> {
  const { emulator, http } = emulated
  const { requestUrl, requestToken } = emulator.ready.oidc
  const given = readWith('action-who-am-i', readInputs, { ...environment.connection, ...inputs() })
  const { deps, lines, summary, outputs } = recordedDeps('.', emulator.clock)
  const failure = await run(given.inputs, {
    ...deps,
    fetch: http.fetch,
    environment:
      oidc === true
        ? { ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken }
        : {},
  }).then(
    () => '',
    (error: unknown) => (error instanceof UserError ? error.message : `a defect: ${String(error)}`),
  )
  return { failure, summary, left: [failure, ...lines, ...summary, JSON.stringify(outputs)].join('\n') }
}

test.each(Object.entries(mistakes))('%s: the step is named, and what mends it', async (_, mistake) => {
  const { failure, left, summary } = await doctor(mistake)
  expect(failure).toMatch(new RegExp(`^${mistake.step}: `))
  expect(failure).toContain(mistake.mended)
  expect(summary).toContainEqual(expect.stringContaining(`${mistake.step} | failed | `))
  expect(left).not.toMatch(/eyJ[\w-]{5,}/)
})

test('both forms of the subject are told where the other one was registered', async () => {
  const { left } = await doctor({ inputs: byOidc(ids.otherSubject), oidc: true })
  expect(left).toContain(`Subject ${jobSubject}`)
  expect(left).toContain('not presented repo:contoso/orders:environment:production')
})

test('there are at least fifteen of them', () => {
  expect(Object.keys(mistakes).length).toBeGreaterThanOrEqual(15)
})
