import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runActionSync, type StepResult } from '../../tests/support/run-action.ts'
import { gitIn } from '../../tests/support/git.ts'

const sample = fileURLToPath(new URL('../../samples/orders/solution', import.meta.url))

let root = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pack-compare-'))
  cpSync(sample, join(root, 'solution'), { recursive: true })
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

function edit(path: string, from: string, to: string): void {
  const file = join(root, path)
  const text = readFileSync(file, 'utf8')
  expect(text).toContain(from)
  writeFileSync(file, text.replace(from, to))
}

/** Makes the column Notes required. */
function change(folder = 'solution'): void {
  edit(
    `${folder}/Entities/lin_Order/Entity.xml`,
    '<RequiredLevel>none</RequiredLevel>',
    '<RequiredLevel>required</RequiredLevel>',
  )
}

function pack(inputs: Readonly<Record<string, string>>): StepResult {
  return runActionSync(
    'pack',
    { 'solution-folder': 'solution', 'solution-file': 'out/orders.zip', verify: 'false', ...inputs },
    { workspace: root },
  )
}

function git(...args: readonly string[]): void {
  gitIn(root, ...args)
}

function told(): string {
  return readFileSync(join(root, 'out/orders.changes.md'), 'utf8')
}

test('a folder: the report stands in the summary and beside the archive', () => {
  cpSync(join(root, 'solution'), join(root, 'before'), { recursive: true })
  change()
  const { code, outputs, summary } = pack({ 'compare-with': 'before', version: '1.1.0.0' })
  expect(code).toBe(0)
  expect(outputs['changes-file']).toBe(join(root, 'out/orders.changes.md'))
  expect(told()).toMatch(/1\.0\.0\.0.*1\.1\.0\.0/)
  expect(told()).toMatch(/Required \| Optional \| Business required/)
  expect(summary).toContain(told().trim())
})

test('an archive is compared with the packed one of its kind', () => {
  expect(pack({ 'solution-file': 'out/last.zip', 'solution-type': 'Managed' }).code).toBe(0)
  change()
  const { code } = pack({ 'compare-with': 'out/last.zip', 'solution-type': 'Managed' })
  expect(code).toBe(0)
  expect(told()).toContain('1 change in 1 component')
})

test('a revision of the repository, and one that has no such solution', () => {
  git('init', '--quiet')
  git('commit', '--quiet', '--allow-empty', '-m', 'nothing')
  git('tag', 'v0')
  git('add', '.')
  git('commit', '--quiet', '-m', 'first')
  git('tag', 'v1')
  change()
  expect(pack({ 'compare-with': 'v1' }).code).toBe(0)
  expect(told()).toMatch(/Required/)
  expect(pack({ 'compare-with': 'v0' }).code).toBe(0)
  expect(told()).toMatch(/new/i)
})

test.each([
  ['v9', /no folder or archive 'v9' \('compare-with'\)/],
  ['last.zip', /There is no file .*last\.zip/],
])('what is not there is named before anything is written: %s', (given, message) => {
  const { code, log } = pack({ 'compare-with': given })
  expect(code).toBe(1)
  expect(log).toMatch(message)
  expect(existsSync(join(root, 'out/orders.zip'))).toBe(false)
})

test('another solution is no earlier version', () => {
  cpSync(join(root, 'solution'), join(root, 'other'), { recursive: true })
  edit('other/Other/Solution.xml', '<UniqueName>LindenOrders<', '<UniqueName>Elsewhere<')
  const { code, log } = pack({ 'compare-with': 'other' })
  expect(code).toBe(1)
  expect(log).toContain("'compare-with' other is the solution 'Elsewhere', and 'LindenOrders' is packed.")
})
