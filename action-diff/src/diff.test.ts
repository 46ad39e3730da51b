import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packSolution, readFolder, writeWholeFile } from '@dsa/solution-package'
import { runActionSync } from '../../tests/support/run-action.ts'

const sample = fileURLToPath(new URL('../../samples/orders/solution', import.meta.url))
const ORDER = 'solutions/orders/Entities/lin_Order/Entity.xml'

let workspace: string
let commits: { readonly base: string; readonly head: string }
beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), 'diff-'))
  git('init', '-q', '-b', 'main')
  cpSync(sample, at('solutions/orders'), { recursive: true })
  const base = commit('base')
  replace(ORDER, /(<LogicalName>lin_notes<\/LogicalName>\s*<RequiredLevel>)none/, '$1required')
  rmSync(at('solutions/orders/Entities/lin_OrderLine'), { recursive: true })
  commits = { base, head: commit('head') }
})
afterAll(() => rmSync(workspace, { recursive: true }))

const at = (path: string): string => join(workspace, path)
const git = (...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], {
    cwd: workspace,
    encoding: 'utf8',
  }).trim()
const replace = (path: string, from: RegExp, to: string): void =>
  writeFileSync(at(path), readFileSync(at(path), 'utf8').replace(from, to))

function commit(message: string): string {
  git('add', '-A')
  git('commit', '-q', '-m', message)
  return git('rev-parse', 'HEAD')
}

const diff = (inputs: Readonly<Record<string, string>>, environment: Readonly<Record<string, string>> = {}) =>
  runActionSync('diff', inputs, { workspace, environment })

test('two revisions: outputs, a report, warnings beside the files, a summary that begins with the losses', () => {
  const run = diff({ base: commits.base, head: commits.head, 'report-file': 'report.json' })
  expect(run.code).toBe(0)
  expect(run.outputs).toMatchObject({
    changed: 'true',
    added: '0',
    'changed-components': '1',
    removed: '1',
    errors: '1',
    warnings: '2',
    'suggested-version': '1.1.0.0',
    'report-file': at('report.json'),
  })
  const report: unknown = JSON.parse(readFileSync(at('report.json'), 'utf8'))
  expect(report).toMatchObject({
    schemaVersion: 1,
    counts: { added: 0, changed: 1, removed: 1 },
    solutions: [
      { name: 'LindenOrders', folder: 'solutions/orders', changes: [{ kind: 'table' }, { kind: 'column' }] },
    ],
  })
  expect(run.annotations).toContainEqual(
    expect.objectContaining({ level: 'warning', properties: { title: 'required-stricter', file: ORDER } }),
  )
  const lines = run.summary.split('\n').filter((line) => line !== '')
  expect(lines[0]).toContain('LindenOrders 1.0.0.0')
  expect(lines[1]).toContain('**1 change loses data or will be refused** · 2 can break')
  expect(lines[2]).toContain("🛑 **Table 'Order Line' is removed")
})

test('fail-on fails the step after everything was written', () => {
  const run = diff({ base: commits.base, head: commits.head, 'fail-on': 'data-loss, widens-access' })
  expect(run.code).toBe(1)
  expect(run.outputs).toMatchObject({ changed: 'true', errors: '1' })
  expect(run.summary).toContain('Order Line')
  expect(run.annotations.at(-1)?.message).toMatch(
    /'fail-on' does not allow:\n- Table 'Order Line'.*\(table-removed, [0-9a-f]{12}\)/,
  )
})

test('a pull request: its merge base and its head, by the event of the job', () => {
  const event = at('event.json')
  git('checkout', '-q', '-b', 'later', commits.base)
  writeFileSync(at('later.txt'), 'x')
  const tip = commit('the base branch moves on')
  git('checkout', '-q', 'main')
  writeFileSync(event, JSON.stringify({ pull_request: { base: { sha: tip }, head: { sha: commits.head } } }))
  const run = diff({}, { GITHUB_EVENT_PATH: event, GITHUB_BASE_REF: 'main', GITHUB_HEAD_REF: 'a`@team' })
  expect(run.outputs).toMatchObject({ removed: '1', 'changed-components': '1' })
  expect(run.summary).toContain(
    `\`main@${commits.base.slice(0, 7)}\` … <code>a\\\`@<wbr>team@<wbr>${commits.head.slice(0, 7)}</code>`,
  )
  expect(run.log).toContain(commits.base.slice(0, 7))
})

test('a merge queue: what the group adds to the branch', () => {
  const event = at('event.json')
  writeFileSync(event, JSON.stringify({ merge_group: { base_sha: commits.base, head_sha: commits.head } }))
  const run = diff({}, { GITHUB_EVENT_PATH: event })
  expect(run.outputs).toMatchObject({ removed: '1', 'changed-components': '1' })
})

