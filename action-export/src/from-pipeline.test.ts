import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Emulator, startEmulator } from '../../packages/dataverse-emulator/src/index.ts'
import { makeArchive } from '../../packages/dataverse-emulator/src/testing/solution-archive.ts'
import { readWith } from '../../tests/support/inputs-read.ts'
import { runAction, type StepResult } from '../../tests/support/run-action.ts'
import { readInputs } from './inputs.ts'

let emulator: Emulator
let root: string
let host: string
/** Of the application that may do everything. */
let token: string
beforeAll(async () => {
  emulator = await startEmulator({
    environments: { host: { kind: 'production', pipelinesHost: true }, dev: { kind: 'developer' } },
  })
  const { ready } = emulator
  host = ready.environments['host'] ?? ''
  const answer = await fetch(`${ready.authority}/${ready.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: ready.appId,
      client_secret: ready.clientSecret,
      scope: `${host}/.default`,
    }),
  })
  const body: unknown = await answer.json()
  token = String(Object(body)['access_token'])
})
afterAll(() => emulator.close())
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pipeline-'))
})
afterEach(() => rmSync(root, { recursive: true }))

async function send(method: string, path: string, body: unknown): Promise<void> {
  const isBytes = body instanceof Uint8Array
  const answer = await fetch(`${host}/api/data/v9.2/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': isBytes ? 'application/octet-stream' : 'application/json',
      'x-ms-file-name': 'Orders.zip',
    },
    body: isBytes ? body : JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
}

let count = 0
const idOf = (number: number): string => `1b2c3d4e-0000-4000-8000-${String(number).padStart(12, '0')}`

interface Kept {
  readonly unmanaged?: Uint8Array
  readonly managed?: Uint8Array
}

/** What a pipeline keeps of a deployment. Returns the id. */
async function deployed({ unmanaged, managed }: Kept): Promise<string> {
  const id = idOf(++count)
  await send('POST', 'deploymentartifacts', {
    deploymentartifactid: id,
    name: `Orders ${count}`,
    artifactversion: '1.4.0.0',
  })
  if (managed !== undefined) await send('PUT', `deploymentartifacts(${id})/artifactfile`, managed)
  if (unmanaged !== undefined)
    await send('PUT', `deploymentartifacts(${id})/artifactfileunmanaged`, unmanaged)
  return id
}

const sketch = { uniqueName: 'Orders', version: '1.4.0.0' }
const bothKinds = async (): Promise<Required<Kept>> => ({
  unmanaged: await makeArchive(sketch),
  managed: await makeArchive({ ...sketch, managed: true }),
})

function take(artifact: string, inputs: Readonly<Record<string, string>> = {}): Promise<StepResult> {
  const { tenantId, appId, clientSecret, authority } = emulator.ready
  return runAction(
    'export',
    {
      'environment-url': host,
      'tenant-id': tenantId,
      'app-id': appId,
      'client-secret': clientSecret,
      authority,
      'solution-name': 'Orders',
      'solution-type': 'Both',
      'solution-output-file': 'out/Orders.zip',
      'pipelines-artifact': artifact,
      ...inputs,
    },
    { workspace: root },
  )
}

const messageOf = ({ annotations }: StepResult): string => annotations.at(-1)?.message ?? ''

test('both archives of a deployment are taken as the pipeline has them, and nothing is exported', async () => {
  const archives = await bothKinds()
  const id = await deployed(archives)
  const before = emulator.requests().length
  const run = await take(id)
  expect([run.code, run.annotations]).toEqual([0, []])
  expect(run.outputs).toMatchObject({
    'solution-version': '1.4.0.0',
    'unique-name': 'Orders',
    'solution-type': 'Both',
    'managed-solution-file': join(root, 'out/Orders_managed.zip'),
  })
  expect(run.outputs).not.toHaveProperty('previous-version')
  expect(new Uint8Array(readFileSync(join(root, 'out/Orders.zip')))).toEqual(
    new Uint8Array(archives.unmanaged),
  )
  expect(new Uint8Array(readFileSync(join(root, 'out/Orders_managed.zip')))).toEqual(
    new Uint8Array(archives.managed),
  )
  const asked = emulator
    .requests()
    .slice(before)
    .filter(({ environment }) => environment === 'host')
  expect(asked.filter(({ method }) => method !== 'GET')).toEqual([])
  expect(run.summary).toContain('Took Orders 1.4.0.0 from a pipeline')
})

const read = (artifact: string) =>
  readWith('action-export', readInputs, {
    'solution-name': 'x',
    'solution-output-file': 'x.zip',
    'pipelines-artifact': artifact,
  }).inputs.pipelinesArtifact

test.each([
  ['the id', idOf(7), undefined],
  ['the id with braces and capitals', `{${idOf(7).toUpperCase()}}`, undefined],
  [
    'the address that a flow gets',
    `https://h/api/data/v9.0/deploymentartifacts(${idOf(7)})/artifactfile`,
    'https://h',
  ],
  [
    'the address of the recipe',
    `https://h/api/data/v9.0/deploymentartifacts(${idOf(7)})/artifactfile/$value`,
    'https://h',
  ],
  ['the address of a run', `https://h/api/data/v9.2/deploymentstageruns(${idOf(7)})`, 'https://h'],
])('%s names an artifact', (_name, given, origin) => {
  expect(read(given)).toEqual({ id: idOf(7), origin })
})

test('the run of a stage names its artifact', async () => {
  const artifact = await deployed(await bothKinds())
  const run = idOf(++count)
  await send('POST', 'deploymentstageruns', {
    deploymentstagerunid: run,
    artifactname: 'Orders',
    'artifactid@odata.bind': `/deploymentartifacts(${artifact})`,
  })
  expect((await take(run)).code).toBe(0)
  const early = idOf(++count)
  await send('POST', 'deploymentstageruns', { deploymentstagerunid: early, artifactname: 'Orders' })
  expect(messageOf(await take(early, { overwrite: 'true' }))).toContain('has no deployment artifact yet')
})

test('a download that breaks off is begun again', async () => {
  const archives = await bothKinds()
  const id = await deployed(archives)
  emulator.faults([{ fault: 'half-answer', environment: 'host', path: 'artifactfileunmanaged' }])
  const run = await take(id)
  expect([run.code, run.outputs['size']]).toEqual([0, String(archives.unmanaged.length)])
})

describe('what cannot be meant is refused, and nothing is written', () => {
  afterEach(() => expect(existsSync(join(root, 'out'))).toBe(false))

  test('an id that nothing has', async () => {
    expect(messageOf(await take(idOf(999)))).toMatch(
      /no deployment artifact and no run of a stage with the id/,
    )
  })

  test('an environment that is no host of pipelines', async () => {
    const { environments } = emulator.ready
    const run = await take(await deployed(await bothKinds()), {
      'environment-url': environments['dev'] ?? '',
    })
    expect(messageOf(run)).toContain('is no host of Power Platform pipelines')
  })

  test('an address of another environment, which must not get the token', async () => {
    const run = await take(`https://other.crm4.dynamics.com/api/data/v9.0/deploymentartifacts(${idOf(1)})`)
    expect(messageOf(run)).toContain(
      "is an address of https://other.crm4.dynamics.com, and 'environment-url' is",
    )
  })

  test('another solution, another kind, and another version', async () => {
    const { unmanaged, managed } = await bothKinds()
    const other = await makeArchive({ uniqueName: 'Invoices', version: '1.4.0.0' })
    const newer = await makeArchive({ ...sketch, version: '1.5.0.0', managed: true })
    expect(messageOf(await take(await deployed({ unmanaged: other, managed })))).toContain(
      "There is the solution 'Invoices'",
    )
    expect(messageOf(await take(await deployed({ unmanaged: managed, managed })))).toContain('it is managed')
    expect(messageOf(await take(await deployed({ unmanaged, managed: newer })))).toContain(
      'have the versions 1.4.0.0 and 1.5.0.0',
    )
  })

  test('a deployment without the unmanaged archive', async () => {
    const { managed } = await bothKinds()
    expect(messageOf(await take(await deployed({ managed })))).toContain('There is no unmanaged archive')
  })

  test('a file that is no archive', async () => {
    const { managed } = await bothKinds()
    const run = await take(await deployed({ managed, unmanaged: Buffer.from('<html>') }))
    expect(messageOf(run)).toContain('the unmanaged archive of the deployment artifact')
  })

  test.each([
    ['1234', "Input 'pipelines-artifact' is '1234'"],
    ["'; rm -rf / #", "Input 'pipelines-artifact' is"],
    ['https://user:secret@x/api/data/v9.2/accounts?sig=secret', "is 'https://***@x/api/data/v9.2/accounts'"],
  ])('%s, which names none', (name, said) => {
    expect(() => read(name)).toThrow(said)
  })

  test('a version to set, or to publish', async () => {
    const run = await take(idOf(1), { version: 'minor', 'publish-all': 'true' })
    expect(messageOf(run)).toContain("so 'version' and 'publish-all' can change nothing of it")
  })
})
