import { createServer } from 'node:http'
import { connect } from 'node:net'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Emulator, startEmulator } from '../../packages/dataverse-emulator/src/index.ts'
import { pick } from '../../packages/dataverse-emulator/src/testing/with-emulator.ts'
import { askGithub, githubRequests, REPOSITORY } from '../../tests/support/emulated-github.ts'
import { runAction, type StepResult } from '../../tests/support/run-action.ts'

const JOB = 'ghs_of-the-job'
const ADA = 'ghp_of-ada'
const APP = 'ghs_of-an-app'
const FOLDER = 'solutions/Orders'

let emulator: Emulator
let workspace: string
let count = 0
let branch: string
beforeAll(async () => {
  emulator = await startEmulator({
    github: {
      tokens: {
        'ghs_cannot-write': { contents: 'read', pull_requests: 'read' },
        'ghs_contents-alone': { contents: 'write', pull_requests: 'read' },
      },
      logins: { [ADA]: 'ada', [APP]: 'sync-app[bot]', 'ghs_of-a-person-who-looks': 'ada' },
    },
  })
})
afterAll(() => emulator.close())
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'propose-'))
  branch = `sync/${++count}`
})
afterEach(() => rmSync(workspace, { recursive: true }))

function write(files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true })
    writeFileSync(join(workspace, path), content)
  }
}

/** A folder of its own for each test, since all share `main`. */
const folder = (): string => `${FOLDER}${count}`
const at = (file: string): string => `${folder()}/${file}`

function propose(
  inputs: Readonly<Record<string, string>> = {},
  environment: Readonly<Record<string, string>> = {},
): Promise<StepResult> {
  return runAction(
    'pull-request',
    { paths: folder(), branch, title: 'Sync Orders', 'github-token': JOB, ...inputs },
    {
      workspace,
      environment: {
        GITHUB_API_URL: emulator.ready.github,
        GITHUB_SERVER_URL: 'https://github.com',
        GITHUB_REPOSITORY: REPOSITORY,
        ...environment,
      },
    },
  )
}

const ask = (method: string, path: string, body?: unknown, token?: string): Promise<unknown> =>
  askGithub(emulator, method, path, body, token)

/** A commit of ada, on a branch. */
function adaWrites(path: string, text: string, on = branch): Promise<unknown> {
  return ask('PUT', `/contents/${path}`, { message: 'By hand', content: btoa(text), branch: on }, ADA)
}

async function textOn(path: string, on = branch): Promise<string | undefined> {
  const answer = await fetch(`${emulator.ready.github}/repos/${REPOSITORY}/contents/${path}?ref=${on}`, {
    headers: { authorization: `Bearer ${ADA}`, accept: 'application/vnd.github.raw+json' },
  })
  return answer.ok ? answer.text() : undefined
}

async function treeOn(on = branch): Promise<ReadonlyMap<string, string>> {
  const tree = await ask('GET', `/git/trees/${encodeURIComponent(on)}?recursive=1`)
  const entries = pick(tree, 'tree')
  return new Map(
    (Array.isArray(entries) ? entries : []).flatMap((entry: unknown) =>
      pick(entry, 'type') === 'blob'
        ? [[String(pick(entry, 'path')), String(pick(entry, 'mode'))] as const]
        : [],
    ),
  )
}

async function pullsOf(state = 'open'): Promise<readonly unknown[]> {
  const pulls = await ask('GET', `/pulls?state=${state}&head=contoso:${branch}`)
  return Array.isArray(pulls) ? pulls : []
}

async function commitsOn(on = branch): Promise<readonly unknown[]> {
  const compared = pick(await ask('GET', `/compare/main...${encodeURIComponent(on)}`), 'commits')
  return Array.isArray(compared) ? compared : []
}

/** Requests of a run that send bytes, or make something. */
function sentSince(from: number): readonly string[] {
  return githubRequests(emulator)
    .slice(from)
    .filter((line) => /^(POST|PATCH|DELETE|PUT)/.test(line) && !line.includes('graphql'))
}

