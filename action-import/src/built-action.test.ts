import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmulator } from '@dsa/dataverse-emulator'
import type { Emulator, LoggedRequest } from '@dsa/dataverse-emulator'
import { runBuiltAction } from './built-action.ts'
import type { ActionOptions, ActionRun } from './built-action.ts'
import { AUTHORITY_PEM, SERVER_PFX } from './private-authority.fixture.ts'
import { solutionArchive } from './scripted-environment.ts'

const USER = { userName: 'deployer@contoso.example', password: 'a-password-that-nobody-may-see' }

/** An application that signs in with a certificate. */
const CERTIFIED_APP = '5f1c0de5-0000-4000-8000-0000000ce471'

/** The identity of a self-hosted runner in Azure. */
const MACHINE = '5f1c0de5-0000-4000-8000-0000000a2002'

let emulator: Emulator | undefined
let workspace = ''
let next = 0

beforeAll(async () => {
  const kinds = Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => [`e${index}`, { kind: 'sandbox' as const }]),
  )
  emulator = await startEmulator({
    environments: { ...kinds, production: { kind: 'production' }, closed: { kind: 'sandbox', roles: [] } },
    users: [USER],
    clients: [
      { appId: CERTIFIED_APP, certificate: AUTHORITY_PEM },
      { appId: MACHINE, managedIdentity: true },
    ],
  })
  workspace = await mkdtemp(join(tmpdir(), 'workspace-'))
  const archives = {
    'core.zip': { version: '1.1.0.0' },
    'old.zip': { version: '1.0.0.0' },
    'unmanaged.zip': { managed: false },
  }
  for (const [name, spec] of Object.entries(archives))
    await writeFile(join(workspace, name), await solutionArchive(spec))
  await writeFile(join(workspace, 'broken.zip'), 'PK')
})

afterAll(async () => {
  await emulator?.close()
  await rm(workspace, { recursive: true, force: true })
})

const server = (): Emulator => {
  if (emulator === undefined) throw new Error('The emulator does not run.')
  return emulator
}

interface Done extends ActionRun {
  readonly environment: string
  readonly requests: readonly LoggedRequest[]
}

/** Runs the built action in a fresh environment, with the application's secret unless the inputs say otherwise. */
const act = async (
  inputs: Readonly<Record<string, string>>,
  more: Omit<Partial<ActionOptions>, 'inputs'> & {
    readonly environmentName?: string
    readonly bare?: boolean
  } = {},
): Promise<Done> => {
  const { ready } = server()
  const environment = more.environmentName ?? `e${next++}`
  const connection = {
    'environment-url': ready.environments[environment] ?? '',
    authority: ready.authority,
    ...(more.bare !== true && {
      'tenant-id': ready.tenantId,
      'app-id': ready.appId,
      'client-secret': ready.clientSecret,
    }),
  }
  const first = server().requests().length
  const run = await runBuiltAction({
    workspace,
    ...more,
    inputs: { 'solution-file': 'core.zip', ...connection, ...inputs },
    environment: {
      ACTIONS_ID_TOKEN_REQUEST_URL: ready.oidc.requestUrl,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: ready.oidc.requestToken,
      ...more.environment,
    },
  })
  const requests = server().requests().slice(first)
  return { ...run, environment, requests: requests.filter((request) => request.service !== 'admin') }
}

const bodyOf = ({ requests }: Done, action: string): unknown =>
  requests.find(({ method, path }) => method === 'POST' && path.endsWith(`/${action}`))?.body

const seeded = async (spec: Parameters<typeof solutionArchive>[0]): Promise<{ environmentName: string }> => {
  const environmentName = `e${next++}`
  server().seed(environmentName, { source: 'before', archive: await solutionArchive(spec) })
  return { environmentName }
}

