import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readCertificate } from '../../packages/dataverse-auth/src/certificate/certificate.ts'
import { AES256 } from '../../packages/dataverse-auth/src/testing/pfx.ts'
import { type Emulated, emulate, type EmulatedEnvironment } from '../../tests/support/emulated.ts'
import { expectGolden } from '../../tests/support/golden.ts'
import { builtAction, runAction, startStep, type StepResult } from '../../tests/support/run-action.ts'
import { commandsIn } from '../../tests/support/runner-commands.ts'
import { leftBehind, secretsIn, shownLog } from '../../tests/support/secrets.ts'

const { privateKey, x5c } = await readCertificate(AES256, 'fixture-password')
const certified = '0a11ce00-0000-4000-8000-00000000ce47'
const person = { userName: 'maker@contoso.example', password: 'a long pass word & "quotes" + 0001' }
const solution = { uniqueName: 'Orders', version: '1.4.0.0' }

let emulated: Emulated
let workspace: string
beforeAll(async () => {
  emulated = await emulate({
    jobSeconds: 0.01,
    clients: [{ appId: certified, certificate: x5c }],
    users: [person],
  })
  workspace = mkdtempSync(join(tmpdir(), 'export-'))
})
afterAll(async () => {
  await emulated.close()
  rmSync(workspace, { recursive: true })
})

/** The commands that an action has reason to give. */
const ours = new Set(['add-mask', 'debug', 'group', 'endgroup', 'notice', 'warning', 'error'])

interface Way {
  readonly inputs: Readonly<Record<string, string>>
  readonly environment?: Readonly<Record<string, string>>
  /** What must never be seen. */
  readonly secrets: readonly string[]
  /** Those of them that the step must hide even when somebody else writes them: all, unless said otherwise. */
  readonly hidden?: readonly string[]
}

/** Each way to sign in, to an environment at a URL. */
const ways: Readonly<Record<string, (url: string) => Way | Promise<Way>>> = {
  'client secret': () => {
    const { tenantId, appId, clientSecret } = emulated.emulator.ready
    return {
      inputs: { 'tenant-id': tenantId, 'app-id': appId, 'client-secret': clientSecret },
      secrets: [clientSecret],
    }
  },
  'certificate as PEM': () => ({
    inputs: {
      'tenant-id': emulated.emulator.ready.tenantId,
      'app-id': certified,
      certificate: `${privateKey}${x5c}`,
    },
    secrets: [privateKey],
  }),
  'certificate as PFX': () => ({
    inputs: {
      'tenant-id': emulated.emulator.ready.tenantId,
      'app-id': certified,
      certificate: AES256,
      'certificate-password': 'fixture-password',
    },
    secrets: [AES256, privateKey, 'fixture-password'],
  }),
  'user and password': () => ({
    inputs: { 'user-name': person.userName, 'password-secret': person.password },
    secrets: [person.password],
  }),
  'OIDC token of the job': () => {
    const { tenantId, appId, oidc } = emulated.emulator.ready
    return {
      inputs: { 'tenant-id': tenantId, 'app-id': appId },
      environment: {
        ACTIONS_ID_TOKEN_REQUEST_URL: oidc.requestUrl,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: oidc.requestToken,
      },
      secrets: [oidc.requestToken],
      // The runner hides this one itself.
      hidden: [],
    }
  },
  'managed identity': () => {
    const header = 'identity-header-of-the-machine-0001'
    return {
      inputs: { 'managed-identity-client-id': emulated.emulator.ready.appId },
      environment: {
        IDENTITY_ENDPOINT: `${emulated.emulator.ready.authority}/msi/token`,
        IDENTITY_HEADER: header,
      },
      secrets: [header],
      hidden: [],
    }
  },
  'access token': async (url) => {
    const token = await accessToken(url)
    return { inputs: { 'access-token': token }, secrets: [token] }
  },
}

async function accessToken(url: string): Promise<string> {
  const { authority, tenantId, appId, clientSecret } = emulated.emulator.ready
  const form = new URLSearchParams({
    client_id: appId,
    client_secret: clientSecret,
    grant_type: 'client_credentials',
    scope: `${url}/.default`,
  })
  const answer = await fetch(`${authority}/${tenantId}/oauth2/v2.0/token`, { method: 'POST', body: form })
  return /"access_token":"([^"]+)"/.exec(await answer.text())?.[1] ?? ''
}

function exportBy(
  { inputs, environment = {} }: Way,
  { url, name }: EmulatedEnvironment,
  more: Readonly<Record<string, string>> = {},
): Promise<StepResult> {
  return runAction(
    'export',
    {
      'environment-url': url,
      authority: emulated.emulator.ready.authority,
      'solution-name': 'Orders',
      'solution-output-file': `${name}.zip`,
      ...inputs,
      ...more,
    },
    { workspace, environment: { RUNNER_DEBUG: '1', ...environment } },
  )
}