test('a file in the place of a folder of the same name is not taken for the file in it', async () => {
  await adaWrites(at('notes'), 'text', 'main')
  write({ [at('notes/notes')]: 'text' })
  const run = await propose({ paths: at('notes/notes') })
  expect(run.outputs['operation']).toBe('created')
  expect(await textOn(at('notes/notes'))).toBe('text')
})

test('a folder becomes a branch and a pull request, byte for byte', async () => {
  const bytes = new Uint8Array([0xff, 0xfe, 0, 1, 2, 13, 10])
  write({
    [at('a.xml')]: '\ufeff<a>\r\n</a>\r\n',
    [at('b/image.png')]: bytes,
    [at('b/empty.txt')]: '',
    [at('b/@odd #name [ü] $x.txt')]: 'odd',
  })
  const run = await propose({
    body: 'What changed',
    labels: 'solution, sync',
    assignees: 'ada',
    reviewers: '@ada',
  })
  expect(run.annotations.filter(({ level }) => level !== 'notice')).toEqual([])
  const [pull] = await pullsOf()
  expect(run.outputs).toEqual({
    operation: 'created',
    number: String(pick(pull, 'number')),
    url: pick(pull, 'html_url'),
    branch,
    'head-sha': pick(pull, 'head', 'sha'),
  })
  expect(pull).toMatchObject({
    title: 'Sync Orders',
    draft: false,
    body: expect.stringMatching(/^What changed\n\n<!-- [\w -]+ -->$/),
    labels: [{ name: 'solution' }, { name: 'sync' }],
    assignees: [{ login: 'ada' }],
    requested_reviewers: [{ login: 'ada' }],
  })
  expect(await textOn(at('a.xml'))).toBe('\ufeff<a>\r\n</a>\r\n'.replace('\ufeff', ''))
  const image = await ask('GET', `/contents/${at('b/image.png')}?ref=${branch}`)
  expect(Buffer.from(String(pick(image, 'content')), 'base64')).toEqual(Buffer.from(bytes))
  expect([...(await treeOn()).keys()].filter((path) => path.startsWith(folder())).toSorted()).toEqual(
    [at('a.xml'), at('b/@odd #name [ü] $x.txt'), at('b/empty.txt'), at('b/image.png')].toSorted(),
  )
  expect((await treeOn()).has('README.md')).toBe(true)
  const [commit, ...others] = await commitsOn()
  expect([others.length, pick(commit, 'commit', 'verification', 'verified')]).toEqual([0, true])
  expect(run.summary).toContain("'Approve workflows to run'")
})

test('the second run of the same makes no request that writes, and succeeds (C91)', async () => {
  write({ [at('a.xml')]: 'a' })
  await propose()
  const before = githubRequests(emulator).length
  const run = await propose()
  expect(run.outputs['operation']).toBe('none')
  expect(sentSince(before)).toEqual([])
})

test('what the base has already is no pull request, and no failure (C91)', async () => {
  await adaWrites(at('a.xml'), 'a', 'main')
  write({ [at('a.xml')]: 'a' })
  const run = await propose()
  expect([run.code, run.outputs]).toEqual([0, { operation: 'none', branch }])
  expect([await pullsOf('all'), await textOn('README.md')]).toEqual([[], undefined])
})

