import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, sep } from 'node:path'
import { mirrorFolder, type MirrorOptions, readFolder } from './index.ts'

let place: string
let folder: string
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'mirror-'))
  folder = join(place, 'solution')
})
afterEach(() => {
  rmSync(place, { recursive: true })
})

/** Modes of files are those of POSIX. */
const testOnPosix = process.platform === 'win32' ? test.skip : test

const old = new Date('2020-01-01T00:00:00Z')

function put(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
    utimesSync(join(folder, path), old, old)
  }
}

const solution = (files: Readonly<Record<string, string>>): ReadonlyMap<string, Uint8Array> =>
  new Map(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)]))

const mirror = (files: Readonly<Record<string, string>>, options: Partial<MirrorOptions> = {}) =>
  mirrorFolder(folder, solution(files), {
    overwrite: undefined,
    lineEndings: 'lf',
    made: new Set(),
    ...options,
  })

/** Files below a folder with their content; a folder that is empty counts, too. */
function content(of = folder): Record<string, string> {
  const found: Record<string, string> = {}
  for (const item of readdirSync(of, { recursive: true, withFileTypes: true })) {
    const path = join(item.parentPath, item.name)
    const name = relative(of, path).split(sep).join('/')
    if (item.isFile()) found[name] = readFileSync(path, 'utf8')
    else if (item.isSymbolicLink()) found[name] = `-> ${readlinkSync(path)}`
    else if (readdirSync(path).length === 0) found[name] = 'empty folder'
  }
  return found
}

const marker = { 'Other/Solution.xml': 'old' }

describe('an exact copy', () => {
  test('a new folder, with its parents', () => {
    folder = join(place, 'src', 'orders')
    const result = mirror({ 'Other/Solution.xml': '1', 'x/y/a.txt': '2' })
    expect(result).toEqual({
      added: ['Other/Solution.xml', 'x/y/a.txt'],
      changed: [],
      unchanged: 0,
      deleted: [],
      kept: [],
      readOnly: [],
      recovered: false,
    })
    expect(content(place)).toEqual({
      'src/orders/Other/Solution.xml': '1',
      'src/orders/x/y/a.txt': '2',
    })
  })

  test('writes what changed, deletes what is left over, hidden files too, and removes emptied folders', () => {
    put({ ...marker, 'x/same.txt': '1', 'x/changed.txt': '1', 'gone/deep/a.txt': '', 'gone/.hidden': '' })
    mkdirSync(join(folder, 'was-empty'))
    const result = mirror({
      'Other/Solution.xml': 'new',
      'x/same.txt': '1',
      'x/changed.txt': '2',
      'y/new.txt': '3',
    })
    expect(result.added).toEqual(['y/new.txt'])
    expect(result.changed).toEqual(['Other/Solution.xml', 'x/changed.txt'])
    expect(result.unchanged).toBe(1)
    expect(result.deleted.toSorted()).toEqual(['gone/.hidden', 'gone/deep/a.txt'])
    expect(content()).toEqual({
      'Other/Solution.xml': 'new',
      'x/same.txt': '1',
      'x/changed.txt': '2',
      'y/new.txt': '3',
      'was-empty': 'empty folder',
    })
  })

  test('a file that is as it should be keeps its time stamp, and a second run writes nothing', () => {
    put({ ...marker, 'x/same.txt': '1' })
    const files = { 'Other/Solution.xml': 'new', 'x/same.txt': '1' }
    mirror(files)
    expect(statSync(join(folder, 'x/same.txt')).mtime).toEqual(old)
    const before = statSync(join(folder, 'Other/Solution.xml')).mtimeMs
    expect(mirror(files)).toMatchObject({ added: [], changed: [], unchanged: 2, deleted: [] })
    expect(statSync(join(folder, 'Other/Solution.xml')).mtimeMs).toBe(before)
    expect(readdirSync(place)).toEqual(['solution'])
  })

  test('replaces a read-only file', () => {
    put({ ...marker, 'x/a.txt': '1' })
    chmodSync(join(folder, 'x/a.txt'), 0o444)
    expect(mirror({ ...marker, 'x/a.txt': '2' }).changed).toEqual(['x/a.txt'])
    expect(content()['x/a.txt']).toBe('2')
  })

  testOnPosix('a file keeps its mode', () => {
    put({ ...marker, 'x/a.sh': '1' })
    chmodSync(join(folder, 'x/a.sh'), 0o755)
    mirror({ ...marker, 'x/a.sh': '2' })
    expect(statSync(join(folder, 'x/a.sh')).mode & 0o777).toBe(0o755)
  })

  test('a folder becomes a file, and a file a folder', () => {
    put({ ...marker, 'x/a/b.txt': '1', y: '2' })
    mirror({ ...marker, 'x/a': '3', 'y/b.txt': '4' })
    expect(content()).toEqual({ ...marker, 'x/a': '3', 'y/b.txt': '4' })
  })

  test('a dry run says what it would do, and does nothing', () => {
    put({ ...marker, 'x/a.txt': '1', 'x/b.txt': '1' })
    const result = mirror({ ...marker, 'x/a.txt': '2', 'x/c.txt': '3' }, { dryRun: true })
    expect(result).toMatchObject({
      added: ['x/c.txt'],
      changed: ['x/a.txt'],
      deleted: ['x/b.txt'],
      unchanged: 1,
    })
    expect(content()).toEqual({ ...marker, 'x/a.txt': '1', 'x/b.txt': '1' })
  })
})

