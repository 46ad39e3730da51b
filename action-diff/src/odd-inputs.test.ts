import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import JSZip from 'jszip'
import { runActionSync } from '../../tests/support/run-action.ts'
import { gitIn } from '../../tests/support/git.ts'

const sample = fileURLToPath(new URL('../../samples/orders/solution', import.meta.url))
const SOLUTION = 'solutions/orders'
const MANIFEST = `${SOLUTION}/Other/Solution.xml`
const ORDER = `${SOLUTION}/Entities/lin_Order/Entity.xml`

let home: string
let master: string
let copies = 0
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'odd-'))
  master = join(home, 'master')
  mkdirSync(master)
  gitIn(master, 'init', '-q', '-b', 'main')
  cpSync(sample, join(master, SOLUTION), { recursive: true })
  commit(master, 'base')
  gitIn(master, 'tag', '-a', 'v1', '-m', 'first')
})
afterAll(() => rmSync(home, { recursive: true }))

function commit(cwd: string, message = 'next'): void {
  gitIn(cwd, 'add', '-A')
  gitIn(cwd, 'commit', '-q', '--allow-empty', '-m', message)
}

/** A repository with the sample in its first commit. */
function repository(): string {
  const folder = join(home, `copy-${++copies}`)
  cpSync(master, folder, { recursive: true })
  return folder
}

function put(folder: string, path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), content)
}

function edit(folder: string, path: string, from: string | RegExp, to: string): void {
  put(folder, path, readFileSync(join(folder, path), 'utf8').replace(from, to))
}

const failureOf = (
  workspace: string,
  inputs: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
): string => {
  const run = runActionSync('diff', inputs, { workspace, environment })
  expect(run.code).toBe(1)
  expect(run.outputs).toEqual({})
  return run.annotations.at(-1)?.message ?? ''
}

/** The solutions of the report, each with its folder and what is told. */
function solutionsOf(workspace: string, inputs: Readonly<Record<string, string>>) {
  const run = runActionSync('diff', { ...inputs, 'report-file': 'report.json' }, { workspace })
  expect(run.annotations.filter(({ level }) => level === 'error')).toEqual([])
  const report: {
    solutions: {
      name: string
      folder: string
      changes: { kind: string; change: string; properties: { base: string | null; head: string | null }[] }[]
      unexplained: { file: string }[]
    }[]
  } = JSON.parse(readFileSync(join(workspace, 'report.json'), 'utf8'))
  return report.solutions
}

describe('revisions', () => {
  test.each<[string, string, RegExp]>([
    ['a range', 'HEAD~1..HEAD', /'HEAD~1\.\.HEAD' \('base'\)\. It is a range: give its ends/],
    ['a folder of a revision', `HEAD:${SOLUTION}`, /names a file or folder of a revision/],
    ['quotes and commands', `v1"'$(touch pwned)\`touch pwned\``, /The repository has 'main' and 'v1'/],
    ['two lines', 'HEAD\n--all', /The repository has 'main' and 'v1'/],
    ['an option', '-h', /no revision, folder or archive '-h'/],
    ['a branch upstream that there is not', '@{u}', /The repository has 'main' and 'v1'/],
    ['a slip', 'mian', /The repository has 'main' and 'v1'\. Did you mean 'main'\?/],
  ])('%s is an error that says what there is', (_name, base, message) => {
    expect(failureOf(master, { base })).toMatch(message)
    expect(existsSync(join(master, 'pwned'))).toBe(false)
  })

  test('a repository without a commit', () => {
    const empty = join(home, 'empty')
    mkdirSync(empty)
    gitIn(empty, 'init', '-q')
    expect(failureOf(empty, { base: 'HEAD' })).toContain('The repository has no commit yet.')
  })

  test('a detached head, a tag with a message, and a workspace below the root of the repository', () => {
    const folder = repository()
    edit(folder, ORDER, '"Notes"', '"Remarks"')
    commit(folder)
    gitIn(folder, 'checkout', '-q', '--detach')
    for (const workspace of [folder, join(folder, 'solutions')])
      expect(solutionsOf(workspace, { base: 'v1' })).toMatchObject([
        { folder: SOLUTION, changes: [{ kind: 'column', change: 'changed' }] },
      ])
  })

  test('a push that deleted its branch, and an event that is no JSON', () => {
    const event = join(home, 'event.json')
    writeFileSync(event, JSON.stringify({ before: 'f'.repeat(40), after: '0'.repeat(40) }))
    expect(failureOf(master, {}, { GITHUB_EVENT_PATH: event })).toContain('The push deleted its branch')
    writeFileSync(event, '{')
    expect(failureOf(master, {}, { GITHUB_EVENT_PATH: event })).toContain('Nothing says what to compare with')
  })

  test('an object that the repository lost', () => {
    const folder = repository()
    const id = gitIn(folder, 'rev-parse', `HEAD:${ORDER}`)
    edit(folder, ORDER, '"Notes"', '"Remarks"')
    commit(folder)
    rmSync(join(folder, '.git/objects', id.slice(0, 2), id.slice(2)), { force: true })
    expect(failureOf(folder, { base: 'v1' })).toMatch(/^solutions\/orders: Git does not have the file/)
  })
})