test('a change updates the branch, its message and the text; files that are gone go; only new bytes are sent (C90)', async () => {
  const large = Buffer.alloc(300_000, 1)
  write({ [at('a.xml')]: 'a', [at('gone.xml')]: 'x', [at('large.bin')]: large })
  await propose()
  rmSync(join(workspace, at('gone.xml')))
  write({ [at('a.xml')]: 'b', [at('copy.bin')]: large })
  const before = githubRequests(emulator).length
  const run = await propose({ title: 'Sync Orders 1.1', 'commit-message': 'Version 1.1' })
  expect(run.outputs['operation']).toBe('updated')
  expect(sentSince(before)).toEqual([
    'POST /git/trees',
    'POST /git/commits',
    `PATCH /git/refs/heads/${branch}`,
    expect.stringMatching(/^PATCH \/pulls\/\d+$/),
  ])
  expect([...(await treeOn()).keys()].filter((path) => path.startsWith(folder()))).toEqual([
    at('a.xml'),
    at('copy.bin'),
    at('large.bin'),
  ])
  expect(await pullsOf()).toMatchObject([{ title: 'Sync Orders 1.1' }])
  expect(pick((await commitsOn()).at(-1), 'commit', 'message')).toMatch(/^Version 1\.1\n\nMade-by: /)
})

const onPosix = process.platform === 'win32' ? test.skip : test

onPosix('the executable bit and links are kept as git keeps them, and a link is not followed', async () => {
  write({ [at('run.sh')]: '#!/bin/sh\n', [at('a.xml')]: 'a' })
  chmodSync(join(workspace, at('run.sh')), 0o755)
  symlinkSync('/etc/passwd', join(workspace, at('link')))
  await propose()
  const modes = await treeOn()
  expect([modes.get(at('run.sh')), modes.get(at('a.xml')), modes.get(at('link'))]).toEqual([
    '100755',
    '100644',
    '120000',
  ])
  expect(await textOn(at('link'))).toBe('/etc/passwd')
  chmodSync(join(workspace, at('run.sh')), 0o644)
  expect((await propose()).outputs['operation']).toBe('updated')
  expect((await treeOn()).get(at('run.sh'))).toBe('100644')
})

describe("somebody else's commits on the branch", () => {
  test('stay under ours, with what they changed', async () => {
    write({ [at('a.xml')]: 'a', [at('b.xml')]: 'b' })
    await propose()
    await adaWrites(at('b.xml'), "ada's")
    await adaWrites(at('c.xml'), 'new too')
    await adaWrites('docs/notes.md', 'notes')
    write({ [at('a.xml')]: 'new' })
    const run = await propose()
    expect(run.outputs['operation']).toBe('updated')
    expect([await textOn(at('a.xml')), await textOn(at('b.xml')), await textOn('docs/notes.md')]).toEqual([
      'new',
      "ada's",
      'notes',
    ])
    expect(run.summary).toContain('2 files that somebody changed on the branch stay')
    expect((await commitsOn()).map((commit) => pick(commit, 'author', 'login'))).toEqual([
      'github-actions[bot]',
      'ada',
      'ada',
      'ada',
      'github-actions[bot]',
    ])
    // Our own commit holds ada's file now, which makes it none of ours.
    expect((await propose()).outputs['operation']).toBe('none')
    write({ [at('a.xml')]: 'newer' })
    await propose()
    expect([await textOn(at('a.xml')), await textOn(at('b.xml')), await textOn(at('c.xml'))]).toEqual([
      'newer',
      "ada's",
      'new too',
    ])
  })

  test('stop it when both changed a file: the author is named, and nothing is written', async () => {
    write({ [at('a.xml')]: 'a' })
    await propose()
    await adaWrites(at('a.xml'), "ada's")
    write({ [at('a.xml')]: 'new' })
    const before = githubRequests(emulator).length
    const run = await propose()
    expect(run.code).toBe(1)
    expect(run.annotations.at(-1)?.message).toMatch(
      /has commits of ada \([0-9a-f]{7}\).*'solutions\/Orders\d+\/a\.xml'/,
    )
    expect(sentSince(before)).toEqual([])
    expect(await textOn(at('a.xml'))).toBe("ada's")
  })

  test('are safe from another bot account and from a commit that only looks like ours', async () => {
    write({ [at('a.xml')]: 'a' })
    await propose()
    await ask(
      'PUT',
      `/contents/${at('a.xml')}`,
      { message: 'x\n\nMade-by: dataverse-solution-actions', content: btoa('other'), branch },
      APP,
    )
    write({ [at('a.xml')]: 'new' })
    const run = await propose()
    expect(run.annotations.at(-1)?.message).toContain('has commits of sync-app[bot]')
  })
})