const ignore = (path: string): boolean => path.endsWith('.md')

describe('what stays whatever happens', () => {
  test('.git at any depth, as a folder and as a file', () => {
    put({ ...marker, '.git/HEAD': 'ref', 'x/.git': 'gitdir: ..', 'y/.git/config': '' })
    mirror({ 'Other/Solution.xml': 'new' }, { overwrite: true })
    expect(content()).toEqual({
      'Other/Solution.xml': 'new',
      '.git/HEAD': 'ref',
      'x/.git': 'gitdir: ..',
      'y/.git/config': '',
    })
  })

  test('ignored files: neither deleted nor overwritten nor made', () => {
    put({ ...marker, 'README.md': 'mine', 'x/a.md': 'mine', 'x/b.txt': 'old' })
    const result = mirror({ ...marker, 'x/a.md': 'theirs', 'x/c.md': 'theirs' }, { ignore })
    expect(result).toMatchObject({ added: [], changed: [], deleted: ['x/b.txt'], unchanged: 3 })
    expect(content()).toEqual({ ...marker, 'README.md': 'mine', 'x/a.md': 'mine' })
  })

  test('an ignored file in the place of a folder is an error, and nothing changes', () => {
    put({ ...marker, 'x/keep/mine.md': 'mine', 'x/b.txt': 'old' })
    const before = content(place)
    expect(() => mirror({ ...marker, 'x/keep': 'a file' }, { ignore })).toThrow(
      'is a folder where a file has to be',
    )
    expect(content(place)).toEqual(before)
  })
})

describe('overwrite', () => {
  const files = { 'Other/Solution.xml': 'new', 'x/a.txt': '2' }

  test('false writes what changed, keeps what is left over and what is read-only', () => {
    put({ ...marker, 'x/a.txt': '1', 'x/b.txt': '1', 'left/over.txt': '' })
    chmodSync(join(folder, 'x/a.txt'), 0o444)
    const result = mirror({ ...files, 'x/b.txt': '2', 'x/c.txt': '3' }, { overwrite: false })
    expect(result).toMatchObject({
      added: ['x/c.txt'],
      changed: ['Other/Solution.xml', 'x/b.txt'],
      deleted: [],
      kept: ['left/over.txt'],
      readOnly: ['x/a.txt'],
    })
    expect(content()).toEqual({
      'Other/Solution.xml': 'new',
      'x/a.txt': '1',
      'x/b.txt': '2',
      'x/c.txt': '3',
      'left/over.txt': '',
    })
  })

  test('false does not delete a file that is in the way', () => {
    put({ ...marker, x: 'a file' })
    expect(() => mirror(files, { overwrite: false })).toThrow('"x" in')
    expect(content()).toEqual({ ...marker, x: 'a file' })
  })

  test('false does not delete a folder that is in the way', () => {
    put({ ...marker, 'x/a.txt/b.txt': 'in a folder' })
    expect(() => mirror(files, { overwrite: false })).toThrow('is a folder where a file has to be')
    expect(content()).toEqual({ ...marker, 'x/a.txt/b.txt': 'in a folder' })
  })

  test.each([
    ['a folder with something else in it', { 'package.json': '{}' }, 'holds no unpacked solution'],
    ['a folder with a repository in it', { ...marker, '.git/HEAD': 'ref' }, 'holds a Git repository'],
  ])('empty refuses %s, which true takes', (_, present, message) => {
    put(present)
    expect(() => mirror(files)).toThrow(message)
    expect(() => mirror(files)).toThrow('set "overwrite-files: true"')
    expect(content()).toEqual(present)
    mirror(files, { overwrite: true })
    expect(content()).toMatchObject(files)
    expect(existsSync(join(folder, 'package.json'))).toBe(false)
  })

  test('empty refuses the root of the workspace, also when a link leads to it', () => {
    put(marker)
    const link = join(place, 'link')
    symlinkSync(folder, link)
    expect(() => mirror(files, { workspace: folder })).toThrow('is the root of the workspace')
    expect(() => mirror(files, { workspace: link })).toThrow('is the root of the workspace')
    expect(content()).toEqual(marker)
  })

  test('empty takes an empty folder', () => {
    mkdirSync(folder)
    mirror(files)
    expect(content()).toEqual(files)
  })
})

