import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { type Emulator, startEmulator } from '../packages/dataverse-emulator/src/index.ts'
import { makeArchive } from '../packages/dataverse-emulator/src/testing/solution-archive.ts'
import { root } from './support/actions.ts'
import { openPullRequest, REPOSITORY } from './support/emulated-github.ts'
import { runAction, type StepResult } from './support/run-action.ts'
import { gitIn } from './support/git.ts'

/** How a job says that a permission is missing: by an action of ours, or by somebody else. */
type Told = { readonly by: (job: JobWithout) => Promise<StepResult> } | { readonly notOurs: string }

/** The token of a job whose workflow leaves one permission out; without `id-token` it can ask for no OIDC token. */
interface JobWithout {
  readonly token: string
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>
  readonly uses?: string
}

const CHECKOUT = {
  notOurs:
    "actions/checkout comes first, and says 'repository not found' of a private repository. Nothing of ours has run yet.",
}
const ATTESTATION = {
  notOurs: "actions/attest-build-provenance asks for both, and says which 'permissions' it needs.",
}

/** A new permission of a job gets a row here: `workflow job permission`. */
const ROWS: Readonly<Record<string, Told>> = {
  'sync.yml sync contents': { by: proposes },
  'sync.yml sync pull-requests': { by: proposes },
  'sync.yml sync id-token': { by: exports },
  'review.yml review contents': CHECKOUT,
  'review.yml review pull-requests': { by: comments },
  'review.yml check contents': CHECKOUT,
  'review.yml check id-token': { by: imports },
  'drift.yml drift contents': { by: fetches },
  'drift.yml drift issues': { by: keepsIssue },
  'drift.yml drift id-token': { by: imports },
  'restore.yml restore contents': CHECKOUT,
  'restore.yml restore id-token': { by: imports },
  'deploy.yml build contents': CHECKOUT,
  'deploy.yml build id-token': ATTESTATION,
  'deploy.yml build attestations': ATTESTATION,
  'deploy.yml changes contents': CHECKOUT,
  'deploy.yml release contents': { by: releases },
  'deploy.yml plan contents': { by: fetches },
  'deploy.yml plan id-token': { by: imports },
  'deploy-ring.yml deploy contents': { by: fetches },
  'deploy-ring.yml deploy id-token': { by: imports },
}

function jobsIn(folder: string): readonly (readonly [file: string, job: string, Job])[] {
  return readdirSync(join(root, folder)).flatMap((file) => {
    const { jobs, on }: { jobs: Record<string, Job>; on: object } = parse(
      readFileSync(join(root, folder, file), 'utf8'),
    )
    const isForUsers = folder !== OURS || 'workflow_call' in on
    return isForUsers ? Object.entries(jobs).map(([job, value]) => [file, job, value] as const) : []
  })
}

const OURS = '.github/workflows'
const called = jobsIn(OURS)
const samples = jobsIn('samples/user-repository/.github/workflows')

/** Jobs with steps; one that calls a workflow has none. */
const permissions = called.flatMap(([file, job, { permissions: its = {}, uses }]) =>
  uses === undefined
    ? Object.entries(its).map(([scope, level]) => ({ key: `${file} ${job} ${scope}`, scope, level, its }))
    : [],
)

let emulator: Emulator
let workspace: string
let base: string
beforeAll(async () => {
  const tokens = Object.fromEntries(
    permissions.map(({ key, scope, its }) => [
      tokenWithout(key),
      Object.fromEntries(
        Object.entries(its)
          .filter(([name]) => name !== scope)
          .map(([name, level]) => [name.replaceAll('-', '_'), level]),
      ),
    ]),
  )
  emulator = await startEmulator({ github: { tokens } })
  workspace = mkdtempSync(join(tmpdir(), 'permissions-'))
  git('init', '-q', '-b', 'main')
  cpSync(join(root, 'samples/orders/solution'), join(workspace, 'solutions/orders'), { recursive: true })
  base = commit('base')
  const file = join(workspace, 'solutions/orders/Entities/lin_Order/Entity.xml')
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(/(lin_notes<\/LogicalName>\s*<RequiredLevel>)\w+/, '$1required'),
  )
  commit('head')
  emulator.push({ repository: REPOSITORY, branch: 'main', sha: base, author: 'ada', tag: 'v1.0.0' })
  mkdirSync(join(workspace, 'out'))
  writeFileSync(
    join(workspace, 'out/a.zip'),
    await makeArchive({ uniqueName: 'Orders', version: '1.0.0.0', managed: true }),
  )
})
afterAll(async () => {
  await emulator.close()
  rmSync(workspace, { recursive: true })
})

