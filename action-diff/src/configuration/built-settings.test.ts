import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { runActionSync } from '../../../tests/support/run-action.ts'
import { gitIn } from '../../../tests/support/git.ts'

const sample = fileURLToPath(new URL('../../../samples/orders/solution', import.meta.url))
const isReport = new Ajv2020({ strictTypes: false }).compile(
  JSON.parse(readFileSync(new URL('../../schemas/report.schema.json', import.meta.url), 'utf8')),
)
const ORDER = 'solutions/orders/Entities/lin_Order/Entity.xml'
const RULES = '.github/dataverse-diff.yml'
const ACCEPTED = '.github/dataverse-diff-accepted.yml'

let workspace: string
let start: string
beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), 'diff-settings-'))
  git('init', '-q', '-b', 'main')
  cpSync(sample, join(workspace, 'solutions/orders'), { recursive: true })
  start = commit({})
})
afterAll(() => rmSync(workspace, { recursive: true }))

function git(...args: readonly string[]): string {
  return gitIn(workspace, ...args)
}

/** @param files by path; null removes one */
function commit(files: Readonly<Record<string, string | null>>): string {
  for (const [path, text] of Object.entries(files)) {
    const file = join(workspace, path)
    mkdirSync(dirname(file), { recursive: true })
    if (text === null) rmSync(file)
    else writeFileSync(file, text)
  }
  git('add', '-A')
  git('commit', '-q', '--allow-empty', '-m', 'x')
  return git('rev-parse', 'HEAD')
}

function required(): string {
  return readFileSync(join(sample, 'Entities/lin_Order/Entity.xml'), 'utf8').replace(
    /(<LogicalName>lin_notes<\/LogicalName>\s*<RequiredLevel>)none/,
    '$1required',
  )
}

/** A pull request that makes a column required. */
function review(
  before: Readonly<Record<string, string | null>>,
  change: Readonly<Record<string, string | null>>,
  inputs: Readonly<Record<string, string>> = {},
) {
  git('checkout', '-q', start)
  const base = commit(before)
  const head = commit({ [ORDER]: required(), ...change })
  const event = join(workspace, '.git/event.json')
  writeFileSync(event, JSON.stringify({ pull_request: { base: { sha: base }, head: { sha: head } } }))
  const run = runActionSync(
    'diff',
    { 'report-file': '.git/report.json', 'fail-on': 'warning', comment: 'false', ...inputs },
    {
      workspace,
      environment: {
        GITHUB_EVENT_PATH: event,
        GITHUB_SERVER_URL: 'https://github.com',
        GITHUB_REPOSITORY: 'linden/orders',
        GITHUB_RUN_ID: '7',
      },
    },
  )
  return { ...run, base: base.slice(0, 7) }
}

function report(): {
  solutions: { changes: { effects: { rule: string; fingerprint: string }[] }[] }[]
  counts: object
  configuration: object | null
} {
  const read: ReturnType<typeof report> = JSON.parse(
    readFileSync(join(workspace, '.git/report.json'), 'utf8'),
  )
  isReport(read)
  expect(isReport.errors).toBeNull()
  return read
}

let fingerprint = ''
test('without files: the finding fails the step, and the failure says how to accept it', () => {
  const run = review({}, {})
  const [effect] = report().solutions.flatMap(({ changes }) => changes.flatMap(({ effects }) => effects))
  fingerprint = effect?.fingerprint ?? ''
  expect(report()).toMatchObject({ configuration: null, counts: { warnings: 1, accepted: 0 } })
  expect(run.code).toBe(1)
  expect(run.annotations.at(-1)?.message).toMatch(
    new RegExp(`is required from now on\\. \\(required-stricter, ${fingerprint}\\)\n.*into ${ACCEPTED}\\.`),
  )
})

