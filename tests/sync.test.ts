import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Emulator, startEmulator } from '../packages/dataverse-emulator/src/index.ts'
import { pick } from '../packages/dataverse-emulator/src/testing/with-emulator.ts'
import { openSource, packSolution, readFolder } from '../packages/solution-package/src/index.ts'
import { YAML_SOLUTION, yamlTree } from '../packages/solution-package/src/testing/yaml-solution.ts'
import { root } from './support/actions.ts'
import { askGithub, githubRequests, REPOSITORY } from './support/emulated-github.ts'
import { type CompositeResult, runComposite } from './support/run-composite.ts'
import { gitIn } from './support/git.ts'

const sample = join(root, 'samples/orders/solution')
const COLUMN = 'entities/fly_plane/attributes/fly_name.yml'
const FOLDER = 'solutions/LindenOrders'
const JOB = 'ghs_of-the-job'
const ADA = 'ghp_of-ada'

let emulator: Emulator
let workspace: string
let count = 0
let branch: string
beforeAll(async () => {
  const names = Array.from({ length: 9 }, (_, index) => `dev${index}`)
  emulator = await startEmulator({
    jobSeconds: 0.01,
    environments: {
      ...Object.fromEntries(names.map((name) => [name, { kind: 'developer' as const }])),
      host: { kind: 'production', pipelinesHost: true },
    },
    github: {
      tokens: {
        'ghs_no-contents': { contents: 'read', pull_requests: 'write' },
        'ghs_no-pulls': { contents: 'write', pull_requests: 'read' },
      },
      logins: { [ADA]: 'ada', 'ghs_of-a-person-who-looks': 'ada' },
    },
  })
})
afterAll(() => emulator.close())
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'sync-'))
  branch = `sync/${++count}`
  cpSync(sample, join(workspace, FOLDER), { recursive: true })
  git('init', '-q', '-b', 'main')
  commit('base')
})
afterEach(() => rmSync(workspace, { recursive: true }))

function git(...args: readonly string[]): string {
  return gitIn(workspace, ...args)
}

function commit(message: string): void {
  git('add', '-A')
  git('commit', '-q', '-m', message)
}

function change(file: string, from: RegExp, to: string): void {
  const text = readFileSync(file, 'utf8')
  const changed = text.replace(from, to)
  expect(changed).not.toBe(text)
  writeFileSync(file, changed)
}

let used = 0

/** A development environment with the sample, in which a maker changed a file of it. Returns its name. */
async function developed(path: string, from: RegExp, to: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'maker-'))
  cpSync(sample, folder, { recursive: true })
  change(join(folder, path), from, to)
  const { archives } = await packSolution(readFolder(folder), { packageType: 'Unmanaged' })
  rmSync(folder, { recursive: true })
  const name = `dev${used++}`
  emulator.seed(name, { source: 'test', archive: archives[0]?.bytes ?? new Uint8Array() })
  return name
}

const REQUIRED = [
  'Entities/lin_Order/Entity.xml',
  /(<LogicalName>lin_notes<\/LogicalName>\s*<RequiredLevel>)none/,
  '$1required',
] as const
const STAMP = ['Other/Solution.xml', /(ImportExportXml version=")[^"]*/, '$19.2.99999.1'] as const

function sync(environment: string, inputs: Readonly<Record<string, string>> = {}): Promise<CompositeResult> {
  const { ready } = emulator
  return runComposite(
    'action-sync',
    {
      'environment-url': ready.environments[environment] ?? '',
      'tenant-id': ready.tenantId,
      'app-id': ready.appId,
      'client-secret': ready.clientSecret,
      authority: ready.authority,
      'solution-name': 'LindenOrders',
      'solution-folder': FOLDER,
      branch,
      ...inputs,
    },
    {
      workspace,
      github: { token: JOB, ref: 'refs/heads/main' },
      environment: {
        GITHUB_API_URL: ready.github,
        GITHUB_SERVER_URL: 'https://github.com',
        GITHUB_REPOSITORY: REPOSITORY,
        GITHUB_RUN_ID: '77',
      },
    },
  )
}

function ask(method: string, path: string, body?: unknown): Promise<unknown> {
  return askGithub(emulator, method, path, body, ADA)
}

async function pullsOf(state = 'open'): Promise<readonly unknown[]> {
  const pulls = await ask('GET', `/pulls?state=${state}&head=contoso:${encodeURIComponent(branch)}`)
  return Array.isArray(pulls) ? pulls : []
}

