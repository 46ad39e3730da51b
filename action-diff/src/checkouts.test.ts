import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type Emulator, startEmulator } from '../../packages/dataverse-emulator/src/index.ts'
import { githubRequests, REPOSITORY } from '../../tests/support/emulated-github.ts'
import { runAction, runActionSync } from '../../tests/support/run-action.ts'
import { gitIn } from '../../tests/support/git.ts'

const sample = fileURLToPath(new URL('../../samples/orders/solution', import.meta.url))
const ORDER = 'solutions/orders/Entities/lin_Order/Entity.xml'
const ROLE = 'solutions/orders/Roles/Order Clerk.xml'

/** A repository as a server has it: the branch `topic` comes from `main`, which has moved on since. */
let home: string
let origin: string
let clones = 0
let commits: { readonly base: string; readonly tip: string; readonly topic: string; readonly alone: string }

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'checkouts-'))
  origin = join(home, 'origin')
  mkdirSync(origin)
  gitIn(origin, 'init', '-q', '-b', 'main')
  // As GitHub allows it.
  gitIn(origin, 'config', 'uploadpack.allowAnySHA1InWant', 'true')
  cpSync(sample, join(origin, 'solutions/orders'), { recursive: true })
  cpSync(sample, join(origin, 'apps/copy'), { recursive: true })
  edit(origin, 'apps/copy/Other/Solution.xml', /LindenOrders/g, 'LindenCopy')
  const base = commit('base')
  gitIn(origin, 'checkout', '-q', '-b', 'topic')
  edit(origin, ORDER, /(<LogicalName>lin_notes<\/LogicalName>\s*<RequiredLevel>)none/, '$1required')
  const topic = commit('notes are required')
  gitIn(origin, 'checkout', '-q', 'main')
  edit(origin, ROLE, /<RolePrivilege [^>]*>/, '')
  const tip = commit('a privilege less')
  gitIn(origin, 'checkout', '-q', '--orphan', 'alone')
  const alone = commit('of no other')
  gitIn(origin, 'checkout', '-q', 'main')
  commits = { base, tip, topic, alone }
})
afterAll(() => rmSync(home, { recursive: true }))

function edit(folder: string, path: string, from: RegExp, to: string): void {
  const file = join(folder, path)
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to))
}

function commit(message: string): string {
  gitIn(origin, 'add', '-A')
  gitIn(origin, 'commit', '-q', '-m', message)
  return gitIn(origin, 'rev-parse', 'HEAD')
}

/** What actions/checkout makes of a branch by default. */
function shallow(branch: string): string {
  const folder = join(home, `clone-${++clones}`)
  gitIn(home, 'clone', '-q', '--depth=1', '-b', branch, pathToFileURL(origin).href, folder)
  return folder
}

function event(workspace: string, content: object): Readonly<Record<string, string>> {
  const file = join(workspace, '.git/event.json')
  writeFileSync(file, JSON.stringify(content))
  return { GITHUB_EVENT_PATH: file }
}

const review = (workspace: string) => ({
  ...event(workspace, { pull_request: { base: { sha: commits.tip }, head: { sha: commits.topic } } }),
  GITHUB_BASE_REF: 'main',
})

/** What the topic changed, and nothing of what `main` did since. */
const OF_TOPIC = { added: '0', 'changed-components': '1', removed: '0', warnings: '1' }

test('a shallow checkout lacks the base, which is fetched alone', () => {
  const workspace = shallow('topic')
  const run = runActionSync('diff', { base: commits.base }, { workspace })
  expect(run.outputs).toMatchObject(OF_TOPIC)
  expect(run.log).toContain(`Fetching the commit ${commits.base}`)
  expect(gitIn(workspace, 'rev-list', '--count', '--all')).toBe('1')
})

test('a commit that the server lacks too is an error that says what to do', () => {
  const run = runActionSync('diff', { base: '0123456789'.repeat(4) }, { workspace: shallow('topic') })
  expect(run.code).toBe(1)
  expect(run.annotations.at(-1)?.message).toMatch(/no revision.*'0123456789.*fetch-depth: 0/)
})

test('a pull request in a shallow checkout: history is fetched for its merge base', () => {
  const workspace = shallow('topic')
  const run = runActionSync('diff', { comment: 'false' }, { workspace, environment: review(workspace) })
  expect(run.outputs).toMatchObject(OF_TOPIC)
  expect(run.summary).toContain(`main@${commits.base.slice(0, 7)}`)
  expect(run.log).toContain('Fetching 50 more commits')
})

describe('with a token', () => {
  let emulator: Emulator
  beforeAll(async () => {
    emulator = await startEmulator()
    for (const [branch, sha] of [
      ['main', commits.base],
      ['topic', commits.topic],
      ['main', commits.tip],
    ] as const)
      emulator.push({ repository: REPOSITORY, branch, sha, author: 'ada' })
  })
  afterAll(() => emulator.close())

  const asked = (workspace: string, environment: Readonly<Record<string, string>> = {}) =>
    runAction(
      'diff',
      { comment: 'false', 'github-token': 'ghs_of-the-job' },
      {
        workspace,
        environment: {
          ...review(workspace),
          GITHUB_API_URL: emulator.ready.github,
          GITHUB_REPOSITORY: REPOSITORY,
          ...environment,
        },
      },
    )

  test('GitHub tells the merge base, and that commit alone is fetched', async () => {
    const workspace = shallow('topic')
    const run = await asked(workspace)
    expect(run.outputs).toMatchObject(OF_TOPIC)
    expect(githubRequests(emulator)).toEqual([
      expect.stringContaining(`GET /compare/${commits.tip}...${commits.topic}`),
    ])
    expect(run.log).not.toContain('more commits')
  })

  test('where GitHub does not know the commits, history is fetched, and the same is told', async () => {
    const run = await asked(shallow('topic'), { GITHUB_REPOSITORY: 'contoso/of-no-one' })
    expect(run.outputs).toMatchObject(OF_TOPIC)
    expect(run.log).toContain('GitHub does not tell the merge base')
    expect(run.log).toContain('Fetching 50 more commits')
    expect(run.annotations).not.toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('too little history') }),
    )
  })
})