describe('every official input has its official effect', () => {
  test('none: the defaults', async () => {
    const done = await act({})
    expect(done.code).toBe(0)
    expect(bodyOf(done, 'ImportSolutionAsync')).toMatchObject({
      OverwriteUnmanagedCustomizations: false,
      PublishWorkflows: true,
    })
    expect(done.outputs).toMatchObject({
      decision: 'install',
      changed: 'true',
      version: '1.1.0.0',
      'import-status': 'succeeded',
    })
    expect(done.outputs['import-job-id']).toMatch(/^[0-9a-f-]{36}$/)
  })

  test.each([
    [{ 'activate-plugins': 'False' }, { PublishWorkflows: false }],
    [{ 'force-overwrite': 'TRUE' }, { OverwriteUnmanagedCustomizations: true }],
    [{ 'skip-dependency-check': 'true' }, { SkipProductUpdateDependencies: true }],
  ])('%j', async (inputs, expected) => {
    expect(bodyOf(await act(inputs), 'ImportSolutionAsync')).toMatchObject(expected)
  })

  test('import-as-holding', async () => {
    const done = await act({ 'import-as-holding': 'true' }, await seeded({ version: '1.0.0.0' }))
    expect(bodyOf(done, 'ImportSolutionAsync')).toMatchObject({ HoldingSolution: true })
    expect(done.outputs).toMatchObject({ decision: 'stage', version: '1.0.0.0' })
  })

  test('stage-and-upgrade', async () => {
    const done = await act({ 'stage-and-upgrade': 'true' }, await seeded({ version: '1.0.0.0' }))
    expect(bodyOf(done, 'StageAndUpgradeAsync')).toMatchObject({ PublishWorkflows: true })
    expect(done.outputs).toMatchObject({
      decision: 'upgrade',
      'previous-version': '1.0.0.0',
      version: '1.1.0.0',
    })
  })

  test('skip-lower-version', async () => {
    const done = await act({ 'skip-lower-version': 'true' }, await seeded({ version: '1.1.0.0' }))
    expect(done.outputs).toMatchObject({ decision: 'skip', changed: 'false', 'import-status': 'skipped' })
    expect(
      done.requests.filter(({ method, service }) => method !== 'GET' && service === 'dataverse'),
    ).toEqual([])
  })

  test('publish-changes', async () => {
    const done = await act({ 'publish-changes': 'true' })
    expect(done.requests.some(({ path }) => path.endsWith('/PublishAllXml'))).toBe(true)
  })

  test('working-directory, and backslashes in paths', async () => {
    const done = await act({
      'working-directory': '..',
      'solution-file': `${workspace.split('/').at(-1)}\\core.zip`,
    })
    expect(done.code).toBe(0)
  })

  test('deployment-settings-file counts when it is given, and not when the switch beside it says no', async () => {
    const settings = {
      EnvironmentVariables: [{ SchemaName: 'c_Unknown', Value: 'a-value-that-nobody-may-see' }],
    }
    await writeFile(join(workspace, 'settings.json'), JSON.stringify(settings))
    const given = await act({ 'deployment-settings-file': 'settings.json' })
    expect(given.log).toMatch(/::warning::the settings name 'c_Unknown'/)
    expect(given.raw + given.summary).not.toContain('nobody-may-see')
    const refused = await act({
      'deployment-settings-file': 'settings.json',
      'use-deployment-settings-file': 'false',
    })
    expect(refused.log).toMatch(/::warning::'deployment-settings-file' is given but ignored/)
    const missing = await act({ 'use-deployment-settings-file': 'true' })
    expect(missing.log).toMatch(/::error::.*'deployment-settings-file' is not given/)
  })

  test.each(['run-asynchronously', 'convert-to-managed'])('%s is accepted with a notice', async (name) => {
    const { code, log } = await act({ [name]: 'true' })
    expect(code).toBe(0)
    expect(log).toContain(`::notice::'${name}' has no effect`)
  })

  test('canceling ends the step within two seconds, not the import', async () => {
    server().faults([{ job: 'ImportSolutionAsync', environment: `e${next}`, seconds: 7_200 }])
    const running = act({ 'max-async-wait-time': '1' }, { terminateAt: 'Import job' })
    const { log, outputs, code, endedAfterMs } = await running
    expect(code).toBe(1)
    expect(endedAfterMs).toBeLessThan(2_000)
    expect(log).toMatch(
      /::error::The step was canceled\. The import of core 1\.1\.0\.0 \(install\) goes on.*'async-operation-id: /,
    )
    expect(outputs).toMatchObject({ 'import-status': 'still-running' })
    expect(outputs['async-operation-id']).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('what bad input gets: one message before any request', () => {
  test.each<[Record<string, string>, RegExp]>([
    [{ 'solution-file': '' }, /Input "solution-file" is required/],
    [{ 'solution-file': 'absent.zip' }, /absent\.zip does not exist\. There is: broken\.zip, core\.zip/],
    [{ 'solution-file': 'broken.zip' }, /broken\.zip is no solution archive/],
    [{ 'solution-file': '.' }, /is a folder/],
    [{ 'environment-url': '' }, /'environment-url' is missing/],
    [{ 'environment-url': 'https://make.powerapps.com/environments/x' }, /the Power Apps maker portal/],
    [
      { 'environment-url': 'contoso.crm4.dynamics.com' },
      /Did you mean https:\/\/contoso\.crm4\.dynamics\.com/,
    ],
    [{ 'force-overwrite': 'yes' }, /"force-overwrite" is "yes"; it must be true or false/],
    [
      { 'max-async-wait-time': 'soon' },
      /"max-async-wait-time" is "soon"; it must be a whole number of minutes/,
    ],
    [{ 'import-as-holding': 'true', 'stage-and-upgrade': 'true' }, /are both true/],
    [
      { mode: 'update', 'stage-and-upgrade': 'true' },
      /'stage-and-upgrade' is true, which is mode "upgrade", and 'mode' is "update"/,
    ],
    [{ mode: 'promot', 'solution-name': 'core' }, /Did you mean "promote"/],
    [{ 'user-name': 'me', 'password-secret': 'a-password-of-mine' }, /Too many authentication parameters/],
    [{ 'async-operation-id': '17' }, /"async-operation-id" is "17"/],
  ])('%j', async (inputs, words) => {
    const { code, log, requests } = await act(inputs)
    expect(code).toBe(1)
    expect(log.match(/::error::/g)).toHaveLength(1)
    expect(log).toMatch(words)
    expect(requests).toEqual([])
  })
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

  test('an application that is no user of the environment', async () => {
    const { log } = await act({}, { environmentName: 'closed' })
    expect(log).toMatch(/::error::.*is not a user of this environment.*New app user/)
  })

  test('unmanaged into production', async () => {
    const { log, summary, requests } = await act(
      { 'solution-file': 'unmanaged.zip' },
      { environmentName: 'production' },
    )
    expect(log).toMatch(/::error::.*the environment is a production one.*allow-unmanaged-in-production/)
    expect(summary).toMatch(/refuse/)
    expect(requests.filter(({ method, service }) => method !== 'GET' && service === 'dataverse')).toEqual([])
  })

  test.each([
    ['managed over unmanaged', { managed: false }, 'core.zip', /0x80048040/],
    ['unmanaged over managed', {}, 'unmanaged.zip', /0x80048041/],
    ['older over newer', { version: '2.0.0.0' }, 'core.zip', /has the higher 2\.0\.0\.0/],
  ])('%s', async (_, before, file, words) => {
    const { log, code } = await act({ 'solution-file': file }, await seeded(before))
    expect(code).toBe(1)
    expect(log).toMatch(words)
  })
})

/** A secret may stand in the runner's mask commands and nowhere else. */
const expectHidden = (run: Done, secrets: readonly string[]): void => {
  const text = `${run.log}\n${run.summary}\n${JSON.stringify(run.outputs)}`
  for (const secret of secrets) expect(text).not.toContain(secret)
  // Nothing that looks like a token either, those received on the way included.
  expect(text).not.toMatch(/eyJ[\w-]{10,}\.[\w-]{10,}\./)
}

describe('no secret in any log, at debug level, of a run that works and of one that fails', () => {
  const debug = { RUNNER_DEBUG: '1', ACTIONS_STEP_DEBUG: 'true' }

  test('client secret', async () => {
    const { clientSecret } = server().ready
    expectHidden(await act({}, { environment: debug }), [clientSecret])
    const failed = await act({ 'client-secret': 'not-the-secret-of-the-application' }, { environment: debug })
    expect(failed.code).toBe(1)
    expectHidden(failed, ['not-the-secret-of-the-application'])
  })

  test('GitHub OIDC', async () => {
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

  test('certificate', async () => {
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

  test('managed identity', async () => {
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

test('a connection that drops after the import was taken does not start a second one', async () => {
  const environmentName = `e${next++}`
  server().faults([
    { fault: 'reset-after', environment: environmentName, path: 'ImportSolutionAsync', method: 'POST' },
  ])
  const { code, log } = await act({}, { environmentName })
  expect(code).toBe(0)
  expect(log).toMatch(/::notice::.*the answer was lost; looking for the job/)
  const jobs = (await server().jobs()).filter(({ environment }) => environment === environmentName)
  expect(jobs.map(({ message, state }) => `${message} ${state}`)).toEqual(['ImportSolutionAsync succeeded'])
})

test('a failed import shows the component, its code and what to do, in the summary and as an annotation', async () => {
  const environmentName = `e${next++}`
  server().faults([
    {
      job: 'ImportSolutionAsync',
      environment: environmentName,
      code: '0x80048021',
      message: 'Cannot import workflow definition.',
    },
  ])
  const { code, log, summary, outputs } = await act({}, { environmentName })
  expect(code).toBe(1)
  expect(outputs).toMatchObject({ 'import-status': 'failed', errors: '1' })
  expect(log).toMatch(/::error title=.*::0x80048021 .*Delete or rename the one in the environment/)
  expect(summary).toMatch(/0x80048021/)
})