const messageOf = ({ annotations }: CompositeResult): string => annotations.at(-1)?.message ?? ''

test('a change becomes a pull request with the report as its text; a commit of a person on it survives (C63, C92)', async () => {
  const dev = await developed(...REQUIRED)
  const run = await sync(dev, { version: 'minor', labels: 'solution' })
  expect([run.code, run.ran]).toEqual([0, ['export', 'unpack', 'diff', 'pull-request']])
  const [pull] = await pullsOf()
  expect(run.outputs).toMatchObject({
    operation: 'created',
    number: String(pick(pull, 'number')),
    url: pick(pull, 'html_url'),
    branch,
    changed: 'true',
    version: '1.1.0.0',
    'previous-version': '1.0.0.0',
    'head-sha': expect.stringMatching(/^[0-9a-f]{40}$/),
  })
  expect(pull).toMatchObject({ title: 'LindenOrders 1.1.0.0', labels: [{ name: 'solution' }] })
  const body = String(pick(pull, 'body'))
  expect(body).toMatch(
    /^### LindenOrders 1\.0\.0\.0 → 1\.1\.0\.0\n[^]*Notes[^]*Optional[^]*Business required/,
  )
  expect(body).toContain(`\`main@${git('rev-parse', 'HEAD').slice(0, 7)}\` … \`${FOLDER}\``)
  expect(body).toContain('https://github.com/contoso/orders/actions/runs/77')
  expect(run.log).not.toContain(emulator.ready.clientSecret)

  const byHand = { message: 'By hand', content: btoa('By hand'), branch }
  await ask('PUT', `/contents/${FOLDER}/README.md`, byHand)
  git('checkout', '-q', '-f', 'main')
  const again = await sync(dev, { version: 'minor', base: 'refs/heads/main' })
  expect(again.outputs).toMatchObject({
    operation: 'updated',
    number: run.outputs['number'],
    version: '1.2.0.0',
  })
  const kept = await ask('GET', `/contents/${FOLDER}/README.md?ref=${branch}`)
  expect(pick(kept, 'content')).toContain(btoa('By hand'))
})

test('nothing but stamps is no pull request and a success, and a change that was taken back leaves none (C91)', async () => {
  const [changed, stamped] = [await developed(...REQUIRED), await developed(...STAMP)]
  const before = githubRequests(emulator).length
  const none = await sync(stamped)
  expect(none.code).toBe(0)
  expect(none.outputs).toMatchObject({ operation: 'none', changed: 'false', number: '' })
  expect(none.summary).toMatch(/No pull request to write[^]*No component changed\..* stay in the workspace/)
  const sent = githubRequests(emulator).slice(before)
  expect(sent.filter((line) => !line.startsWith('GET') && !line.includes('graphql'))).toEqual([])
  expect(git('status', '--porcelain')).toBe(`M ${FOLDER}/Other/Solution.xml`)

  git('checkout', '-q', '-f', 'main')
  const { number } = (await sync(changed)).outputs
  git('checkout', '-q', '-f', 'main')
  expect((await sync(stamped)).outputs).toMatchObject({ operation: 'closed', number, changed: 'false' })
  expect(await pullsOf()).toEqual([])
})

test('the deployment artifact of a pipeline is proposed as an export is, and nothing is exported', async () => {
  const { ready } = emulator
  const maker = mkdtempSync(join(tmpdir(), 'maker-'))
  cpSync(sample, maker, { recursive: true })
  change(join(maker, REQUIRED[0]), REQUIRED[1], REQUIRED[2])
  const answer = await fetch(`${ready.authority}/${ready.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: ready.appId,
      client_secret: ready.clientSecret,
      scope: `${ready.environments['host']}/.default`,
    }),
  })
  const token = String(pick(await answer.json(), 'access_token'))
  const id = '1b2c3d4e-0000-4000-8000-000000000001'
  const send = (method: string, path: string, body: string | Buffer<ArrayBuffer>, type: string) =>
    fetch(`${ready.environments['host']}/api/data/v9.2/deploymentartifacts${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': type,
        'x-ms-file-name': 'LindenOrders.zip',
      },
      body,
    })
  await send(
    'POST',
    '',
    JSON.stringify({ deploymentartifactid: id, name: 'LindenOrders' }),
    'application/json',
  )
  for (const [column, packageType] of [
    ['artifactfile', 'Managed'],
    ['artifactfileunmanaged', 'Unmanaged'],
  ] as const) {
    const { archives } = await packSolution(readFolder(maker), { packageType })
    const bytes = Buffer.from(archives[0]?.bytes ?? [])
    await send('PUT', `(${id})/${column}`, bytes, 'application/octet-stream')
  }
  rmSync(maker, { recursive: true })
  const before = emulator.requests().length
  const run = await sync('host', { 'pipelines-artifact': id })
  expect([run.code, run.outputs]).toMatchObject([
    0,
    { operation: 'created', changed: 'true', version: '1.0.0.0', 'previous-version': '' },
  ])
  const asked = emulator.requests().slice(before)
  expect(asked.filter(({ environment, method }) => environment === 'host' && method !== 'GET')).toEqual([])
  expect(String(pick((await pullsOf())[0], 'body'))).toContain('Business required')
})