test('branches without a commit in common are compared as they are, with a warning', () => {
  const workspace = join(home, 'whole')
  gitIn(home, 'clone', '-q', pathToFileURL(origin).href, workspace)
  const environment = event(workspace, {
    pull_request: { base: { sha: commits.tip }, head: { sha: commits.alone } },
  })
  const run = runActionSync('diff', { comment: 'false' }, { workspace, environment })
  expect(run.outputs).toMatchObject({ changed: 'false' })
  expect(run.annotations).toContainEqual(
    expect.objectContaining({ level: 'warning', message: expect.stringContaining('no commit in common') }),
  )
})

describe('the first push of a branch', () => {
  const push = (workspace: string, name: string, sha: string) =>
    event(workspace, {
      ref: `refs/heads/${name}`,
      before: '0'.repeat(40),
      after: sha,
      repository: { default_branch: 'main' },
    })

  test('is compared with where it left the default branch', () => {
    const workspace = shallow('topic')
    const run = runActionSync('diff', {}, { workspace, environment: push(workspace, 'topic', commits.topic) })
    expect(run.outputs).toMatchObject(OF_TOPIC)
    expect(run.summary).toContain(`main@${commits.base.slice(0, 7)}`)
  })

  test('of the default branch has nothing before it: all is new, and that is said', () => {
    const workspace = shallow('main')
    const run = runActionSync('diff', {}, { workspace, environment: push(workspace, 'main', commits.tip) })
    expect(run.code).toBe(0)
    expect(run.outputs).toMatchObject({ changed: 'true', removed: '0', 'changed-components': '0' })
    expect(Number(run.outputs['added'])).toBeGreaterThan(10)
    expect(run.annotations).toContainEqual(
      expect.objectContaining({ level: 'notice', message: expect.stringContaining("Branch 'main' is new") }),
    )
  })
})

describe('solution-folder', () => {
  const foldersOf = (workspace: string, wanted: string, base: string, head: string) => {
    const inputs = { base, head, 'solution-folder': wanted, 'report-file': 'report.json' }
    const run = runActionSync('diff', inputs, { workspace })
    expect(run.annotations.filter(({ level }) => level === 'error')).toEqual([])
    const { solutions }: { solutions: { folder: string; changes: { kind: string; change: string }[] }[] } =
      JSON.parse(readFileSync(join(workspace, 'report.json'), 'utf8'))
    return solutions.map(({ folder, changes }) => [
      folder,
      ...changes.map(({ kind, change }) => `${change} ${kind}`),
    ])
  }

  test.each<[string, readonly string[]]>([
    ['solutions/*', ['solutions/orders']],
    ['./solutions/orders/', ['solutions/orders']],
    ['**/copy', ['apps/copy']],
    ['*/*', ['apps/copy', 'solutions/orders']],
    ['*/*\n!apps/*', ['solutions/orders']],
    ['', ['apps/copy', 'solutions/orders']],
  ])('%j asks for %j', (wanted, folders) => {
    const told = foldersOf(origin, wanted, commits.base, commits.base)
    expect(told.map(([folder]) => folder)).toEqual(folders)
  })

  test.each<[string, string, string]>([
    ['to a folder that is asked for', 'solutions/*', 'apps/copy'],
    ['from a folder that is asked for', 'apps/*', 'apps/copy'],
  ])('a solution that moved %s is compared with itself', (_name, wanted, from) => {
    const workspace = join(home, `moved-${++clones}`)
    gitIn(home, 'clone', '-q', pathToFileURL(origin).href, workspace)
    gitIn(workspace, 'mv', from, 'solutions/copy')
    gitIn(workspace, 'commit', '-q', '-m', 'moved')
    expect(foldersOf(workspace, wanted, commits.tip, 'HEAD')).toContainEqual([
      'solutions/copy',
      'changed solution',
    ])
  })
})