test('a commit of ours that a person amended is no longer ours', async () => {
  write({ [at('a.xml')]: 'a' })
  await propose()
  const [ours] = await commitsOn()
  const tree = await ask(
    'POST',
    '/git/trees',
    {
      base_tree: pick(ours, 'commit', 'tree', 'sha'),
      tree: [{ path: at('a.xml'), mode: '100644', type: 'blob', content: 'amended' }],
    },
    ADA,
  )
  const amended = await ask(
    'POST',
    '/git/commits',
    {
      message: pick(ours, 'commit', 'message'),
      tree: pick(tree, 'sha'),
      parents: [pick(await ask('GET', '/git/ref/heads/main'), 'object', 'sha')],
      author: pick(ours, 'commit', 'author'),
      committer: { name: 'ada', email: 'ada@users.noreply.github.com' },
    },
    ADA,
  )
  await ask('PATCH', `/git/refs/heads/${branch}`, { sha: pick(amended, 'sha'), force: true }, ADA)
  write({ [at('a.xml')]: 'new' })
  const run = await propose()
  expect(run.annotations.at(-1)?.message).toMatch(/has commits of ada \([0-9a-f]{7}\)/)
  expect(await textOn(at('a.xml'))).toBe('amended')
})

test('when the base moves on, our branch is joined with it, and is never forced', async () => {
  write({ [at('a.xml')]: 'a' })
  await propose()
  await adaWrites('other.md', 'of main', 'main')
  write({ [at('a.xml')]: 'b' })
  const before = githubRequests(emulator).length
  await propose()
  expect(await textOn('other.md')).toBe('of main')
  const [pull] = await pullsOf()
  const files = await ask('GET', `/pulls/${String(pick(pull, 'number'))}/files`)
  expect(files).toMatchObject([{ filename: at('a.xml') }])
  const forced = emulator.requests().filter(({ body }) => pick(body, 'force') === true)
  expect([forced, sentSince(before).some((line) => line.startsWith('DELETE'))]).toEqual([[], false])
})

describe('a pull request that is closed', () => {
  async function closed(): Promise<string> {
    write({ [at('a.xml')]: 'a' })
    const { number = '' } = (await propose()).outputs
    await ask('PATCH', `/pulls/${number}`, { state: 'closed' }, ADA)
    return number
  }

  test('by a person is not opened again for the same content, also without its branch', async () => {
    const number = await closed()
    const before = githubRequests(emulator).length
    const run = await propose()
    expect(run.outputs).toMatchObject({ operation: 'none', number })
    expect(run.log).toContain(`Pull request #${number} proposed the same and was closed`)
    await ask('DELETE', `/git/refs/heads/${branch}`, undefined, ADA)
    expect((await propose()).outputs['operation']).toBe('none')
    expect(sentSince(before)).toEqual([])
    expect(await pullsOf()).toEqual([])
  })

  test('by a person gives way to another one when the content is another', async () => {
    const number = await closed()
    write({ [at('a.xml')]: 'b' })
    const run = await propose()
    expect(run.outputs['operation']).toBe('created')
    expect(run.outputs['number']).not.toBe(number)
  })
})

test.each(['merge', 'squash'])(
  'after a pull request was merged (%s), the same is not proposed again, and the next state is, in a new one',
  async (method) => {
    write({ [at('a.xml')]: 'a' })
    const { number = '' } = (await propose()).outputs
    await adaWrites(at('b.xml'), 'of ada')
    await ask('PUT', `/pulls/${number}/merge`, { merge_method: method }, ADA)
    write({ [at('b.xml')]: 'of ada' })
    expect((await propose()).outputs).toMatchObject({ operation: 'none', branch })
    write({ [at('a.xml')]: 'b' })
    const run = await propose()
    expect(run.outputs['operation']).toBe('created')
    expect(run.outputs['number']).not.toBe(number)
    expect(await ask('GET', `/pulls/${run.outputs['number'] ?? ''}/files`)).toMatchObject([
      { filename: at('a.xml') },
    ])
  },
)

