import { type Emulator, startEmulator } from '../../../dataverse-emulator/src/index.ts'
import type { RequestFault } from '../../../dataverse-emulator/src/http/faults.ts'
import {
  askGithub,
  commentsOf,
  githubRequests,
  openPullRequest,
  REPOSITORY,
} from '../../../../tests/support/emulated-github.ts'
import { recordedDeps } from '../../../../tests/support/recorded-deps.ts'
import { connectToGithub } from './connect.ts'
import { COMMENT_BYTES, keepOneComment } from './one-comment.ts'
import { LONGEST_WAIT_MS } from './retry.ts'

const TOKENS = {
  'ghs_reads-alone': { contents: 'read', pull_requests: 'read' },
  ghp_person: { pull_requests: 'write' },
}

let emulator: Emulator
let number: number
let pulls = 0
beforeAll(async () => {
  emulator = await startEmulator({
    github: { tokens: TOKENS, logins: { ghp_person: 'ada', 'ghs_of-a-person-who-looks': 'ada' } },
  })
})
afterAll(() => emulator.close())
beforeEach(async () => {
  pulls++
  number = await openPullRequest(emulator, `change-${pulls}`, String(pulls).padStart(40, '0'))
})

/** What the job has, with a clock that only sleeping moves. */
async function job(token = 'ghs_of-the-job') {
  let now = Date.parse('2026-11-27T12:00:00Z')
  const world = recordedDeps('/nowhere', { now: () => now, advance: (ms) => (now += ms) })
  const begun = now
  const github = await connectToGithub(token, {
    ...world.deps,
    environment: { GITHUB_API_URL: emulator.ready.github, GITHUB_REPOSITORY: REPOSITORY },
  })
  return { github, lines: world.lines, slept: () => now - begun }
}

const comment = (text: string, key = ['diff', 'ci.yml', 'review']) => ({ number, key, text, isNews: true })

const fault = (given: RequestFault): void => emulator.faults([{ service: 'github', ...given }])

function sent(from: number): readonly string[] {
  return githubRequests(emulator)
    .slice(from)
    .filter((line) => line.includes(`/${number}/comments`) || line.includes('/issues/comments/'))
    .map((line) => line.replace(/\d+/g, 'N').replace(/\?.*/, ''))
}

describe('one comment', () => {
  test('is written, updated in place, and left alone when it says the same', async () => {
    const { github } = await job()
    expect(await keepOneComment(github, comment('one'))).toBe('created')
    expect(await keepOneComment(github, comment('two'))).toBe('updated')
    expect(await keepOneComment(github, comment('two'))).toBe('unchanged')
    const [only, ...more] = await commentsOf(emulator, number)
    expect(more).toEqual([])
    expect(only?.body).toMatch(/^<!-- dataverse-solution-actions [0-9a-f]{64} -->\ntwo$/)
  })

  test('is not begun with nothing to say', async () => {
    const { github } = await job()
    expect(await keepOneComment(github, { ...comment('nothing'), isNews: false })).toBe('none')
    expect(await commentsOf(emulator, number)).toEqual([])
  })

  test('is another one for another job, however the names are cut', async () => {
    const { github } = await job()
    for (const key of [['a', 'bc'], ['ab', 'c'], ['ab,c'], ['--><script>', '\u202e', '"']])
      expect(await keepOneComment(github, comment('x', key))).toBe('created')
    const bodies = (await commentsOf(emulator, number)).map(({ body }) => body)
    expect(new Set(bodies).size).toBe(4)
    for (const body of bodies) expect(body).toMatch(/^<!-- [\w -]+ -->\nx$/)
  })

  test('of somebody else with the same marker is not touched, nor is one of ours that quotes it', async () => {
    const { github } = await job()
    await keepOneComment(github, comment('ours', ['quoted']))
    const [own] = await commentsOf(emulator, number)
    const body = own?.body ?? ''
    await askGithub(emulator, 'DELETE', `/issues/comments/${own?.id}`)
    await askGithub(emulator, 'POST', `/issues/${number}/comments`, { body })
    await askGithub(emulator, 'POST', `/issues/${number}/comments`, { body: `> ${body}` }, 'ghs_of-the-job')
    expect(await keepOneComment(github, comment('ours', ['quoted']))).toBe('created')
    expect((await commentsOf(emulator, number)).map(({ author }) => author)).toEqual([
      'ada',
      'github-actions[bot]',
      'github-actions[bot]',
    ])
  })

  test('is found again by the person whose token wrote it', async () => {
    const { github } = await job('ghp_person')
    expect(await keepOneComment(github, comment('one'))).toBe('created')
    expect(await keepOneComment(github, comment('two'))).toBe('updated')
    expect(await commentsOf(emulator, number)).toMatchObject([{ author: 'ada' }])
  })

  test('is found behind a hundred others, and what two runs wrote at once becomes one', async () => {
    const { github } = await job()
    for (let i = 0; i < 100; i++)
      await askGithub(emulator, 'POST', `/issues/${number}/comments`, { body: `talk ${i}` })
    await keepOneComment(github, comment('one'))
    const body = (await allComments()).at(-1)?.body
    await askGithub(emulator, 'POST', `/issues/${number}/comments`, { body }, 'ghs_of-the-job')
    expect(await keepOneComment(github, comment('two'))).toBe('updated')
    expect((await allComments()).slice(100).map((item) => item.body.split('\n')[1])).toEqual(['two'])
  })

  test('of the largest size is taken by GitHub', async () => {
    const { github } = await job()
    expect(await keepOneComment(github, comment('x'.repeat(COMMENT_BYTES)))).toBe('created')
  })
})