function tokenWithout(key: string): string {
  return `ghs_without-${key.replace(/\W/g, '-')}`
}

function git(...args: readonly string[]): string {
  return gitIn(workspace, ...args)
}

function commit(message: string): string {
  git('add', '-A')
  git('commit', '-q', '-m', message)
  return git('rev-parse', 'HEAD')
}

function run(
  action: string,
  inputs: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
): Promise<StepResult> {
  return runAction(action, inputs, {
    workspace,
    environment: {
      GITHUB_API_URL: emulator.ready.github,
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: REPOSITORY,
      ...environment,
    },
  })
}

function proposes({ token }: JobWithout): Promise<StepResult> {
  return run('pull-request', {
    paths: 'solutions',
    branch: 'sync/orders',
    title: 'Sync',
    'github-token': token,
  })
}

async function comments({ token }: JobWithout): Promise<StepResult> {
  const number = await openPullRequest(emulator, 'change', git('rev-parse', 'HEAD'))
  const file = join(workspace, '.git/event.json')
  const head = { sha: git('rev-parse', 'HEAD'), repo: { full_name: REPOSITORY } }
  writeFileSync(file, JSON.stringify({ pull_request: { number, base: { sha: base }, head, labels: [] } }))
  return run('diff', { 'github-token': token }, { GITHUB_EVENT_PATH: file })
}

function releases({ token }: JobWithout): Promise<StepResult> {
  return run('release', { files: 'out/*.zip', tag: 'v1.0.0', 'github-token': token })
}

function fetches({ token }: JobWithout): Promise<StepResult> {
  return run('fetch', { folder: 'fetched', release: 'v1.0.0', 'github-token': token })
}

function keepsIssue({ token }: JobWithout): Promise<StepResult> {
  return run('issue', { state: 'open', title: 'Drift', body: 'It differs.', 'github-token': token })
}

/** A job that may not ask for an OIDC token is not told whom to ask. */
function exports(): Promise<StepResult> {
  return run('export', { ...application(), 'solution-name': 'Orders', 'solution-output-file': 'out/x.zip' })
}

function imports(): Promise<StepResult> {
  return run('import', { ...application(), 'solution-file': 'out/a.zip', mode: 'check' })
}

function application(): Readonly<Record<string, string>> {
  const { environments, authority, tenantId, appId } = emulator.ready
  return {
    'environment-url': environments['test'] ?? '',
    authority,
    'tenant-id': tenantId,
    'app-id': appId,
  }
}

test('each permission of each job has a row, and each row a permission', () => {
  expect(Object.keys(ROWS).toSorted()).toEqual(permissions.map(({ key }) => key).toSorted())
})

test.each(permissions)('without $key: $level, a message names it', async ({ key, scope, level }) => {
  const told = ROWS[key]
  if (told === undefined) throw new Error(`${key} has no row.`)
  if ('notOurs' in told) {
    expect(told.notOurs).toMatch(/^actions\/[\w-]+ .*\.$/)
    return
  }
  const { annotations, log } = await told.by({ token: tokenWithout(key) })
  const said = annotations.map(({ message }) => message).join('\n')
  expect(said === '' ? log : said).toContain(`${scope}: ${level}`)
})

// GitHub does not start a run where the caller gives less than a called job asks for; it names the job and the permission.
test.each(samples)(
  'the sample %s, job %s: no permission that a called job does not ask for',
  (_, __, job) => {
    const its = Object.entries(job.permissions ?? {}).map(([scope, level]) => `${scope}: ${level}`)
    const asked = new Set(askedBy(job))
    expect(its.filter((one) => !asked.has(one))).toEqual([])
    expect(its.length).toBeGreaterThan(0)
  },
)

function askedBy({ uses = '' }: Job): readonly string[] {
  const [, name = ''] = /([\w-]+\.yml)@/.exec(uses) ?? []
  return called
    .filter(([file]) => file === name)
    .flatMap(([, , job]) => [
      ...Object.entries(job.permissions ?? {}).map(([scope, level]) => `${scope}: ${level}`),
      ...askedBy(job),
    ])
}