test('two archives, and an archive and a folder, tell the same as revisions (C92)', async () => {
  const { archives } = await packSolution(readFolder(sample), { packageType: 'Unmanaged' })
  const [archive] = archives
  if (archive === undefined) throw new Error('Nothing was packed.')
  await writeWholeFile(at('orders.zip'), archive.bytes)
  const same = diff({ base: 'orders.zip', head: 'orders.zip' })
  expect(same.outputs).toMatchObject({ changed: 'false' })
  expect(same.summary).toContain('no component changed')
  const folder = diff({ base: 'orders.zip', head: 'solutions/orders' })
  expect(folder.outputs).toMatchObject({ removed: '1', 'changed-components': '1' })
})

test('a managed archive and the source of both kinds that it was packed from are the same, both ways', async () => {
  const { archives } = await packSolution(readFolder(sample), { packageType: 'Managed' })
  const [archive] = archives
  if (archive === undefined) throw new Error('Nothing was packed.')
  await writeWholeFile(at('orders_managed.zip'), archive.bytes)
  cpSync(sample, at('both'), { recursive: true })
  for (const [base, head] of [
    ['orders_managed.zip', 'both'],
    ['both', 'orders_managed.zip'],
  ] as const)
    expect(diff({ base, head }).outputs).toMatchObject({ changed: 'false' })
  rmSync(at('both'), { recursive: true })
})

test('a workspace without a checkout is told as that', () => {
  const bare = mkdtempSync(join(tmpdir(), 'diff-bare-'))
  const run = runActionSync(
    'diff',
    {},
    { workspace: bare, environment: { GIT_CEILING_DIRECTORIES: tmpdir() } },
  )
  rmSync(bare, { recursive: true })
  expect(run.code).toBe(1)
  expect(run.annotations.at(-1)?.message).toMatch(/is no git repository.*actions\/checkout/)
})

test.each<[string, Readonly<Record<string, string>>, RegExp]>([
  ['a revision that is not there', { base: 'v9' }, /no revision, folder or archive 'v9' \('base'\)/],
  [
    'an option instead of a revision',
    { base: '--upload-pack=x' },
    /no revision, folder or archive '--upload-pack=x'/,
  ],
  ['an archive that is not there', { base: 'x.zip', head: 'y.zip' }, /There is no file .*x\.zip/],
  [
    'a folder that holds no solution',
    { base: 'solutions', head: 'solutions/orders' },
    /The folder .*solutions is no solution's source.* Did you mean the folder 'orders' in it\?/,
  ],
  [
    'a folder and a revision',
    { base: 'solutions/orders', head: 'HEAD' },
    /'base' is a file or a folder, and 'head' is not/,
  ],
  [
    'a revision and a folder outside of the repository',
    { base: 'HEAD', head: sample },
    /'head' is '.*', which lies outside of the repository/,
  ],
  [
    'a pattern that fits nothing',
    { base: 'HEAD', 'solution-folder': 'apps/*' },
    /fits no solution\. The repository has 'solutions\/orders'/,
  ],
  [
    'an effect that there is not',
    { base: 'HEAD', 'fail-on': 'dataloss' },
    /'fail-on' names 'dataloss'.*data-loss/,
  ],
])('%s is an error that says what there is', (_name, inputs, message) => {
  const run = diff(inputs)
  expect(run.code).toBe(1)
  expect(run.annotations.at(-1)?.message).toMatch(message)
  expect(run.outputs).toEqual({})
})

describe('a folder of the checkout and a revision', () => {
  afterEach(() => void git('checkout', '-q', '-f', 'main'))

  test('what is not committed counts, and the revision is called by its short name', () => {
    git('checkout', '-q', '-f', commits.base)
    replace(ORDER, /(<LogicalName>lin_notes<\/LogicalName>\s*<RequiredLevel>)none/, '$1recommended')
    const run = diff({ base: 'refs/heads/main', head: 'solutions/orders', 'markdown-file': 'body.md' })
    expect(run.outputs).toMatchObject({ changed: 'true', added: '1', 'changed-components': '1' })
    const text = readFileSync(at('body.md'), 'utf8')
    expect(text).toContain(`\`main@${commits.head.slice(0, 7)}\` … \`solutions/orders\``)
    expect(text).toContain('Business recommended')
  })

  test('a stamp of the server is no change', () => {
    replace(ORDER, /<IntroducedVersion>[^<]*/, '<IntroducedVersion>0.9')
    replace('solutions/orders/Other/Solution.xml', /(ImportExportXml version=")[^"]*/, '$19.2.99999.1')
    const run = diff({ base: 'HEAD', head: 'solutions/orders' })
    expect(run.outputs).toMatchObject({ changed: 'false' })
  })

  test('a solution that the revision does not have is new', () => {
    cpSync(sample, at('solutions/other'), { recursive: true })
    const run = diff({ base: 'HEAD', head: 'solutions/other' })
    rmSync(at('solutions/other'), { recursive: true })
    expect([run.code, run.outputs['changed']]).toEqual([0, 'true'])
    expect(Number(run.outputs['added'])).toBeGreaterThan(5)
  })
})

