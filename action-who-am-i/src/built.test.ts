import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeArchive } from '../../packages/dataverse-emulator/src/testing/solution-archive.ts'
import { emulate, type Emulated } from '../../tests/support/emulated.ts'
import { expectGolden } from '../../tests/support/golden.ts'
import { runAction } from '../../tests/support/run-action.ts'
import { leftBehind } from '../../tests/support/secrets.ts'

const reader = '0a11ce00-0000-4000-8000-000000000008'
const secret = 'a-secret-that-is-long-enough-0001'

let emulated: Emulated
let workspace: string
beforeAll(async () => {
  emulated = await emulate({ clients: [{ appId: reader, secret, roles: ['Basic User'] }] }, 3)
  workspace = mkdtempSync(join(tmpdir(), 'who-am-i-'))
})
afterAll(async () => {
  await emulated.close()
  rmSync(workspace, { recursive: true })
})

test('signed in with the token of the job: every step, its facts and the outputs', async () => {
  const { connection, url, name } = await emulated.environment(
    await makeArchive({ uniqueName: 'Orders', connectionReferences: ['new_mail'] }),
  )
  const { requestUrl, requestToken } = emulated.emulator.ready.oidc
  const step = await runAction(
    'who-am-i',
    { ...connection, 'client-secret': '', for: 'import\ndelete' },
    {
      workspace,
      environment: {
        RUNNER_DEBUG: '1',
        ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
      },
    },
  )
  expect(step).toMatchObject({ code: 0, stderr: '' })
  const id = expect.stringMatching(/^[\da-f-]{36}$/)
  expect(step.outputs).toEqual({
    'environment-id': id,
    'environment-url': url,
    'environment-name': name,
    'environment-kind': 'sandbox',
    'organization-id': id,
    'tenant-id': emulated.emulator.ready.tenantId,
    'user-id': id,
    'user-name': '# emulator',
    'business-unit-id': id,
    roles: 'System Administrator',
    'missing-privileges': '',
    version: expect.stringMatching(/^9\.2\./),
    languages: '1033',
    'running-operations': '0',
    connections: '0',
  })
  expect(step.outputs['environment-id']).not.toBe(step.outputs['organization-id'])
  expect(leftBehind(step)).not.toMatch(/eyJ[\w-]{5,}/)
  expectGolden(import.meta.dirname, 'signed-in', step.summary)
})

test('what is missing for the named verbs fails the step, and the outputs are there', async () => {
  const { connection } = await emulated.environment()
  const step = await runAction(
    'who-am-i',
    { ...connection, 'app-id': reader, 'client-secret': secret, for: 'publish' },
    { workspace },
  )
  expect(step.code).toBe(1)
  expect(step.outputs).toMatchObject({ 'missing-privileges': 'prvPublishCustomization', roles: 'Basic User' })
  expectGolden(import.meta.dirname, 'missing-privileges', step.summary)
})

test('a verb that does not exist is refused before any request', async () => {
  const environment = await emulated.environment()
  const step = await runAction('who-am-i', { ...environment.connection, for: 'exports' }, { workspace })
  expect(step.code).toBe(1)
  expect(step.annotations[0]?.message).toContain("Did you mean 'export'?")
  expect(environment.requests()).toEqual([])
})
