import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, sep } from 'node:path'
import { readFolder } from '@dsa/solution-package'
import { runActionSync } from '../../tests/support/run-action.ts'
import { solutionZip } from '../../packages/solution-package/src/testing/solution-zip.ts'

// Where the temporary folder is a link, the action sees what it leads to.
const place = realpathSync(mkdtempSync(join(tmpdir(), 'interrupted-')))
afterAll(() => rmSync(place, { recursive: true }))

const workspace = join(place, 'workspace')
const folder = join(workspace, 'solution')
const breakDisk = new URL('../../tests/support/break-disk.mjs', import.meta.url).href

const archive = (files: Readonly<Record<string, string>>): Buffer =>
  solutionZip({ more: Object.entries(files).map(([name, content]) => ({ name, content })) })

const files = (of: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(of, { recursive: true, withFileTypes: true })
      .filter((item) => item.isFile())
      .map((item) => join(item.parentPath, item.name))
      .map((path) => [
        relative(of, path).split(sep).join('/'),
        `${statSync(path).mtimeMs} ${readFileSync(path, 'utf8')}`,
      ]),
  )

const contents = (of: string): Record<string, string> =>
  Object.fromEntries(Object.entries(files(of)).map(([path, text]) => [path, text.replace(/^\S+ /, '')]))

const unpack = (environment: Readonly<Record<string, string>> = {}) =>
  runActionSync(
    'unpack',
    { 'solution-file': 'new.zip', 'solution-folder': 'solution' },
    { workspace, environment },
  )

const broken = (how: string) =>
  unpack({ NODE_OPTIONS: `--import ${breakDisk}`, DISK_FOLDER: workspace, DISK_BREAK: how })

/** What is half done must not be taken for a solution; packing reads it so. */
function expectNotToPack(): void {
  // Killed after the last change, the folder is whole, and only the journal is left.
  if (JSON.stringify(contents(folder)) === JSON.stringify(filesIn(after, 'solution'))) return
  expect(() => readFolder(folder)).toThrow('was killed half-way')
}

/** The workspace before the run, and what a run that nothing disturbs makes of it. */
let before: Record<string, string>
let after: Record<string, string>

function reset(): void {
  rmSync(workspace, { recursive: true, force: true })
  cpSync(join(place, 'before'), workspace, { recursive: true, preserveTimestamps: true })
}

beforeAll(() => {
  mkdirSync(workspace)
  const same = { 'x/same.txt': 'same', 'y/z/same.txt': 'same' }
  writeFileSync(
    join(workspace, 'new.zip'),
    archive({ ...same, 'x/changed.txt': '1', 'gone/a.txt': '', 'v/w.txt/b.txt': '' }),
  )
  expect(unpack().code).toBe(0)
  writeFileSync(
    join(workspace, 'new.zip'),
    archive({ ...same, 'x/changed.txt': '2', 'x/new/a.txt': '', 'v/w.txt': '' }),
  )
  cpSync(workspace, join(place, 'before'), { recursive: true, preserveTimestamps: true })
  reset()
  before = files(workspace)
  expect(unpack().outputs).toMatchObject({ 'files-added': '2', 'files-changed': '1', 'files-deleted': '2' })
  after = contents(workspace)
})

test('killed at any point, the next run makes the new tree and leaves no journal', () => {
  const states = new Set<string>()
  let killed = 0
  for (let n = 1; ; n += 1) {
    reset()
    if (broken(`kill:${n}`).code === 0) break
    killed += 1
    const journal = readdirSync(workspace).some((name) => name.endsWith('.unpack-journal'))
    const untouched = JSON.stringify(files(folder)) === JSON.stringify(filesIn(before, 'solution'))
    // Either as it was, or there is a journal that says what is to be finished.
    expect(untouched || journal).toBe(true)
    states.add(untouched ? 'untouched' : 'half done')
    // What the next run makes of the workspace as it was is known.
    if (JSON.stringify(files(workspace)) === JSON.stringify(before)) continue
    if (!untouched) expectNotToPack()
    const next = unpack()
    expect(next.code).toBe(0)
    if (next.stdout.includes('had been killed')) expect(next.outputs['changed']).toBe('true')
    expect(contents(workspace)).toEqual(after)
  }
  expect(killed).toBeGreaterThan(15)
  expect(states).toEqual(new Set(['untouched', 'half done']))
})

test('killed again while it finishes the work of a killed run, the third run makes the new tree', () => {
  for (const n of [15, 18]) {
    for (let m = 1; m <= 5; m += 2) {
      reset()
      broken(`kill:${n}`)
      broken(`kill:${m}`)
      expect(unpack().code).toBe(0)
      expect(contents(workspace)).toEqual(after)
    }
  }
})

test('failing at any point, it leaves the workspace as it was', () => {
  let failed = 0
  for (let n = 1; ; n += 1) {
    reset()
    const run = broken(`fail:${n}`)
    if (run.code === 0) {
      expect(contents(workspace)).toMatchObject(after)
      break
    }
    failed += 1
    expect(run.annotations.filter(({ level }) => level === 'error')).toHaveLength(1)
    expect(files(workspace)).toEqual(before)
    expect(readdirSync(workspace).toSorted()).toEqual(['new.zip', 'solution'])
  }
  expect(failed).toBeGreaterThan(15)
})

test('killed or failing while it makes a new folder, there is none, and the next run makes it', () => {
  for (const how of ['kill', 'fail']) {
    let stopped = 0
    for (let n = 1; ; n += 1) {
      reset()
      rmSync(folder, { recursive: true })
      if (broken(`${how}:${n}`).code === 0) {
        expect(contents(workspace)).toMatchObject(after)
        break
      }
      stopped += 1
      // Killed after the folder has appeared, only the journal is left to be thrown away.
      if (existsSync(folder)) expect(contents(folder)).toEqual(filesIn(after, 'solution'))
      if (how === 'fail') {
        // As it was, and as where nothing was killed yet: what the next run makes of that is shown above.
        expect(readdirSync(workspace)).toEqual(['new.zip'])
        continue
      }
      expect(unpack().code).toBe(0)
      expect(contents(workspace)).toEqual(after)
    }
    expect(stopped).toBeGreaterThan(10)
  }
})

const filesIn = (all: Readonly<Record<string, string>>, name: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(all)
      .filter(([path]) => path.startsWith(`${name}/`))
      .map(([path, text]) => [path.slice(name.length + 1), text]),
  )
