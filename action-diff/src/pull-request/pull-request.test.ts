import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Emulator, startEmulator } from '../../../packages/dataverse-emulator/src/index.ts'
import {
  askGithub,
  commentsOf,
  githubRequests,
  openPullRequest,
  REPOSITORY,
} from '../../../tests/support/emulated-github.ts'
import { runAction } from '../../../tests/support/run-action.ts'
import { gitIn } from '../../../tests/support/git.ts'

const sample = fileURLToPath(new URL('../../../samples/orders/solution', import.meta.url))
const ORDER = 'solutions/orders/Entities/lin_Order/Entity.xml'
const TOKEN = 'ghs_of-the-job'

let emulator: Emulator
let workspace: string
let base: string
let branches = 0
beforeAll(async () => {
  emulator = await startEmulator({
    github: { tokens: { 'ghs_reads-alone': { contents: 'read', pull_requests: 'read' } } },
  })
  workspace = mkdtempSync(join(tmpdir(), 'diff-pull-'))
  git('init', '-q', '-b', 'main')
  cpSync(sample, join(workspace, 'solutions/orders'), { recursive: true })
  base = commit('base')
})
afterAll(async () => {
  await emulator.close()
  rmSync(workspace, { recursive: true })
})

function git(...args: readonly string[]): string {
  return gitIn(workspace, ...args)
}

function commit(message: string): string {
  git('add', '-A')
  git('commit', '-q', '--allow-empty', '-m', message)
  return git('rev-parse', 'HEAD')
}

interface PullRequest {
  readonly number: number
  /** Commits a state of the column Notes, and pushes it. */
  push(required: 'none' | 'required' | 'recommended'): string
}

async function pullRequest(): Promise<PullRequest> {
  const branch = `change-${++branches}`
  git('checkout', '-q', '-b', branch, base)
  const push: PullRequest['push'] = (required) => {
    const file = join(workspace, ORDER)
    const changed = readFileSync(file, 'utf8').replace(
      /(<LogicalName>lin_notes<\/LogicalName>\s*<RequiredLevel>)\w+/,
      `$1${required}`,
    )
    writeFileSync(file, changed)
    const sha = commit(`${branch}: ${required}`)
    emulator.push({ repository: REPOSITORY, branch, sha, author: 'ada' })
    return sha
  }
  const number = await openPullRequest(emulator, branch, push('required'))
  return { number, push }
}

interface Job {
  readonly inputs?: Readonly<Record<string, string>>
  readonly environment?: Readonly<Record<string, string>>
  readonly event?: { readonly head?: string; readonly fork?: string; readonly labels?: readonly string[] }
}

function review({ number }: PullRequest, { inputs = {}, environment = {}, event = {} }: Job = {}) {
  const file = join(workspace, '.git/event.json')
  const head = { sha: event.head ?? git('rev-parse', 'HEAD'), repo: { full_name: event.fork ?? REPOSITORY } }
  const labels = (event.labels ?? []).map((name) => ({ name }))
  writeFileSync(file, JSON.stringify({ pull_request: { number, base: { sha: base }, head, labels } }))
  return runAction(
    'diff',
    { 'github-token': TOKEN, ...inputs },
    {
      workspace,
      environment: {
        GITHUB_EVENT_PATH: file,
        GITHUB_API_URL: emulator.ready.github,
        GITHUB_SERVER_URL: 'https://github.com',
        GITHUB_REPOSITORY: REPOSITORY,
        GITHUB_RUN_ID: '77',
        GITHUB_WORKFLOW_REF: `${REPOSITORY}/.github/workflows/review.yml@refs/pull/1/merge`,
        GITHUB_JOB: 'review',
        ...environment,
      },
    },
  )
}

/** An answer that is not asked for again, so that no run waits. */
function unavailable(path: string): void {
  emulator.faults([
    { service: 'github', fault: 'status', status: 501, path, times: 99, body: { message: 'x' } },
  ])
}

test('a pull request gets one comment, a second push updates it, and it shrinks when nothing is left (C92)', async () => {
  const pull = await pullRequest()
  const first = await review(pull)
  expect([first.code, first.annotations.filter(({ level }) => level === 'notice')]).toEqual([0, []])
  const [comment, ...others] = await commentsOf(emulator, pull.number)
  expect(others).toEqual([])
  expect(comment?.body).toContain('LindenOrders 1.0.0.0')
  expect(comment?.body).toContain('before | after')
  expect(comment?.body).toContain('https://github.com/contoso/orders/actions/runs/77')

  pull.push('recommended')
  await review(pull)
  const [second] = await commentsOf(emulator, pull.number)
  expect(second?.id).toBe(comment?.id)
  expect(second?.body).not.toBe(comment?.body)

  pull.push('none')
  await review(pull)
  expect(await commentsOf(emulator, pull.number)).toEqual([
    {
      id: comment?.id,
      author: 'github-actions[bot]',
      body: expect.stringMatching(
        /^<!-- [^\n]+ -->\n\*\*LindenOrders 1\.0\.0\.0\*\*: no component changed\.\n$/,
      ),
    },
  ])
})