test('when nothing is left, the pull request is closed and the branch deleted; later the same may come again', async () => {
  await adaWrites(at('a.xml'), 'a', 'main')
  write({ [at('a.xml')]: 'b' })
  const { number } = (await propose()).outputs
  write({ [at('a.xml')]: 'a' })
  const run = await propose()
  expect(run.outputs).toEqual({ operation: 'closed', number, url: expect.any(String), branch })
  expect(await pullsOf('closed')).toMatchObject([{ state: 'closed' }])
  expect(await textOn('README.md')).toBeUndefined()
  write({ [at('a.xml')]: 'b' })
  expect((await propose()).outputs['operation']).toBe('created')
})

test('with delete-branch: false the branch stays', async () => {
  await adaWrites(at('a.xml'), 'a', 'main')
  write({ [at('a.xml')]: 'b' })
  await propose()
  write({ [at('a.xml')]: 'a' })
  const run = await propose({ 'delete-branch': 'false' })
  expect(run.outputs).toMatchObject({ operation: 'closed', 'head-sha': expect.any(String) })
  expect(await textOn('README.md')).toBeDefined()
})

describe('a step before that found nothing to propose', () => {
  const nothing = { 'nothing-to-propose': 'No component changed.' }

  test('opens no pull request, whatever the files are, and says why', async () => {
    write({ [at('a.xml')]: 'a' })
    const before = githubRequests(emulator).length
    const run = await propose(nothing)
    expect([run.code, run.outputs]).toEqual([0, { operation: 'none', branch }])
    expect(run.summary).toContain('No component changed.')
    expect(sentSince(before)).toEqual([])
  })

  test('takes back what earlier runs proposed', async () => {
    write({ [at('a.xml')]: 'a' })
    const { number } = (await propose()).outputs
    const run = await propose(nothing)
    expect(run.outputs).toMatchObject({ operation: 'closed', number })
    expect([await pullsOf(), await textOn('README.md')]).toEqual([[], undefined])
    expect((await propose()).outputs['operation']).toBe('created')
  })

  test('leaves a branch with commits of a person as it is, and names the person', async () => {
    write({ [at('a.xml')]: 'a' })
    const { number } = (await propose()).outputs
    await adaWrites(at('by-hand.xml'), 'x')
    const before = githubRequests(emulator).length
    const run = await propose(nothing)
    expect(run.outputs).toMatchObject({ operation: 'none', number })
    expect(run.summary).toContain('has commits of ada')
    expect(sentSince(before)).toEqual([])
  })
})

describe('races and lost answers', () => {
  test('two runs at once end with one pull request, and nothing is lost', async () => {
    write({ [at('a.xml')]: 'a' })
    const runs = await Promise.all([propose(), propose(), propose()])
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0])
    expect(await pullsOf()).toHaveLength(1)
    expect(await textOn(at('a.xml'))).toBe('a')
  })

  test('a branch that moved between looking and writing is looked at again, and not forced', async () => {
    write({ [at('a.xml')]: 'a' })
    await propose()
    write({ [at('a.xml')]: 'b' })
    emulator.faults([
      {
        service: 'github',
        fault: 'status',
        status: 422,
        method: 'PATCH',
        path: `/git/refs/heads/${branch}`,
        body: { message: 'Update is not a fast forward' },
      },
    ])
    const run = await propose()
    expect([run.code, await textOn(at('a.xml'))]).toEqual([0, 'b'])
    expect(run.log).toContain('Looking at it again.')
  })

  test.each(['/git/refs', '/pulls', '/git/trees', '/git/commits'])(
    'a lost answer of POST %s makes nothing twice',
    async (path) => {
      write({ [at('a.xml')]: 'a' })
      emulator.faults([
        {
          service: 'github',
          fault: 'reset-after',
          method: 'POST',
          path: `/^\\/repos\\/contoso\\/orders${path}$/`,
        },
      ])
      const run = await propose()
      expect([run.code, await textOn(at('a.xml'))]).toEqual([0, 'a'])
      expect(await pullsOf('all')).toHaveLength(1)
      expect(await commitsOn()).toHaveLength(1)
    },
  )
})