const outside = (): string => join(place, 'outside')

describe('links', () => {
  beforeEach(() => {
    put(marker)
    mkdirSync(outside())
    writeFileSync(join(outside(), 'a.txt'), 'theirs')
  })

  test('a linked folder is not written through', () => {
    symlinkSync(outside(), join(folder, 'x'))
    expect(() => mirror({ ...marker, 'x/a.txt': 'ours' })).toThrow('"x" in')
    expect(content(outside())).toEqual({ 'a.txt': 'theirs' })
  })

  test('a left-over link is deleted, not what it leads to', () => {
    symlinkSync(outside(), join(folder, 'x'))
    expect(mirror(marker).deleted).toEqual(['x'])
    expect(content(outside())).toEqual({ 'a.txt': 'theirs' })
    expect(content()).toEqual(marker)
  })

  test('a linked file is replaced, even when it leads to the same content', () => {
    symlinkSync(join(outside(), 'a.txt'), join(folder, 'b.txt'))
    symlinkSync(join(outside(), 'nowhere.txt'), join(folder, 'c.txt'))
    expect(mirror({ ...marker, 'b.txt': 'theirs', 'c.txt': '1' }).changed).toEqual(['b.txt', 'c.txt'])
    expect(lstatSync(join(folder, 'b.txt')).isFile()).toBe(true)
    expect(content()).toEqual({ ...marker, 'b.txt': 'theirs', 'c.txt': '1' })
    expect(content(outside())).toEqual({ 'a.txt': 'theirs' })
  })

  test('the folder itself may be a link', () => {
    const link = join(place, 'link')
    symlinkSync(folder, link)
    folder = link
    mirror({ 'Other/Solution.xml': 'new' })
    expect(content(join(place, 'solution'))).toEqual({ 'Other/Solution.xml': 'new' })
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
  })

  test('readFolder refuses links: what they lead to was not reviewed', () => {
    symlinkSync(join(outside(), 'a.txt'), join(folder, 'b.txt'))
    expect(() => readFolder(folder)).toThrow('"b.txt" in')
  })
})

describe('line ends', () => {
  const made = new Set(['Other/Solution.xml', 'x/new.xml', 'x/old.xml'])
  const files = {
    'Other/Solution.xml': '<a>\n</a>',
    'x/new.xml': '<b>\n</b>',
    'x/old.xml': '<c>\n</c>',
    'x/copied.txt': '1\n2',
  }

  test('auto: each file as it is, new ones as Other/Solution.xml, LF in a new folder', () => {
    put({ 'Other/Solution.xml': '<a>\r\n</a>', 'x/old.xml': '<c>\n</c>', 'x/copied.txt': '1\r\n2' })
    const result = mirror(files, { lineEndings: 'auto', made })
    expect(result).toMatchObject({ added: ['x/new.xml'], changed: ['x/copied.txt'], unchanged: 2 })
    expect(content()).toEqual({ ...files, 'Other/Solution.xml': '<a>\r\n</a>', 'x/new.xml': '<b>\r\n</b>' })
    folder = join(place, 'new')
    mirror(files, { lineEndings: 'auto', made })
    expect(content()).toEqual(files)
  })

  test('auto in a folder without Other/Solution.xml: new files as the others that the engine made', () => {
    put({ 'x/copied.txt': '1\n2', 'x/old.xml': '<c>\r\n</c>' })
    const rest = { 'x/new.xml': files['x/new.xml'], 'x/old.xml': files['x/old.xml'], 'x/copied.txt': '1\n2' }
    mirror(rest, { lineEndings: 'auto', made, overwrite: true })
    expect(content()).toEqual({ ...rest, 'x/new.xml': '<b>\r\n</b>', 'x/old.xml': '<c>\r\n</c>' })
  })

  test('crlf and lf: every file that the engine made, and no other', () => {
    mirror(files, { lineEndings: 'crlf', made })
    expect(content()).toEqual({
      'Other/Solution.xml': '<a>\r\n</a>',
      'x/new.xml': '<b>\r\n</b>',
      'x/old.xml': '<c>\r\n</c>',
      'x/copied.txt': '1\n2',
    })
    expect(mirror(files, { lineEndings: 'crlf', made })).toMatchObject({ changed: [], unchanged: 4 })
    mirror(files, { lineEndings: 'lf', made })
    expect(content()).toEqual(files)
  })
})