test('a link and a submodule in the folder are told as files that are not explained', () => {
  git('checkout', '-q', '-b', 'links', commits.base)
  symlinkSync('/etc/hostname', at('solutions/orders/WebResources/lin_/link.js'))
  git('add', '-A')
  git('update-index', '--add', '--cacheinfo', `160000,${commits.base},solutions/orders/WebResources/parts`)
  git('commit', '-q', '-m', 'a link and a submodule')
  const head = git('rev-parse', 'HEAD')
  git('checkout', '-q', '-f', 'main')
  const run = diff({ base: commits.base, head, 'report-file': 'links.json' })
  expect(run.outputs).toMatchObject({ changed: 'true', 'changed-components': '0' })
  expect(JSON.parse(readFileSync(at('links.json'), 'utf8'))).toMatchObject({
    solutions: [
      {
        unexplained: [
          { file: 'WebResources/lin_/link.js', change: 'added' },
          { file: 'WebResources/parts', change: 'added' },
        ],
      },
    ],
  })
  expect(run.summary).toContain('2 files changed in a way that is not explained')
  expect(diff({ base: head, head }).outputs).toMatchObject({ changed: 'false' })
})

test('a manifest that became a link is an error, not a solution that is gone', () => {
  git('checkout', '-q', '-b', 'manifest-link', commits.base)
  rmSync(at('solutions/orders/Other/Solution.xml'))
  symlinkSync('/etc/hostname', at('solutions/orders/Other/Solution.xml'))
  const head = commit('a link')
  git('checkout', '-q', '-f', 'main')
  const run = diff({ base: commits.base, head })
  expect(run.code).toBe(1)
  expect(run.annotations.at(-1)?.message).toContain("'solutions/orders/Other/Solution.xml' is a link")
})

test('a solution that moved to another folder is compared with itself', () => {
  git('checkout', '-q', '-b', 'moved', commits.base)
  git('mv', 'solutions/orders', 'apps')
  replace(
    'apps/Entities/lin_Order/Entity.xml',
    /(<LogicalName>lin_notes<\/LogicalName>\s*<RequiredLevel>)none/,
    '$1required',
  )
  const head = commit('moved')
  git('checkout', '-q', '-f', 'main')
  const run = diff({ base: commits.base, head, 'report-file': 'moved.json' })
  expect(run.outputs).toMatchObject({ added: '0', removed: '0', 'changed-components': '2' })
  expect(JSON.parse(readFileSync(at('moved.json'), 'utf8'))).toMatchObject({
    solutions: [
      {
        folder: 'apps',
        changes: [
          { kind: 'column', id: 'lin_order.lin_notes' },
          { kind: 'solution', properties: [{ label: 'Folder', base: 'solutions/orders', head: 'apps' }] },
        ],
      },
    ],
  })
})

test('a flow that is nested without end is compared as text', () => {
  git('checkout', '-q', '-b', 'nested', commits.base)
  const flow = 'solutions/orders/Workflows/ConfirmOrderbyemail-8E7E2A3D-4EC4-4B6B-956F-8655D564ACA5.json'
  replace(flow, /^[^]*$/, '['.repeat(100_000) + ']'.repeat(100_000))
  const head = commit('nested')
  git('checkout', '-q', '-f', 'main')
  const run = diff({ base: commits.base, head })
  expect(run.annotations.filter(({ level }) => level === 'error')).toEqual([])
  expect(run.outputs).toMatchObject({ 'changed-components': '1' })
})

test('names and texts of a solution stay text', () => {
  const branch = 'hostile'
  git('checkout', '-q', '-b', branch, commits.base)
  replace(
    ORDER,
    /<displayname description="Notes"/,
    '<displayname description="&lt;img src=x&gt; @team [a](http://b) ```&#13;::error::x \u202E"',
  )
  replace('solutions/orders/WebResources/lin_/scripts/order_form.js', /$/, '\n```\n<script>@team</script>')
  const head = commit('hostile names')
  git('checkout', '-q', 'main')
  const run = diff({ base: commits.base, head })
  expect(run.code).toBe(0)
  expect(run.outputs).toMatchObject({ 'changed-components': '2' })
  expect(run.summary).not.toMatch(/<img|\[a\]\(http|(?<!`)```\n<script>|\u202E/)
  expect(run.annotations.filter(({ level }) => level === 'error')).toEqual([])
})
