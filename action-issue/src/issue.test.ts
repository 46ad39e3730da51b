import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Emulator, startEmulator } from '../../packages/dataverse-emulator/src/index.ts'
import { pick } from '../../packages/dataverse-emulator/src/testing/with-emulator.ts'
import { askGithub, githubRequests, REPOSITORY } from '../../tests/support/emulated-github.ts'
import { readWith } from '../../tests/support/inputs-read.ts'
import { recordedDeps } from '../../tests/support/recorded-deps.ts'
import { runAction } from '../../tests/support/run-action.ts'
import { readInputs } from './inputs.ts'
import { run } from './run.ts'

const JOB = 'ghs_of-the-job'

let emulator: Emulator
let workspace: string
let count = 0
beforeAll(async () => {
  emulator = await startEmulator({
    github: {
      tokens: { 'ghs_cannot-write': { contents: 'read', issues: 'read', pull_requests: 'write' } },
      logins: { 'ghs_of-a-person-who-looks': 'ada', 'ghs_of-an-app': 'drift-app[bot]' },
    },
  })
})
afterAll(() => emulator.close())
beforeEach(() => {
  count++
  workspace = mkdtempSync(join(tmpdir(), 'issue-'))
})
afterEach(() => rmSync(workspace, { recursive: true }))

/** What the runner tells of a job. */
const job = (): Readonly<Record<string, string>> => ({
  GITHUB_API_URL: emulator.ready.github,
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: REPOSITORY,
  GITHUB_RUN_ID: '7',
  GITHUB_JOB: 'drift',
  GITHUB_WORKFLOW_REF: `${REPOSITORY}/.github/workflows/nightly.yml@refs/heads/main`,
})

/** With a key of its own for each test, since all share the repository. */
const inputsOf = (given: Readonly<Record<string, string>>): Readonly<Record<string, string>> => ({
  state: 'open',
  title: `Drift ${count}`,
  body: 'A column differs.',
  key: `production ${count}`,
  'github-token': JOB,
  ...given,
})

interface Kept {
  readonly failure: string
  readonly outputs: Readonly<Record<string, unknown>>
  readonly lines: readonly string[]
  readonly summary: readonly string[]
}

async function keep(
  given: Readonly<Record<string, string>> = {},
  environment: Readonly<Record<string, string>> = {},
): Promise<Kept> {
  let now = Date.parse('2026-11-27T12:00:00Z')
  const { deps, lines, summary } = recordedDeps(workspace, { now: () => now, advance: (ms) => (now += ms) })
  try {
    const { inputs } = readWith('action-issue', readInputs, inputsOf(given))
    const outputs = await run(inputs, { ...deps, environment: { ...job(), ...environment } })
    return { failure: '', outputs, lines, summary }
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error), outputs: {}, lines, summary }
  }
}