describe.each(Object.keys(ways))('signed in by %s, with debug logging', (kind) => {
  const way = async (url: string): Promise<Way> => {
    const found = await ways[kind]?.(url)
    if (found === undefined) throw new Error(`There is no way "${kind}".`)
    return found
  }

  test('a run that succeeds shows no secret', async () => {
    const environment = await emulated.environment(solution)
    const given = await way(environment.url)
    const step = await exportBy(given, environment)
    expect(step).toMatchObject({ code: 0, stderr: '' })
    expect(step.outputs['solution-file']).toBe(join(workspace, `${environment.name}.zip`))
    expect(secretsIn(leftBehind(step), given.secrets)).toEqual([])
    expect(step.stdout).toMatch(/^::add-mask::eyJ/m)
  })

  test('a run that the environment fails shows one message and no secret, not even one that an answer quotes', async () => {
    const environment = await emulated.environment(solution)
    const given = await way(environment.url)
    const { hidden = given.secrets } = given
    emulated.emulator.faults([
      {
        fault: 'status',
        status: 400,
        environment: environment.name,
        path: 'ExportSolutionAsync',
        body: {
          error: {
            code: '0x80040265',
            message: `Of\r::stop-commands::x\n\u0085::stop-commands::x\r::set-output name=a::b\nRefused: ${hidden.join(' ')}`,
          },
        },
      },
    ])
    const step = await exportBy(given, environment)
    expect(step).toMatchObject({ code: 1, stderr: '' })
    expect(step.annotations.filter(({ level }) => level === 'error')).toHaveLength(1)
    expect(shownLog(step)).toContain('Refused: ')
    expect(commandsIn(step.stdout).filter((name) => !ours.has(name))).toEqual([])
    expect(secretsIn(shownLog(step), given.secrets)).toEqual([])
  })

  test('a run that may not sign in shows one message and no secret', async () => {
    const environment = await emulated.environment(solution)
    const given = await way(environment.url)
    const step = await exportBy(
      {
        ...given,
        environment: { ...given.environment, IDENTITY_ENDPOINT: '', ACTIONS_ID_TOKEN_REQUEST_URL: '' },
      },
      environment,
      refusedBy(kind),
    )
    expect(step).toMatchObject({ code: 1, stderr: '' })
    expect(step.annotations.filter(({ level }) => level === 'error')).toHaveLength(1)
    expect(secretsIn(leftBehind(step), given.secrets)).toEqual([])
    expect(environment.requests().every(({ path }) => path.startsWith('WhoAmI'))).toBe(true)
  })
})

test('both kinds with a raised version, and the summary', async () => {
  const environment = await emulated.environment(solution)
  const inputs = { ...environment.connection, 'solution-type': 'Both', version: 'minor' }
  const { code, summary } = await exportBy({ inputs, secrets: [] }, { ...environment, name: 'orders' })
  expect(code).toBe(0)
  expectGolden(import.meta.dirname, 'exported', summary.replaceAll(workspace, '/work'))
})

/** Inputs with which a way to sign in does not lead in. */
function refusedBy(kind: string): Readonly<Record<string, string>> {
  if (kind === 'access token') return { 'environment-url': emulated.emulator.ready.environments['e99'] ?? '' }
  if (kind === 'user and password') return { 'user-name': 'nobody@contoso.example' }
  return { 'app-id': kind === 'managed identity' ? '' : '0badc0de-0000-4000-8000-000000000000' }
}

test('inputs that are given as empty count as not given, and there is no stack outside of debug logging', async () => {
  const environment = await emulated.environment(solution)
  const blank = Object.fromEntries(
    [
      'cloud',
      'managed',
      'solution-type',
      'version',
      'publish-all',
      'export-sales',
      'max-async-wait-time',
    ].map((name) => [name, ' ']),
  )
  const inputs = {
    ...environment.connection,
    ...blank,
    'solution-name': 'Orders',
    'solution-output-file': 'blank.zip',
  }
  expect(await runAction('export', inputs, { workspace })).toMatchObject({ code: 0, stderr: '' })
  const failed = await runAction('export', { ...inputs, 'solution-name': 'Invoices' }, { workspace })
  expect(failed).toMatchObject({ code: 1, stderr: '' })
  expect(failed.stdout).not.toMatch(/\n\s+at /)
  expect(failed.annotations.filter(({ level }) => level === 'error')).toHaveLength(1)
})

test('an input that is nearly the name of a real one stops the step before any request', async () => {
  const environment = await emulated.environment(solution)
  const step = await runAction(
    'export',
    {
      ...environment.connection,
      'solution-name': 'Orders',
      'solution-output-file': 'x.zip',
      'solution-typ': 'Managed',
    },
    { workspace },
  )
  expect(step.code).toBe(1)
  expect(step.annotations).toEqual([
    expect.objectContaining({ level: 'error', message: expect.stringContaining("'solution-type'") }),
  ])
  expect(environment.requests()).toEqual([])
})

// Windows knows no SIGTERM: it ends the process at once.
const onPosix = process.platform === 'win32' ? test.skip : test

onPosix('a cancelled step says so, keeps its outputs, and waits for nothing', async () => {
  const environment = await emulated.environment(solution)
  emulated.emulator.faults([{ job: 'ExportSolutionAsync', environment: environment.name, seconds: 1_000 }])
  const step = startStep(
    builtAction('export'),
    {
      ...environment.connection,
      'solution-name': 'Orders',
      'solution-output-file': 'x/y.zip',
      version: 'minor',
    },
    { workspace },
  )
  await step.logged('Set the version')
  step.signal('SIGTERM')
  const { code, outputs, annotations } = await step.ended
  expect(code).toBe(1)
  expect(outputs).toMatchObject({ 'previous-version': '1.4.0.0', 'solution-version': '1.5.0.0' })
  const [error] = annotations.filter(({ level }) => level === 'error')
  expect(error?.message).toContain('SIGTERM')
  expect(existsSync(join(workspace, 'x'))).toBe(false)
})