describe('folders of a repository', () => {
  test('a solution in the folder of another one is told by itself', () => {
    const folder = repository()
    cpSync(sample, join(folder, SOLUTION, 'nested'), { recursive: true })
    edit(folder, `${SOLUTION}/nested/Other/Solution.xml`, /LindenOrders/g, 'Nested')
    commit(folder)
    const [outer, inner] = solutionsOf(folder, { base: 'v1' })
    expect(outer).toMatchObject({ name: 'LindenOrders', changes: [], unexplained: [] })
    expect(inner).toMatchObject({ name: 'Nested', folder: `${SOLUTION}/nested`, unexplained: [] })
  })

  test('another unique name in the same folder is another solution', () => {
    const folder = repository()
    edit(folder, MANIFEST, /LindenOrders/g, 'LindenSales')
    commit(folder)
    expect(
      solutionsOf(folder, { base: 'v1' }).map(({ name, changes }) => [
        name,
        new Set(changes.map((item) => item.change)),
      ]),
    ).toEqual([
      ['LindenSales', new Set(['added'])],
      ['LindenOrders', new Set(['removed'])],
    ])
  })

  test('a copy of a solution under its name is new, and its original stays', () => {
    const folder = repository()
    cpSync(sample, join(folder, 'apps'), { recursive: true })
    commit(folder)
    const [copy, original] = solutionsOf(folder, { base: 'v1' })
    expect(copy?.changes.every(({ change }) => change === 'added')).toBe(true)
    expect(original).toMatchObject({ folder: SOLUTION, changes: [] })
  })

  test('a submodule in the place of a solution is an error, not a solution that is gone', () => {
    const folder = repository()
    gitIn(folder, 'rm', '-r', '-q', SOLUTION)
    gitIn(
      folder,
      'update-index',
      '--add',
      '--cacheinfo',
      `160000,${gitIn(folder, 'rev-parse', 'HEAD')},${SOLUTION}`,
    )
    gitIn(folder, 'commit', '-q', '-m', 'a submodule')
    expect(failureOf(folder, { base: 'v1' })).toMatch(/^'solutions\/orders' is a submodule or a link now/)
  })

  test('another case of a folder is no change', () => {
    const folder = repository()
    gitIn(folder, 'mv', `${SOLUTION}/Entities/lin_Order`, `${SOLUTION}/Entities/moving`)
    gitIn(folder, 'mv', `${SOLUTION}/Entities/moving`, `${SOLUTION}/Entities/lin_order`)
    commit(folder)
    expect(solutionsOf(folder, { base: 'v1' })).toMatchObject([{ changes: [], unexplained: [] }])
  })

  test('names with quotes, line feeds and bytes that are no text', () => {
    const folder = repository()
    for (const name of ['a\nb.js', '"q".js']) put(folder, `${SOLUTION}/WebResources/lin_/${name}`, 'x')
    const bytes = Buffer.from([0xff, 0xfe, 0x2e, 0x6a, 0x73])
    writeFileSync(Buffer.concat([Buffer.from(join(folder, `${SOLUTION}/WebResources/lin_/`)), bytes]), 'x')
    commit(folder)
    expect(solutionsOf(folder, { base: 'v1' })[0]?.unexplained).toHaveLength(3)
  })

  test('pointers of Git LFS by the sizes of the files that they stand for', () => {
    const folder = repository()
    const app = `${SOLUTION}/CanvasApps/lin_app_1a2b3`
    const pointer = (id: string, size: number): string =>
      `version https://git-lfs.github.com/spec/v1\noid sha256:${id.repeat(64)}\nsize ${size}\n`
    put(folder, `${app}.meta.xml`, '<CanvasApp><Name>lin_app_1a2b3</Name></CanvasApp>')
    put(folder, `${app}_DocumentUri.msapp`, pointer('a', 12345))
    commit(folder)
    put(folder, `${app}_DocumentUri.msapp`, pointer('b', 23456))
    commit(folder)
    expect(solutionsOf(folder, { base: 'HEAD~1' })[0]?.changes).toMatchObject([
      {
        kind: 'canvas-app',
        properties: [{ base: '12345 bytes in Git LFS', head: '23456 bytes in Git LFS' }],
      },
    ])
  })

  test.each<[string, string, RegExp]>([
    ['empty', '', /^solutions\/orders: Other\/Solution\.xml: is empty/],
    [
      'of another kind',
      '<a/>',
      /^solutions\/orders: Other\/Solution\.xml, line 1.*no element SolutionManifest/,
    ],
    [
      'cut off',
      '<ImportExportXml><SolutionManifest>',
      /^solutions\/orders: Other\/Solution\.xml, line 1.*not closed/i,
    ],
  ])('a manifest that is %s is an error with its folder', (_name, content, message) => {
    const folder = repository()
    put(folder, MANIFEST, content)
    commit(folder)
    expect(failureOf(folder, { base: 'v1' })).toMatch(message)
  })

  test('a folder in two formats', () => {
    const folder = repository()
    put(folder, `${SOLUTION}/solutions/Y/solution.yml`, 'a: b\n')
    commit(folder)
    expect(failureOf(folder, { base: 'v1' })).toMatch(
      /^solutions\/orders: The folder holds a solution in two formats/,
    )
  })

  test.each<[string, string]>([
    ['a folder within a solution', `${SOLUTION}/Other`],
    ['the root', '.'],
    ['braces without end', '{a,b}'.repeat(30)],
    ['all that there is, left out', '!**'],
  ])('solution-folder that names %s fits nothing, and says what there is', (_name, wanted) => {
    expect(failureOf(master, { base: 'v1', 'solution-folder': wanted })).toBe(
      `'solution-folder' fits no solution. The repository has '${SOLUTION}'.`,
    )
  })

  test('solution-folder as Windows writes it', () => {
    expect(solutionsOf(master, { base: 'v1', 'solution-folder': 'solutions\\orders' })).toHaveLength(1)
  })
})