test('with YAML source as the format, the pair of archives becomes the files that Git integration keeps', async () => {
  const variable = /^environmentvariabledefinitions\//
  const files = Object.fromEntries(
    Object.entries(YAML_SOLUTION)
      .filter(([path]) => !variable.test(path))
      .map(([path, text]) => [
        path,
        text.replace(/.*\/fly_Url\n/, '').replace(/ {2}- '@type': 380\n.*\n.*\n/, ''),
      ]),
  )
  const maker = yamlTree({
    ...files,
    [COLUMN]: files[COLUMN]?.replace('RequiredLevel: none', 'RequiredLevel: required'),
  })
  const { archives } = await packSolution(await openSource(maker), { packageType: 'Unmanaged' })
  const name = `dev${used++}`
  emulator.seed(name, { source: 'test', archive: archives[0]?.bytes ?? new Uint8Array() })
  const tree = yamlTree(files)
  for (const path of tree.paths) {
    mkdirSync(dirname(join(workspace, 'power', path)), { recursive: true })
    writeFileSync(join(workspace, 'power', path), tree.read(path))
  }
  commit('yaml')
  const run = await sync(name, { 'solution-name': 'Hangar', 'solution-folder': 'power', format: 'yaml' })
  expect([run.code, run.outputs['operation']]).toEqual([0, 'created'])
  expect(messageOf(run)).toContain("'Plane › fly_Name' is required from now on")
  expect(git('diff', '--name-only').split('\n')).toContain(`power/${COLUMN}`)
})

describe('what goes wrong is told with the line to add, and nobody gets a pull request', () => {
  let dev: string
  beforeAll(async () => {
    dev = await developed(...REQUIRED)
  })
  afterEach(async () => expect(await pullsOf('all')).toEqual([]))

  test.each([
    ['contents', 'ghs_no-contents'],
    ['pull-requests', 'ghs_no-pulls'],
  ])('a token without %s: write', async (permission, token) => {
    const run = await sync(dev, { 'github-token': token })
    expect(run.code).toBe(1)
    expect(messageOf(run)).toContain("'permissions:'")
    expect(messageOf(run)).toContain(`'${permission}: write'`)
  })

  test('a solution that is not there, whose name stays a name', async () => {
    const run = await sync(dev, { 'solution-name': '../../$(touch pwned)', branch: '' })
    expect([run.code, run.ran]).toEqual([1, ['export']])
    expect(messageOf(run)).toContain("'../../$(touch pwned)'")
    expect(git('status', '--porcelain')).toBe('')
  })

  test('a branch that git takes as none', async () => {
    branch = 'a..b'
    const before = githubRequests(emulator).length
    const run = await sync(dev)
    expect(run.code).toBe(1)
    expect(messageOf(run)).toContain('takes as no name of a branch')
    expect(githubRequests(emulator).slice(before)).toEqual([])
  })

  test('a base that is not checked out', async () => {
    const run = await sync(dev, { base: 'develop' })
    expect([run.code, run.ran.at(-1)]).toEqual([1, 'diff'])
    expect(messageOf(run)).toContain("There is no revision, folder or archive 'refs/heads/develop' ('base')")
  })

  test.each([
    [{ 'environment-url': '', 'environment-name': 'dev' }, "in the environment 'dev' of the repository"],
    [
      { 'sign-in': 'secret', 'client-secret': '', 'environment-name': 'd$(id)' },
      "the environment 'd??id?' is empty",
    ],
  ])('an empty variable or secret: %j', async (inputs, said) => {
    const run = await sync(dev, inputs)
    expect([run.code, run.ran]).toEqual([1, ['bash']])
    expect(messageOf(run)).toContain(said)
  })
})