describe('a token or a setting that does not allow it', () => {
  test.each(['ghs_cannot-write', 'ghs_contents-alone'])('%s: the permissions are named', async (token) => {
    write({ [at('a.xml')]: 'a' })
    const run = await propose({ 'github-token': token })
    expect(run.code).toBe(1)
    expect(run.annotations.at(-1)?.message).toContain("'contents: write' and 'pull-requests: write'")
  })

  test('the setting of the repository is named, and what was written is told', async () => {
    const strict = await startEmulator({ github: { actionsMayCreatePulls: false } })
    write({ [at('a.xml')]: 'a' })
    const run = await propose({}, { GITHUB_API_URL: strict.ready.github })
    await strict.close()
    expect(run.code).toBe(1)
    expect(run.annotations.at(-1)?.message).toContain(
      "'Allow GitHub Actions to create and approve pull requests'",
    )
    expect(run.outputs).toMatchObject({ branch, 'head-sha': expect.stringMatching(/^[0-9a-f]{40}$/) })
  })

  test('a team that the token cannot ask is a warning', async () => {
    write({ [at('a.xml')]: 'a' })
    const run = await propose({ 'team-reviewers': 'makers' })
    expect(run.outputs['operation']).toBe('created')
    expect(run.annotations.at(-1)).toMatchObject({
      level: 'warning',
      message: expect.stringContaining('Teams need the token of an app'),
    })
  })
})

test.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>, string]>([
  ["an app's token", { 'github-token': APP }, {}, 'Its checks start by themselves.'],
  [
    "the job's token on Enterprise Server",
    {},
    { GITHUB_SERVER_URL: 'https://git.contoso.example' },
    'Its checks do not start',
  ],
])('the summary says how checks start with %s', async (_name, inputs, environment, said) => {
  write({ [at('a.xml')]: 'a' })
  expect((await propose(inputs, environment)).summary).toContain(said)
})

test('the text comes from a file, is cut at the limit of GitHub, and cannot hold another state', async () => {
  write({
    [at('a.xml')]: 'a',
    'body.md': `<!-- dataverse-solution-actions state abc -->\n${'ü'.repeat(40_000)}`,
  })
  expect((await propose({ 'body-file': 'body.md' })).outputs['operation']).toBe('created')
  const [pull] = await pullsOf()
  const body = String(pick(pull, 'body'))
  expect(Buffer.byteLength(body)).toBeLessThanOrEqual(65_536)
  expect(body.match(/<!--/g)).toHaveLength(1)
  expect(body).toContain('The text is cut here')
  expect((await propose({ 'body-file': 'body.md' })).outputs['operation']).toBe('none')
})

