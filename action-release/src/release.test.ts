import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Emulator, startEmulator } from '../../packages/dataverse-emulator/src/index.ts'
import { pick } from '../../packages/dataverse-emulator/src/testing/with-emulator.ts'
import { askGithub, REPOSITORY } from '../../tests/support/emulated-github.ts'
import { type Recorded, recordedDeps } from '../../tests/support/recorded-deps.ts'
import { runAction, type StepResult } from '../../tests/support/run-action.ts'
import { run } from './run.ts'

const JOB = 'ghs_of-the-job'
const READER = 'ghs_cannot-write'
const SHA = 'c'.repeat(40)

let emulator: Emulator
let fixing: Emulator
let workspace: string
let count = 0
let tag: string
beforeAll(async () => {
  const tokens = { [READER]: { contents: 'read' } }
  emulator = await startEmulator({ github: { tokens, uploadFailures: ['breaks-once.zip'] } })
  fixing = await startEmulator({ github: { tokens, immutableReleases: true } })
})
afterAll(() => Promise.all([emulator.close(), fixing.close()]))
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'release-'))
  tag = `v1.${++count}.0`
  for (const one of [emulator, fixing])
    one.push({ repository: REPOSITORY, branch: 'main', sha: SHA, author: 'ada', tag })
  write({ 'out/Orders_managed.zip': 'archive', 'out/notes.md': '# Changes\r\n\r\nA column is new.\r\n' })
})
afterEach(() => rmSync(workspace, { recursive: true }))

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true })
    writeFileSync(join(workspace, path), content)
  }
}

function environmentOf({ ready }: Emulator, api = ''): Readonly<Record<string, string>> {
  return {
    GITHUB_API_URL: `${ready.github}${api}`,
    GITHUB_REPOSITORY: REPOSITORY,
    GITHUB_REF_TYPE: 'tag',
    GITHUB_REF_NAME: tag,
    GITHUB_SHA: SHA,
  }
}

function releaseIt(
  inputs: Readonly<Record<string, string>> = {},
  environment: Readonly<Record<string, string>> = {},
  on = emulator,
): Promise<StepResult> {
  return runAction(
    'release',
    { files: 'out/*.zip', 'body-file': 'out/notes.md', 'github-token': JOB, ...inputs },
    { workspace, environment: { ...environmentOf(on), ...environment } },
  )
}

/** The same run in this process, where nobody waits. */
async function releaseHere(): Promise<Recorded & { readonly result: Awaited<ReturnType<typeof run>> }> {
  let now = 0
  const recorded = recordedDeps(workspace, { now: () => now, advance: (ms) => void (now += ms) })
  const result = await run(
    {
      files: ['out/*.zip'],
      tag: { name: tag, isOfRun: true },
      title: undefined,
      body: 'Notes',
      bodyFile: undefined,
      checksumsFile: undefined,
      isPublished: true,
      isPrerelease: false,
      latest: 'auto',
      token: JOB,
    },
    { ...recorded.deps, environment: environmentOf(emulator) },
  )
  return { ...recorded, result }
}

function errorOf({ annotations }: StepResult): string {
  return annotations
    .filter(({ level }) => level === 'error')
    .map(({ message }) => message)
    .join('\n')
}