interface Found {
  readonly number: number
  readonly state: string
  readonly reason: string
  readonly title: string
  readonly body: string
  readonly labels: readonly string[]
  readonly assignees: readonly string[]
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The issues of a test, by their title, the oldest first. */
async function issues(title = `Drift ${count}`): Promise<readonly Found[]> {
  const all = list(await askGithub(emulator, 'GET', '/issues?state=all&per_page=100'))
  return all
    .filter((one) => String(pick(one, 'title')).startsWith(title) && pick(one, 'pull_request') === undefined)
    .map((one) => ({
      number: Number(pick(one, 'number')),
      state: String(pick(one, 'state')),
      reason: String(pick(one, 'state_reason')),
      title: String(pick(one, 'title')),
      body: String(pick(one, 'body')),
      labels: list(pick(one, 'labels')).map((label) => String(pick(label, 'name'))),
      assignees: list(pick(one, 'assignees')).map((person) => String(pick(person, 'login'))),
    }))
    .toReversed()
}

function edit({ number }: Found, change: object): Promise<unknown> {
  return askGithub(emulator, 'PATCH', `/issues/${number}`, change)
}

/** What is seen of a text. */
function seen({ body }: Found): string {
  return body.replaceAll(/<!--.*?-->/g, '').trim()
}

async function only(title?: string): Promise<Found> {
  const [one, ...others] = await issues(title)
  if (one === undefined || others.length > 0) throw new Error(`There are ${others.length + 1} issues.`)
  return one
}

test('one issue through its life: opened, left alone, updated, closed, and opened again when it comes back', async () => {
  const people = { labels: 'drift, production', assignees: '@ada' }
  const first = await keep(people)
  const { number, ...opened } = await only()
  expect(opened).toMatchObject({
    state: 'open',
    labels: ['drift', 'production'],
    assignees: ['ada'],
  })
  expect(seen(await only())).toBe(
    `A column differs.\n\n_Found by [this run](https://github.com/${REPOSITORY}/actions/runs/7). It is closed when nothing is left._`,
  )
  expect(first.outputs).toEqual({
    operation: 'created',
    number,
    url: `https://github.com/${REPOSITORY}/issues/${number}`,
  })
  expect(first.summary).toContain(`# Issue #${number} is opened`)
  const operations: (string | undefined)[] = []
  for (const inputs of [
    people,
    { body: 'Two columns differ.' },
    { state: 'closed' },
    { state: 'closed' },
    { body: 'A role differs.' },
  ]) {
    const { outputs } = await keep(inputs, { GITHUB_RUN_ID: '8' })
    operations.push(`${String(outputs['operation'])} #${String(outputs['number'])} ${(await only()).state}`)
  }
  expect(operations).toEqual([
    `none #${number} open`,
    `updated #${number} open`,
    `closed #${number} closed`,
    `none #${number} closed`,
    `reopened #${number} open`,
  ])
  expect(seen(await only())).toMatch(/^A role differs\..*runs\/8/s)
})

test('nothing to tell and no issue: none is made', async () => {
  const { failure, outputs } = await keep({ state: 'closed', 'body-file': 'not-written.md' })
  expect([failure, outputs, await issues()]).toEqual(['', { operation: 'none' }, []])
})

test('what people set on it stays as they set it', async () => {
  await keep({ labels: 'drift' })
  await askGithub(emulator, 'POST', `/issues/${(await only()).number}/labels`, { labels: ['accepted'] })
  await askGithub(emulator, 'DELETE', `/issues/${(await only()).number}/labels/drift`)
  await keep({ labels: 'drift', body: 'More differs.' })
  expect((await only()).labels).toEqual(['accepted'])
})

test.each([
  ['not_planned', 'none', 'reopened'],
  ['duplicate', 'none', 'reopened'],
  ['completed', 'reopened', 'updated'],
])('closed by a person as %s: the same is %s, something else is %s', async (reason, same, other) => {
  await keep()
  await edit(await only(), { state: 'closed', state_reason: reason })
  expect((await keep()).outputs['operation']).toBe(same)
  expect((await keep({ body: 'More differs.' })).outputs['operation']).toBe(other)
  expect((await only()).state).toBe('open')
})

test('each key, job and workflow has an issue of its own; the branch of the workflow does not matter', async () => {
  const ref = `${REPOSITORY}/.github/workflows`
  await keep()
  await keep({ key: `test ${count}` })
  await keep({}, { GITHUB_JOB: 'other' })
  await keep({}, { GITHUB_WORKFLOW_REF: `${ref}/other.yml@refs/heads/main` })
  expect(await issues()).toHaveLength(4)
  await keep({}, { GITHUB_WORKFLOW_REF: `${ref}/nightly.yml@refs/heads/other` })
  expect(await issues()).toHaveLength(4)
})

test('an issue of somebody else is not touched, whatever it quotes', async () => {
  await keep()
  const ours = await only()
  await askGithub(emulator, 'POST', '/issues', { title: `Drift ${count}`, body: ours.body })
  await askGithub(emulator, 'POST', '/issues', { title: `Drift ${count}`, body: ours.body }, 'ghs_of-an-app')
  const { outputs } = await keep({ state: 'closed' })
  expect([outputs['number'], (await issues()).map(({ state }) => state)]).toEqual([
    ours.number,
    ['closed', 'open', 'open'],
  ])
})

test('of two that runs at once have opened, the first one stays', async () => {
  await keep()
  const { body, title } = await only()
  await askGithub(emulator, 'POST', '/issues', { title, body }, JOB)
  expect((await keep({ body: 'More differs.' })).outputs['operation']).toBe('updated')
  expect((await issues()).map(({ state, reason }) => `${state} ${reason}`)).toEqual([
    'open null',
    'closed not_planned',
  ])
})

test('is found behind a hundred other issues', async () => {
  await keep()
  for (let at = 0; at < 120; at++)
    await askGithub(emulator, 'POST', '/issues', { title: `Another ${at}`, body: 'x' }, JOB)
  expect((await keep()).outputs['operation']).toBe('none')
})

test('the texts of files stand one below the other, cut to what GitHub takes, with nothing left open', async () => {
  const long = `<details><summary>Long</summary>\n\n\`\`\`diff\n${'- a line with ü\n'.repeat(6_000)}\`\`\`\n\n</details>\n`
  writeFileSync(join(workspace, 'a.md'), '# First\n')
  writeFileSync(join(workspace, 'b.md'), long)
  expect((await keep({ body: '', 'body-file': 'a.md\nb.md' })).outputs['operation']).toBe('created')
  const text = seen(await only())
  expect(Buffer.byteLength((await only()).body)).toBeLessThanOrEqual(65_536)
  expect(text).toMatch(/^# First\n\n<details>/)
  expect(text).toMatch(
    /\n```\n\n<\/details>\n\n_The text is cut here: GitHub allows 65,536 bytes\._\n\n_Found by [^\n]*$/,
  )
  expect((await keep({ body: '', 'body-file': 'a.md\nb.md' })).outputs['operation']).toBe('none')
})

test('a block of code with a shorter fence in it is closed where the text is cut', async () => {
  await keep({ body: `\`\`\`\`md\n\`\`\`\n${'a line\n'.repeat(12_000)}\`\`\`\`` })
  expect(seen(await only())).toMatch(/\na line\n````\n\n_The text is cut here/)
})

test('of many files each is told to be cut, and none is left out for another one', async () => {
  const names = Array.from({ length: 300 }, (_, index) => `part${index}.md`)
  for (const name of names) writeFileSync(join(workspace, name), 'y\n'.repeat(400))
  await keep({ body: '', 'body-file': names.join('\n') })
  expect(seen(await only()).match(/The text is cut here/g)).toHaveLength(names.length)
})

test('a title is not cut within a character, so that it is the same the next time', async () => {
  const title = `Drift ${count} `.padEnd(12, '-') + '😀'.repeat(200)
  await keep({ title })
  expect((await keep({ title })).outputs['operation']).toBe('none')
  const found = await only()
  expect(found.title).not.toMatch(/[\uD800-\uDFFF\uFFFD]/u)
})

test('an issue that was deleted meanwhile is not told as a setting', async () => {
  await keep()
  const body = { message: 'This issue was deleted' }
  emulator.faults([
    { service: 'github', fault: 'status', status: 410, method: 'PATCH', path: '/issues/', body },
  ])
  const { failure } = await keep({ body: 'More differs.' })
  expect(failure).toMatch(/410.*This issue was deleted\.$/)
})

test('a hostile title is one line in which nothing is hidden, and a text cannot pose as another state', async () => {
  const mark = `<!-- dataverse-solution-actions state ${'0'.repeat(64)} -->`
  const hostile = { title: `Drift ${count} \u202etxt.exe ${'x'.repeat(400)}`, body: `Text\n${mark}` }
  await keep(hostile)
  const { title, body } = await only()
  expect([title.length, title.includes('⟨U+202E⟩'), body.includes(mark)]).toEqual([256, true, false])
  expect((await keep(hostile)).outputs['operation']).toBe('none')
})

test.each(['reset-before', 'reset-after', 'half-answer'] as const)(
  'an answer that is lost (%s) ends with one issue',
  async (fault) => {
    emulator.faults([{ service: 'github', fault, method: 'POST', path: '/issues' }])
    const { failure, outputs } = await keep()
    expect([failure, outputs['operation'], (await issues()).length]).toEqual(['', 'created', 1])
  },
)

test('a token without the permission: the line of the workflow is named', async () => {
  const { failure } = await keep({ 'github-token': 'ghs_cannot-write' })
  expect(failure).toMatch(/403[^]*'issues: write'[^]*'permissions:' with 'issues: write'/)
})

test('issues that are switched off: the setting is named', async () => {
  const without = await startEmulator({ github: { hasIssues: false } })
  try {
    const { failure } = await keep({}, { GITHUB_API_URL: without.ready.github })
    expect(failure).toMatch(/410[^]*General, Features, tick 'Issues'/)
  } finally {
    await without.close()
  }
})

test('someone whom GitHub does not take is told, and the issue stays', async () => {
  emulator.faults([
    {
      service: 'github',
      fault: 'status',
      status: 422,
      method: 'POST',
      path: '/assignees',
      body: { message: 'No' },
    },
  ])
  const { outputs, lines } = await keep({ assignees: 'nobody' })
  expect(outputs['operation']).toBe('created')
  expect(lines).toContainEqual(expect.stringMatching(/^warning: The assignees of #\d+ could not be set/))
})

test.each([
  ['a file that is not there', { 'body-file': 'no.md' }, /There is no file 'no\.md'/],
  ['a state that is none', { state: 'maybe' }, /'state'.*open or closed/],
  ['no token', { 'github-token': '' }, /'github-token' is empty/],
])('%s is told, and GitHub is asked for nothing', async (_, inputs, message) => {
  const before = githubRequests(emulator).length
  expect((await keep(inputs)).failure).toMatch(message)
  expect(githubRequests(emulator)).toHaveLength(before)
})

test('the built action', async () => {
  const { code, stderr, outputs, summary } = await runAction('issue', inputsOf({}), {
    workspace,
    environment: job(),
  })
  const { number } = await only()
  expect({ code, stderr, ...outputs }).toEqual({
    code: 0,
    stderr: '',
    operation: 'created',
    number: String(number),
    url: `https://github.com/${REPOSITORY}/issues/${number}`,
  })
  expect(summary).toMatch(/Issue .*\d+ is opened\n/)
})