describe('what cannot be meant', () => {
  beforeEach(() => write({ [at('a.xml')]: 'a' }))

  test.each<[string, Readonly<Record<string, string>>, RegExp]>([
    ['a path that is not there', { paths: 'nowhere' }, /nothing at 'nowhere'/],
    ['a path out of the workspace', { paths: '../secrets' }, /leads out of the workspace/],
    ['an absolute path', { paths: '/etc' }, /leads out of the workspace/],
    ["git's own files", { paths: '.git/config' }, /leads into git's own files/],
    ['a branch that is an option', { branch: '--force' }, /takes as no name of a branch/],
    ['a branch with two dots', { branch: 'a..b' }, /takes as no name of a branch/],
    ['a branch that ends in .lock', { branch: 'a.lock' }, /takes as no name of a branch/],
    ['a base that is not there', { base: 'nowhere' }, /There is no branch 'nowhere' to merge into/],
    ['the base as branch', { branch: 'main' }, /'branch' is 'main', which is the default branch/],
    ['both texts', { body: 'a', 'body-file': 'b' }, /exclude each other/],
    ['a text that is not there', { 'body-file': 'b.md' }, /There is no file 'b\.md'/],
  ])('%s', async (_name, inputs, message) => {
    const run = await propose(inputs)
    expect(run.code).toBe(1)
    expect(run.annotations.at(-1)?.message).toMatch(message)
  })

  test('an empty folder would remove everything', async () => {
    mkdirSync(join(workspace, 'empty'))
    expect((await propose({ paths: 'empty' })).annotations.at(-1)?.message).toMatch(/'empty'.* holds no file/)
  })

  onPosix('a path through a link', async () => {
    symlinkSync('/etc', join(workspace, 'link'))
    expect((await propose({ paths: 'link' })).annotations.at(-1)?.message).toMatch(/'link'.* is a link/)
  })

  test('a repository within the folder', async () => {
    write({ [at('inner/.git/config')]: 'x' })
    expect((await propose()).annotations.at(-1)?.message).toMatch(/a repository of its own/)
  })
})

test('names of files that speak stay names', async () => {
  const name = process.platform === 'win32' ? 'a.xml' : 'a\n::error::x .xml'
  write({ [at(name)]: 'a' })
  const run = await propose({ title: '<img src=x> @team `x`' })
  expect(run.outputs['operation']).toBe('created')
  expect([...(await treeOn()).keys()]).toContain(at(name))
  expect(readFileSync(join(workspace, at(name)), 'utf8')).toBe('a')
})

test('of a tree that GitHub does not tell whole, each folder is asked by itself', async () => {
  write({ [at('a/b/c.xml')]: 'c', [at('d.xml')]: 'd' })
  await propose()
  write({ [at('d.xml')]: 'new' })
  emulator.faults([
    {
      service: 'github',
      fault: 'status',
      status: 200,
      path: '?recursive=1',
      times: 99,
      body: { sha: '', tree: [], truncated: true },
    },
  ])
  const run = await propose()
  expect(run.outputs['operation']).toBe('updated')
  expect(await textOn(at('d.xml'))).toBe('new')
  expect(
    emulator.requests().some(({ fault, path }) => fault === 'status' && path.includes('recursive')),
  ).toBe(true)
})

test('a branch with an odd name is written and found again', async () => {
  branch = `sync/ü#1%2F&'"$(x);\u{1f600}`
  write({ [at('a.xml')]: 'a' })
  expect((await propose()).outputs).toMatchObject({ operation: 'created', branch })
  write({ [at('a.xml')]: 'b' })
  const run = await propose()
  expect([run.code, run.outputs['operation']]).toEqual([0, 'updated'])
  const before = githubRequests(emulator).length
  expect((await propose()).outputs['operation']).toBe('none')
  expect(sentSince(before)).toEqual([])
})

test('requests go through the proxy of the runner', async () => {
  const asked: string[] = []
  const proxy = createServer()
  proxy.on('connect', (request, client, head) => {
    asked.push(request.url ?? '')
    const server = connect(Number(new URL(emulator.ready.github).port), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      server.write(head)
      server.pipe(client).on('error', () => server.destroy())
      client.pipe(server).on('error', () => client.destroy())
    })
  })
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done))
  const address = proxy.address()
  const port = typeof address === 'object' ? address?.port : undefined
  write({ [at('a.xml')]: 'a' })
  try {
    const run = await propose(
      {},
      { GITHUB_API_URL: 'http://git.contoso.test/api/v3', http_proxy: `http://127.0.0.1:${port}` },
    )
    expect([run.code, run.outputs['operation']]).toEqual([0, 'created'])
  } finally {
    proxy.closeAllConnections()
    proxy.close()
  }
  expect(new Set(asked)).toEqual(new Set(['git.contoso.test:80']))
})
