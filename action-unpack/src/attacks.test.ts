import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runAction, runActionSync } from '../../tests/support/run-action.ts'
import { solutionZip } from '../../packages/solution-package/src/testing/solution-zip.ts'

let place = ''
let workspace = ''
beforeEach(() => {
  place = realpathSync(mkdtempSync(join(tmpdir(), 'attacks-')))
  workspace = join(place, 'workspace')
  mkdirSync(workspace)
})
afterEach(() => rmSync(place, { recursive: true }))

const archive = (files: Readonly<Record<string, string>>): Buffer =>
  solutionZip({ more: Object.entries(files).map(([name, content]) => ({ name, content })) })

const many = (text: string): Record<string, string> =>
  Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`${text}/${n}.txt`, `${text} ${n}`]))

const unpack = (file = 'new.zip', inputs: Readonly<Record<string, string>> = {}) => ({
  'solution-file': file,
  'solution-folder': 'solution',
  ...inputs,
})

test('of two unpackings to one folder at once, each that says success has left all its files', async () => {
  for (const [name, text] of [
    ['a.zip', 'a'],
    ['b.zip', 'b'],
  ] as const) {
    writeFileSync(join(workspace, name), archive(many(text)))
  }
  for (let round = 0; round < 4; round += 1) {
    const runs = await Promise.all(
      ['a', 'b'].map((name) => runAction('unpack', unpack(`${name}.zip`), { workspace })),
    )
    const [first, second] = runs.map(({ code }) => code === 0)
    expect(first || second).toBe(true)
    for (const run of runs) if (run.code !== 0) expect(run.log).toContain('is unpacking to')
    const found = readdirSync(join(workspace, 'solution')).toSorted()
    // The folder is that of one of those that succeeded, as a whole.
    const last = found.includes('a') ? 'a' : 'b'
    expect(found).toEqual(['Other', last].toSorted())
    expect(last === 'a' ? first : second).toBe(true)
    expect(readdirSync(join(workspace, 'solution', last))).toHaveLength(300)
    expect(readdirSync(workspace).toSorted()).toEqual(['a.zip', 'b.zip', 'solution'])
  }
})

test('a journal that came with the checkout is put aside, never carried out, and the run says so', () => {
  writeFileSync(join(workspace, 'new.zip'), archive({ 'x/a.txt': 'new' }))
  expect(runActionSync('unpack', unpack(), { workspace }).code).toBe(0)
  const journal = join(workspace, '.solution.unpack-journal')
  mkdirSync(join(journal, 'new'), { recursive: true })
  mkdirSync(join(journal, 'old'))
  writeFileSync(join(journal, 'new/0'), 'evil')
  writeFileSync(join(journal, 'plan.json'), '{"write":["x/evil.txt"],"delete":["x/a.txt"]}')
  const pack = runActionSync(
    'pack',
    { 'solution-file': 'packed.zip', 'solution-folder': 'solution' },
    { workspace },
  )
  expect(pack.code).toBe(1)
  expect(pack.log).toContain('may be half written')
  const run = runActionSync('unpack', unpack(), { workspace })
  expect(run.code).toBe(0)
  expect(run.log).toContain('may have been half written')
  expect(run.outputs).toMatchObject({ changed: 'false', 'files-unchanged': '3' })
  expect(existsSync(join(workspace, 'solution/x/evil.txt'))).toBe(false)
  expect(readdirSync(workspace).filter((name) => name.includes('put-aside'))).toHaveLength(1)
})

const testOnLinux = process.platform === 'linux' ? test : test.skip

testOnLinux('a left-over file whose name is not UTF-8 is told truly, and nothing is changed', () => {
  writeFileSync(join(workspace, 'new.zip'), archive({ 'x/a.txt': 'new' }))
  expect(runActionSync('unpack', unpack(), { workspace }).code).toBe(0)
  const odd = Buffer.concat([Buffer.from(join(workspace, 'solution/x/caf')), Buffer.from([0xe9])])
  writeFileSync(odd, 'left over')
  writeFileSync(join(workspace, 'new.zip'), archive({ 'x/a.txt': 'newer' }))
  const run = runActionSync('unpack', unpack(), { workspace })
  expect(run.code).toBe(1)
  expect(run.log).toContain('its name is not UTF-8')
  expect(readFileSync(join(workspace, 'solution/x/a.txt'), 'utf8')).toBe('new')
  const keeping = runActionSync('unpack', unpack('new.zip', { 'overwrite-files': 'false' }), { workspace })
  expect(keeping.outputs).toMatchObject({ 'files-kept': '1', 'files-changed': '1' })
  expect(readFileSync(odd, 'utf8')).toBe('left over')
  const pack = runActionSync(
    'pack',
    { 'solution-file': 'p.zip', 'solution-folder': 'solution' },
    { workspace },
  )
  expect(pack.code).toBe(1)
  expect(pack.log).toContain('has a name that is not UTF-8')
})

testOnLinux('a pipe in the source tree is an error, not a run that waits for ever', () => {
  cpSync('samples/orders/solution', join(workspace, 'solution'), { recursive: true })
  execFileSync('mkfifo', [join(workspace, 'solution/WebResources/pipe')])
  const run = runActionSync(
    'pack',
    { 'solution-file': 'p.zip', 'solution-folder': 'solution' },
    { workspace },
  )
  expect(run.code).toBe(1)
  expect(run.log).toContain("'WebResources/pipe' in")
  expect(run.log).toContain('is a pipe')
})

testOnLinux.each(['pack', 'unpack'])('a pipe as map file of %s is an error as well', (action) => {
  cpSync('samples/orders/solution', join(workspace, 'solution'), { recursive: true })
  writeFileSync(join(workspace, 'new.zip'), archive({}))
  execFileSync('mkfifo', [join(workspace, 'map.xml')])
  const inputs = {
    ...unpack(),
    'solution-folder': 'solution',
    'replace-solution': 'true',
    'map-file': 'map.xml',
  }
  const run = runActionSync(action, inputs, { workspace })
  expect(run.code).toBe(1)
  expect(run.log).toMatch(/'map-file' names .*map\.xml, which is not a file/)
})

describe('a planted link is not followed, and what is written is a plain file', () => {
  const victim = (): string => join(place, 'victim')
  beforeEach(() => {
    cpSync('samples/orders/solution', join(workspace, 'solution'), { recursive: true })
    writeFileSync(victim(), 'theirs')
  })

  test.each(['p.zip', 'p.zip.partial', 'p_managed.zip', 'p_managed.zip.partial', 's.json.partial'])(
    '%s',
    (name) => {
      symlinkSync(victim(), join(workspace, name))
      const run = runActionSync(
        'pack',
        { 'solution-file': 'p.zip', 'solution-folder': 'solution', 'settings-file': 's.json' },
        { workspace },
      )
      expect(run.code).toBe(0)
      expect(readFileSync(victim(), 'utf8')).toBe('theirs')
      expect(readFileSync(join(workspace, 'p.zip')).subarray(0, 2).toString()).toBe('PK')
      expect(readdirSync(workspace).filter((found) => found.endsWith('.partial'))).toEqual(
        name.endsWith('.partial') ? [name] : [],
      )
    },
  )
})