async function allComments() {
  const second = await askGithub(emulator, 'GET', `/issues/${number}/comments?per_page=100&page=2`)
  const more = Array.isArray(second) ? second.map(({ body }: { body: string }) => ({ body })) : []
  return [...(await commentsOf(emulator, number)), ...more]
}

describe('a comment is never written twice', () => {
  test.each<[string, Omit<RequestFault, 'method' | 'path'>, number]>([
    ['the answer is lost after GitHub acted', { fault: 'reset-after' }, 1],
    ['the answer breaks off', { fault: 'half-answer' }, 1],
    ['a gateway fails after GitHub acted', { fault: 'status', status: 502, acted: true, body: '<html>' }, 1],
    ['a gateway answers with a page', { fault: 'status', status: 200, acted: true, body: '<html>' }, 1],
    ['the connection breaks before', { fault: 'reset-before' }, 2],
    ['a server fails before it acts', { fault: 'status', status: 503 }, 2],
  ])('when %s', async (_name, given, posts) => {
    const { github, lines } = await job()
    const before = githubRequests(emulator).length
    fault({ ...given, method: 'POST', path: `/issues/${number}/comments` })
    expect(await keepOneComment(github, comment('once'))).toBe('created')
    expect(await commentsOf(emulator, number)).toHaveLength(1)
    const requests = sent(before)
    expect(requests.filter((line) => line.startsWith('POST'))).toHaveLength(posts)
    // Looked for between one sending and the next.
    expect(requests.join(' ')).not.toMatch(/POST \S+ POST/)
    expect(lines.join('\n')).toContain('looked up before anything is sent again')
  })

  test('and is given up when every answer is lost', async () => {
    const { github } = await job()
    fault({ fault: 'reset-before', method: 'POST', path: `/issues/${number}/comments`, times: 99 })
    await expect(keepOneComment(github, comment('never'))).rejects.toMatchObject({
      name: 'GithubError',
      isLost: true,
      message: expect.stringMatching(
        /gave no answer to 'POST \/repos\/contoso\/orders\/issues\/\d+\/comments'/,
      ),
    })
    emulator.faults([])
    expect(await commentsOf(emulator, number)).toHaveLength(0)
  })
})

describe('limits of GitHub', () => {
  const limited = (headers: Readonly<Record<string, string>>, status = 403, message = 'x') => ({
    fault: 'status' as const,
    status,
    headers,
    body: { message },
  })
  test.each<[string, Omit<RequestFault, 'method' | 'path'>, number]>([
    ['for as long as Retry-After says', limited({ 'retry-after': '7' }), 7_000],
    [
      'until the hour of the limit ends',
      limited({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1795780830' }),
      30_000,
    ],
    [
      'for a minute where nothing is said',
      limited({}, 403, 'You have exceeded a secondary rate limit.'),
      60_000,
    ],
    ['for a minute after a bare 429', limited({}, 429), 60_000],
  ])('are waited out %s, also before a comment', async (_name, given, waited) => {
    const { github, slept } = await job()
    fault({ ...given, method: 'POST', path: `/issues/${number}/comments` })
    expect(await keepOneComment(github, comment('patient'))).toBe('created')
    expect(slept()).toBe(waited)
    expect(await commentsOf(emulator, number)).toHaveLength(1)
  })

  test('that end too late are told, and not waited for', async () => {
    const { github, slept } = await job()
    fault({ ...limited({ 'retry-after': '3000' }, 429), method: 'GET', path: `/issues/${number}/comments` })
    await expect(keepOneComment(github, comment('x'))).rejects.toThrow(/429.*limit of GitHub on requests/)
    expect(slept()).toBe(0)
  })

  test('without end are given up', async () => {
    const { github, slept } = await job()
    fault({ ...limited({}, 429), method: 'GET', path: `/issues/${number}/comments`, times: 99 })
    await expect(keepOneComment(github, comment('x'))).rejects.toThrow(/429/)
    expect(slept()).toBeLessThanOrEqual(LONGEST_WAIT_MS)
  })
})

test('a question is asked again when the server fails, and not for ever', async () => {
  const { github, lines } = await job()
  fault({
    fault: 'status',
    status: 502,
    body: '<html>',
    method: 'GET',
    path: `/issues/${number}/comments`,
    times: 2,
  })
  expect(await keepOneComment(github, comment('x'))).toBe('created')
  expect(lines.filter((line) => line.includes('sent again'))).toHaveLength(2)
  fault({ fault: 'reset-after', method: 'GET', path: `/issues/${number}/comments`, times: 99, nth: 1 })
  await expect(keepOneComment(github, comment('y'))).rejects.toThrow(/gave no answer/)
})

test('a token without the permission is told which one, and is not tried again', async () => {
  const { github, slept } = await job('ghs_reads-alone')
  await expect(keepOneComment(github, comment('x'))).rejects.toMatchObject({
    lacksPermission: true,
    isLost: false,
    message: expect.stringContaining("needs the permission 'issues: write' or 'pull-requests: write'"),
  })
  expect(slept()).toBe(0)
})

test.each([
  ['Unable to create comment because issue is locked.', false],
  ['Repository was archived so is read-only.', false],
  ['Resource not accessible by personal access token', true],
])('a 403 that says %j is about the token: %s', async (message, lacksPermission) => {
  const { github } = await job()
  fault({
    fault: 'status',
    status: 403,
    method: 'POST',
    path: `/issues/${number}/comments`,
    body: { message },
  })
  await expect(keepOneComment(github, comment('x'))).rejects.toMatchObject({
    lacksPermission,
    message: expect.stringContaining(message.replace(/\.$/, '')),
  })
})

test('a job without a repository is told', async () => {
  const world = recordedDeps('/nowhere', { now: () => 0, advance: () => undefined })
  await expect(connectToGithub('x', world.deps)).rejects.toThrow(/'GITHUB_REPOSITORY' names no repository/)
})