function sum(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Drafts too, which a person who may write sees. */
async function releases(on = emulator): Promise<readonly unknown[]> {
  const all = await askGithub(on, 'GET', '/releases?per_page=100')
  return (Array.isArray(all) ? all : []).filter((one: unknown) => pick(one, 'tag_name') === tag)
}

async function filesOf(on = emulator): Promise<Readonly<Record<string, unknown>>> {
  const [release] = await releases(on)
  const assets = pick(release, 'assets')
  return Object.fromEntries(
    (Array.isArray(assets) ? assets : []).map((asset: unknown) => [
      String(pick(asset, 'name')),
      pick(asset, 'digest'),
    ]),
  )
}

/** What was asked of GitHub since, as method and path below the repository. */
function requestsSince(from: number, on = emulator): readonly string[] {
  return on
    .requests()
    .slice(from)
    .map(({ method, path }) => `${method} ${path.split(`/repos/${REPOSITORY}`)[1] ?? path}`)
}

describe('a tag', () => {
  test('gets a release with the archive, the sums and the notes, published when all is there', async () => {
    const from = emulator.requests().length
    const { code, outputs, summary } = await releaseIt()
    expect(code).toBe(0)
    const [release, ...others] = await releases()
    expect(others).toEqual([])
    expect(release).toMatchObject({
      name: tag,
      body: '# Changes\n\nA column is new.',
      draft: false,
      prerelease: false,
    })
    const sums = `${sum('archive')}  Orders_managed.zip\n`
    expect(await filesOf()).toEqual({
      'Orders_managed.zip': `sha256:${sum('archive')}`,
      SHA256SUMS: `sha256:${sum(sums)}`,
    })
    expect(outputs).toMatchObject({
      'release-id': String(pick(release, 'id')),
      url: `https://github.com/${REPOSITORY}/releases/tag/${tag}`,
      tag,
      operation: 'created',
      published: 'true',
      immutable: 'false',
    })
    expect(JSON.parse(outputs['assets'] ?? '')).toEqual([
      { name: 'Orders_managed.zip', size: 7, sha256: sum('archive'), url: expect.any(String) },
      { name: 'SHA256SUMS', size: sums.length, sha256: sum(sums), url: expect.any(String) },
    ])
    expect(summary).toContain(`Release ${tag} is published`)
    expect(requestsSince(from).filter((line) => /^(?:POST|PATCH)/.test(line))).toEqual([
      'POST /releases',
      expect.stringContaining('assets?name=Orders_managed.zip'),
      expect.stringContaining('assets?name=SHA256SUMS'),
      expect.stringMatching(/^PATCH \/releases\//),
    ])
  })

  test('that is released already with the same files is left as it is, by a re-run', async () => {
    await releaseIt()
    const from = emulator.requests().length
    const { code, outputs, summary } = await releaseIt()
    expect([code, outputs['operation'], outputs['published']]).toEqual([0, 'none', 'true'])
    expect(summary).toContain('was as it should be')
    expect(requestsSince(from).filter((line) => !line.startsWith('GET'))).toEqual([])
  })

  test('stays a draft on request; a re-run replaces what is built otherwise, and leaves the rest', async () => {
    const first = await releaseIt({ publish: 'false' })
    expect([first.code, first.outputs['operation'], first.outputs['published']]).toEqual([
      0,
      'created',
      'false',
    ])
    write({ 'out/Orders_managed.zip': 'archive 2', 'out/Core_managed.zip': 'core' })
    const second = await releaseIt({ 'checksums-file': 'none' })
    expect([second.code, second.outputs['operation'], second.outputs['published']]).toEqual([
      0,
      'updated',
      'true',
    ])
    expect(second.outputs['release-id']).toBe(first.outputs['release-id'])
    expect(await filesOf()).toMatchObject({
      'Orders_managed.zip': `sha256:${sum('archive 2')}`,
      'Core_managed.zip': `sha256:${sum('core')}`,
    })
    // The sums of the first build are of no use, and nobody asked for their removal.
    expect(second.annotations.map(({ message }) => message).join('\n')).toContain("also has 'SHA256SUMS'")
  })

  test('that was published with other bytes is an error that says so, and nothing is changed', async () => {
    await releaseIt()
    const before = await filesOf()
    write({ 'out/Orders_managed.zip': 'other' })
    const result = await releaseIt()
    expect(result.code).toBe(1)
    expect(errorOf(result)).toContain(
      `'Orders_managed.zip' has the sum ${sum('archive')}, and what was built has ${sum('other')}`,
    )
    expect(errorOf(result)).toContain('Set a higher tag')
    expect(await filesOf()).toEqual(before)
  })

  test('whose release a person published without files gets them, and keeps its text', async () => {
    await askGithub(emulator, 'POST', '/releases', { tag_name: tag, name: 'By hand', body: 'Words' })
    const { code, outputs } = await releaseIt()
    expect([code, outputs['operation']]).toEqual([0, 'updated'])
    expect((await releases())[0]).toMatchObject({ name: 'By hand', body: 'Words' })
    expect(Object.keys(await filesOf())).toEqual(['Orders_managed.zip', 'SHA256SUMS'])
  })

  test('may be given as a ref, such as github.ref', async () => {
    const { code, outputs } = await releaseIt({ tag: `refs/tags/${tag}` })
    expect([code, outputs['tag']]).toEqual([0, tag])
  })

  test('that is not there is not made', async () => {
    const result = await releaseIt({ tag: 'v9.9.9' })
    expect(result.code).toBe(1)
    expect(errorOf(result)).toContain("has no tag 'v9.9.9'")
    expect(errorOf(result)).toContain('git push origin v9.9.9')
  })

  test('that was moved since the run began is refused', async () => {
    const result = await releaseIt({}, { GITHUB_SHA: 'd'.repeat(40) })
    expect(result.code).toBe(1)
    expect(errorOf(result)).toContain(`the tag now names ${SHA}`)
    expect(await releases()).toEqual([])
  })

  test('on an Enterprise Server is uploaded where that takes files', async () => {
    const { code } = await releaseIt({}, environmentOf(emulator, '/api/v3'))
    expect(code).toBe(0)
    expect(Object.keys(await filesOf())).toEqual(['Orders_managed.zip', 'SHA256SUMS'])
  })
})

describe('a repository with immutable releases', () => {
  test('gets all files before the release is fixed', async () => {
    const { code, outputs, summary } = await releaseIt({}, {}, fixing)
    expect([code, outputs['immutable']]).toEqual([0, 'true'])
    expect(summary).toContain('published and immutable')
    expect(Object.keys(await filesOf(fixing))).toEqual(['Orders_managed.zip', 'SHA256SUMS'])
  })

  test('has a fixed release that is not touched: a re-run is green, a missing file an error', async () => {
    await releaseIt({}, {}, fixing)
    expect((await releaseIt({}, {}, fixing)).outputs['operation']).toBe('none')
    write({ 'out/Core_managed.zip': 'core' })
    const from = fixing.requests().length
    const result = await releaseIt({ 'checksums-file': 'none' }, {}, fixing)
    expect(result.code).toBe(1)
    expect(errorOf(result)).toContain(
      `The release '${tag}' is published and immutable, and has not 'Core_managed.zip'. It can get no more files.`,
    )
    expect(requestsSince(from, fixing).filter((line) => !line.startsWith('GET'))).toEqual([])
  })
})

describe('when GitHub fails', () => {
  test.each([
    ['POST', '/\\/releases$/'],
    ['POST', '/assets\\?name=/'],
    ['PATCH', '/releases/'],
  ])('a lost answer of %s %s makes nothing twice', async (method, path) => {
    emulator.faults([{ fault: 'reset-after', method, path }])
    const { result } = await releaseHere()
    expect(result['published']).toBe(true)
    expect(await releases()).toHaveLength(1)
    expect(await filesOf()).toEqual({ 'Orders_managed.zip': `sha256:${sum('archive')}` })
  })

  test.each(['reset-after', 'half-answer'] as const)(
    'a lost answer (%s) of taking a file of the draft away ends as if it had come',
    async (fault) => {
      await releaseIt({ publish: 'false', 'checksums-file': 'none' })
      write({ 'out/Orders_managed.zip': 'other' })
      emulator.faults([{ fault, method: 'DELETE', path: '/releases/assets/' }])
      const { result } = await releaseHere()
      expect(result['published']).toBe(true)
      expect(await filesOf()).toEqual({ 'Orders_managed.zip': `sha256:${sum('other')}` })
    },
  )

  test('a file that another run uploaded a moment before is taken, as GitHub tells it by a code alone', async () => {
    const errors = [{ resource: 'ReleaseAsset', code: 'already_exists', field: 'name' }]
    const body = { message: 'Validation Failed', errors }
    const upload = { method: 'POST', path: '/\\/assets\\?name=/' }
    emulator.faults([{ fault: 'status', status: 422, acted: true, body, ...upload }])
    const { result } = await releaseHere()
    expect(result['published']).toBe(true)
    expect(await filesOf()).toEqual({ 'Orders_managed.zip': `sha256:${sum('archive')}` })
  })

  test('an upload that breaks off in GitHub is taken away and sent again', async () => {
    write({ 'out/breaks-once.zip': 'whole' })
    const { result } = await releaseHere()
    expect(result['published']).toBe(true)
    expect(await filesOf()).toMatchObject({ 'breaks-once.zip': `sha256:${sum('whole')}` })
  })

  test('two runs at once end with one release', async () => {
    const [first, second] = await Promise.all([releaseHere(), releaseHere()])
    expect([first.result['published'], second.result['published']]).toEqual([true, true])
    expect(await releases()).toHaveLength(1)
    expect(await filesOf()).toEqual({ 'Orders_managed.zip': `sha256:${sum('archive')}` })
  })
})

describe('what cannot be released', () => {
  test('a token without the permission: the message names it, and the line to add', async () => {
    const result = await releaseIt({ 'github-token': READER })
    expect(result.code).toBe(1)
    expect(errorOf(result)).toMatch(
      /needs the permission 'contents: write'.*Add to 'permissions:' of the job/,
    )
  })

  test.each([
    ['out/nothing*.zip', "No file is named by 'out/nothing*.zip'"],
    ['out/nothing.zip', "There is no file 'out/nothing.zip'"],
    ['out/*', "'checksums-file'"],
    ['out/*.zip\nsub/*.zip', "Two files of 'files' are called 'orders_managed.zip'"],
    ['strange/*', "'a b;c.zip' cannot be the name of a file of a release"],
    ['link/*.zip', 'link'],
  ])('the files %j', async (files, message) => {
    const outside = mkdtempSync(join(tmpdir(), 'outside-'))
    write({ 'out/SHA256SUMS': 'x', 'sub/orders_managed.zip': 'x', 'strange/a b;c.zip': 'x' })
    writeFileSync(join(outside, 'secret.zip'), 'x')
    symlinkSync(outside, join(workspace, 'link'))
    const result = await releaseIt({ files })
    rmSync(outside, { recursive: true })
    expect(result.code).toBe(1)
    expect(errorOf(result)).toContain(message)
    expect(await releases()).toEqual([])
  })

  test('notes that are not there, or too long', async () => {
    expect(errorOf(await releaseIt({ 'body-file': 'none.md' }))).toContain("There is no file 'none.md'")
    write({ 'long.md': 'x'.repeat(125_001) })
    expect(errorOf(await releaseIt({ 'body-file': 'long.md' }))).toContain('at most 125,000')
  })

  test('without a tag says how to give one', async () => {
    expect(errorOf(await releaseIt({}, { GITHUB_REF_TYPE: 'branch' }))).toContain(
      "Input 'tag' is empty, and no tag started this workflow.",
    )
  })
})