test('a pull request that changes nothing of a solution gets none', async () => {
  const pull = await pullRequest()
  pull.push('none')
  expect((await review(pull)).code).toBe(0)
  expect(await commentsOf(emulator, pull.number)).toEqual([])
})

test('each job and each solution of a matrix has its own comment', async () => {
  const pull = await pullRequest()
  await review(pull)
  await review(pull, { environment: { GITHUB_JOB: 'other --><!--' } })
  await review(pull, { inputs: { 'solution-folder': 'solutions/*' } })
  await review(pull, { inputs: { 'solution-folder': 'solutions/*' } })
  expect(await commentsOf(emulator, pull.number)).toHaveLength(3)
})

test('a fork has the summary alone, and the step is green', async () => {
  const pull = await pullRequest()
  const run = await review(pull, {
    inputs: { 'github-token': 'ghs_reads-alone' },
    event: { fork: 'contributor/orders' },
  })
  expect([run.code, await commentsOf(emulator, pull.number)]).toEqual([0, []])
  expect(run.summary).toContain('LindenOrders 1.0.0.0')
  expect(run.annotations).toContainEqual(
    expect.objectContaining({ level: 'notice', message: expect.stringContaining('comes from a fork') }),
  )
})

test('a token without the permission: the notice names the line to add, and the step is green', async () => {
  const pull = await pullRequest()
  const run = await review(pull, { inputs: { 'github-token': 'ghs_reads-alone' } })
  expect([run.code, await commentsOf(emulator, pull.number)]).toEqual([0, []])
  expect(run.summary).toContain('LindenOrders 1.0.0.0')
  expect(run.annotations.at(-1)).toMatchObject({
    level: 'notice',
    message: expect.stringContaining("'permissions: pull-requests: write'"),
  })
})

test('a run for a commit that is no longer the head leaves the comment to the run for that', async () => {
  const pull = await pullRequest()
  const old = git('rev-parse', 'HEAD')
  pull.push('recommended')
  await review(pull)
  const [newer] = await commentsOf(emulator, pull.number)
  const run = await review(pull, { event: { head: old } })
  expect(run.code).toBe(0)
  expect(run.log).toContain('The pull request has moved on to')
  expect(await commentsOf(emulator, pull.number)).toEqual([newer])
})

test.each<[string, Job]>([
  ['comment is false', { inputs: { comment: 'false' } }],
  ['the event is no pull request', { environment: { GITHUB_EVENT_PATH: '' }, inputs: { base: 'main' } }],
  ['the token is empty', { inputs: { 'github-token': ' ' } }],
])('GitHub is not asked when %s', async (_name, job) => {
  const pull = await pullRequest()
  const before = githubRequests(emulator).length
  expect((await review(pull, job)).code).toBe(0)
  expect(githubRequests(emulator).slice(before)).toEqual([])
})

test('a GitHub that fails leaves a warning, and the result of the comparison', async () => {
  const pull = await pullRequest()
  unavailable(`/issues/${pull.number}/comments`)
  const run = await review(pull)
  expect([run.code, run.outputs['changed-components']]).toEqual([0, '1'])
  expect(run.annotations.at(-1)).toMatchObject({
    level: 'warning',
    message: expect.stringContaining('The comment on the pull request could not be written.'),
  })
})

describe('findings that fail the step', () => {
  const inputs = { 'fail-on': 'breaks' }

  test('name the label that accepts them', async () => {
    const pull = await pullRequest()
    const run = await review(pull, { inputs })
    expect(run.code).toBe(1)
    expect(run.annotations.at(-1)?.message).toContain("the label 'accept-solution-changes'")
    expect(await commentsOf(emulator, pull.number)).toHaveLength(1)
  })

  test('are accepted by the label, also when it came after the event of the run', async () => {
    const pull = await pullRequest()
    await askGithub(emulator, 'POST', `/issues/${pull.number}/labels`, {
      labels: ['Accept-Solution-Changes'],
    })
    const run = await review(pull, { inputs })
    expect(run.code).toBe(0)
    expect(run.log).toContain("The label 'accept-solution-changes' accepts 1 finding of 'fail-on'.")
  })

  test('are not accepted by a label that was taken away since', async () => {
    const pull = await pullRequest()
    const run = await review(pull, { inputs, event: { labels: ['accept-solution-changes'] } })
    expect(run.code).toBe(1)
  })

  test('are accepted by the label of the event where GitHub does not tell, and only by the one that is given', async () => {
    const pull = await pullRequest()
    unavailable(`/pulls/${pull.number}`)
    const job = { event: { labels: ['reviewed'] } }
    expect((await review(pull, { ...job, inputs: { ...inputs, 'accept-label': 'reviewed' } })).code).toBe(0)
    expect((await review(pull, { ...job, inputs })).code).toBe(1)
  })
})