describe('all or nothing', () => {
  const damaged = {
    keys: () => ['Other/Solution.xml', 'x/damaged.txt'],
    has: () => true,
    get: (path: string): Uint8Array => {
      if (path === 'x/damaged.txt') throw new Error('its checksum is wrong')
      return new Uint8Array()
    },
  }
  const options = { overwrite: true, lineEndings: 'lf', made: new Set<string>() } as const

  test('content that cannot be read leaves everything as it was', () => {
    put({ ...marker, 'left/over.txt': '' })
    expect(() => mirrorFolder(folder, damaged, options)).toThrow('its checksum is wrong')
    expect(content(place)).toEqual({ 'solution/Other/Solution.xml': 'old', 'solution/left/over.txt': '' })
  })

  test('a new folder and its new parents are gone again', () => {
    expect(() => mirrorFolder(join(place, 'src/orders'), damaged, options)).toThrow('its checksum is wrong')
    expect(content(place)).toEqual({})
  })

  testOnPosix('a folder that cannot be written to is left as it was', () => {
    put({ ...marker, 'a/1.txt': 'old', 'locked/2.txt': 'old', 'z/3.txt': 'old' })
    chmodSync(join(folder, 'locked'), 0o555)
    const isRoot = process.getuid?.() === 0
    const run = () => mirror({ ...marker, 'a/1.txt': 'new', 'locked/2.txt': 'new', 'z/4.txt': 'new' })
    // Nothing is locked for root, whose run succeeds.
    if (isRoot) expect(run().changed).toEqual(['a/1.txt', 'locked/2.txt'])
    else {
      expect(run).toThrow('EACCES')
      expect(content()).toEqual({ ...marker, 'a/1.txt': 'old', 'locked/2.txt': 'old', 'z/3.txt': 'old' })
    }
    chmodSync(join(folder, 'locked'), 0o755)
    expect(readdirSync(place)).toEqual(['solution'])
  })
})

const journal = (): string => join(place, '.solution.unpack-journal')

const plant = (plan: string): void => {
  put(marker)
  mkdirSync(join(journal(), 'new'), { recursive: true })
  mkdirSync(join(journal(), 'old'))
  writeFileSync(join(journal(), 'new/0'), 'evil')
  writeFileSync(join(journal(), 'plan.json'), plan)
}

describe('a journal that somebody else made', () => {
  test.each([
    ['leads out of the folder', '{"write": ["../evil.txt"], "delete": []}', 'leaves the folder'],
    ['deletes outside of the folder', '{"write": [], "delete": ["../outside/a.txt"]}', 'leaves the folder'],
    [
      'writes into .git',
      '{"write": [".git/hooks/post-checkout"], "delete": []}',
      'reaches into a .git folder',
    ],
    ['is damaged', '{"write": [', 'is a damaged journal'],
    ['is something else', '[]', 'is no journal of an unpacking'],
  ])('and that %s is refused', (_, plan, message) => {
    plant(plan)
    expect(() => mirror({ 'Other/Solution.xml': 'new' })).toThrow(message)
    expect(content()).toEqual(marker)
    expect(existsSync(join(place, 'evil.txt'))).toBe(false)
  })

  test('and that writes through a link is refused', () => {
    plant('{"write": ["x/evil.txt"], "delete": []}')
    mkdirSync(join(place, 'outside'))
    symlinkSync(join(place, 'outside'), join(folder, 'x'))
    expect(() => mirror({ 'Other/Solution.xml': 'new' })).toThrow('is a link')
    expect(content(join(place, 'outside'))).toEqual({})
  })

  test('and that is a link itself is refused', () => {
    put(marker)
    mkdirSync(join(place, 'outside'))
    symlinkSync(join(place, 'outside'), journal())
    expect(() => mirror({ 'Other/Solution.xml': 'new' })).toThrow('where the journal of an unpacking belongs')
  })
})