describe('files', () => {
  let folder: string
  beforeAll(async () => {
    folder = repository()
    put(folder, 'empty.zip', '')
    put(folder, 'README.md', '# no archive\n')
    put(folder, 'nothing.zip', await new JSZip().generateAsync({ type: 'uint8array' }))
    const nested = new JSZip().file('x/solution.xml', '<a/>').file('x/customizations.xml', '<a/>')
    put(folder, 'nested.zip', await nested.generateAsync({ type: 'uint8array' }))
    cpSync(sample, join(folder, 'other'), { recursive: true })
    edit(folder, 'other/Other/Solution.xml', /LindenOrders/g, 'Other')
    mkdirSync(join(folder, 'bare'))
    symlinkSync(join(folder, SOLUTION), join(folder, 'link'))
  })

  test.each<[string, string, string, RegExp]>([
    ['a text', 'README.md', SOLUTION, /README\.md is not a zip archive/],
    ['a file of the solution', SOLUTION, MANIFEST, /Solution\.xml is not a zip archive, it is XML/],
    ['an empty file', 'empty.zip', SOLUTION, /empty\.zip is empty/],
    ['an archive of nothing', 'nothing.zip', SOLUTION, /nothing\.zip has no solution\.xml/],
    ['an archive of a folder', 'nested.zip', SOLUTION, /solution\.xml lies in 'x\/'/],
    ['an empty folder', 'bare', SOLUTION, /The folder .*bare is no solution's source.* It is empty/],
    ['a part of a solution', `${SOLUTION}/Other`, SOLUTION, /give the folder above it/],
    [
      'another solution',
      'other',
      SOLUTION,
      /'base' holds the solution 'Other', and 'head' holds 'LindenOrders'/,
    ],
  ])('%s is an error that says what it is', (_name, base, head, message) => {
    expect(failureOf(folder, { base, head })).toMatch(message)
  })

  test('a folder against itself, by another name and through a link', () => {
    for (const base of [`./${SOLUTION}/`, 'link'])
      expect(solutionsOf(folder, { base, head: SOLUTION })).toMatchObject([{ changes: [], unexplained: [] }])
  })
})