test('a pull request cannot switch a rule off for itself; its base branch can', () => {
  const off = 'levels:\n  required-stricter: off\n'
  const own = review({}, { [RULES]: off })
  expect(own.code).toBe(1)
  expect(report()).toMatchObject({
    configuration: { file: RULES, revision: own.base, isChanged: true },
    counts: { warnings: 1 },
  })
  expect(own.summary).toContain(
    `levels by \`${RULES}\` of \`${own.base}\`, which this pull request changes for later ones`,
  )
  expect(own.annotations.map(({ message }) => message)).toContainEqual(
    expect.stringMatching(/those of the base branch until it is merged/),
  )
  const merged = review({ [RULES]: off }, { [RULES]: null })
  expect(merged.code).toBe(0)
  expect(report()).toMatchObject({ configuration: { isChanged: true }, counts: { warnings: 0 } })
})

test('an acceptance of the pull request counts, and its reason is in the report; an older one is counted alone', () => {
  const accepted = `accepted:\n- fingerprint: ${fingerprint}\n  reason: Forms fill @team it.\n`
  const own = review({}, { [ACCEPTED]: accepted })
  expect(own.code).toBe(0)
  expect(report()).toMatchObject({ counts: { warnings: 0, accepted: 1 } })
  expect(own.summary).toMatch(
    new RegExp(
      `1 finding accepted[^]*Accepted by this pull request[^]*\\*\\*Forms fill @<wbr>team it\\.\\*\\* \`${fingerprint}\``,
    ),
  )
  const older = review({ [ACCEPTED]: accepted }, {})
  expect(older.code).toBe(0)
  expect(older.summary).toContain('1 finding accepted')
  expect(older.summary).not.toContain('Accepted by this pull request')
})

test('an acceptance that is over counts no more, and a new one that fits nothing stands beside its line', () => {
  const past = `accepted:\n- { fingerprint: ${fingerprint}, reason: For now., until: 2020-01-31 }\n- { fingerprint: 000000000000, reason: x }\n`
  const run = review({}, { [ACCEPTED]: past })
  expect(run.code).toBe(1)
  expect(run.summary).toContain('It was accepted until 2020-01-31.')
  expect(run.annotations).toContainEqual(
    expect.objectContaining({
      level: 'warning',
      properties: { title: 'Acceptance without a finding', file: ACCEPTED, line: '3' },
    }),
  )
})

test('a broken file is an error beside its line, also before it is merged; one of the base branch can be mended', () => {
  const proposed = review({}, { [RULES]: 'levels:\n  column-gone: off\n' })
  expect(proposed.code).toBe(1)
  expect(proposed.annotations).toContainEqual(
    expect.objectContaining({ level: 'error', properties: { file: RULES, line: '2', col: '3' } }),
  )
  expect(proposed.outputs).toEqual({})
  const mended = review({ [RULES]: 'levels: [' }, { [RULES]: 'levels: {}\n' })
  expect(mended.outputs['changed']).toBe('true')
  expect(mended.annotations.map(({ message }) => message)).toContainEqual(
    expect.stringMatching(/In the base branch, \.github\/dataverse-diff\.yml:1:\d+ .* It is left out/),
  )
  const left = review({ [RULES]: 'levels: [' }, {})
  expect(left.outputs).toEqual({})
})

test.each([
  [
    'a file that is not there',
    { 'config-file': 'rules.yml' },
    /has no file 'rules\.yml' \(input 'config-file'\)/,
  ],
  [
    'a path out of the repository',
    { 'accepted-file': '../x.yml' },
    /'accepted-file' is '\.\.\/x\.yml'; it takes a path from the root/,
  ],
])('%s is an error', (_name, inputs, message) => {
  expect(review({}, {}, inputs).annotations.at(-1)?.message).toMatch(message)
})

test('the text of the comment goes into a file, such as for the body of another pull request', () => {
  const run = review({}, {}, { 'markdown-file': '.git/body.md', 'fail-on': 'none' })
  const text = readFileSync(join(workspace, '.git/body.md'), 'utf8')
  expect(run.outputs['markdown-file']).toBe(join(workspace, '.git/body.md'))
  expect(text).toMatch(
    /^### LindenOrders[^]*is required from now on[^]*\[full report\]\(https:\/\/github\.com\/linden\/orders\/actions\/runs\/7\)/,
  )
})
