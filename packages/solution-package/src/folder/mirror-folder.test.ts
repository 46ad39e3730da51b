import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { marker, mirroredFolder, old, testOnPosix } from '../testing/mirrored-folder.ts'

const { where, put, mirror, content } = mirroredFolder()

describe('an exact copy', () => {
  test('a new folder, with its parents', () => {
    where.folder = join(where.place, 'src', 'orders')
    const result = mirror({ 'Other/Solution.xml': '1', 'x/y/a.txt': '2' })
    expect(result).toEqual({
      added: ['Other/Solution.xml', 'x/y/a.txt'],
      changed: [],
      unchanged: 0,
      deleted: [],
      kept: [],
      readOnly: [],
      recovered: false,
      putAside: undefined,
    })
    expect(content(where.place)).toEqual({
      'src/orders/Other/Solution.xml': '1',
      'src/orders/x/y/a.txt': '2',
    })
  })

  test('writes what changed, deletes what is left over, hidden files too, and removes emptied folders', () => {
    put({ ...marker, 'x/same.txt': '1', 'x/changed.txt': '1', 'gone/deep/a.txt': '', 'gone/.hidden': '' })
    mkdirSync(join(where.folder, 'was-empty'))
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
    expect(statSync(join(where.folder, 'x/same.txt')).mtime).toEqual(old)
    const before = statSync(join(where.folder, 'Other/Solution.xml')).mtimeMs
    expect(mirror(files)).toMatchObject({ added: [], changed: [], unchanged: 2, deleted: [] })
    expect(statSync(join(where.folder, 'Other/Solution.xml')).mtimeMs).toBe(before)
    expect(readdirSync(where.place)).toEqual(['solution'])
  })

  test('replaces a read-only file', () => {
    put({ ...marker, 'x/a.txt': '1' })
    chmodSync(join(where.folder, 'x/a.txt'), 0o444)
    expect(mirror({ ...marker, 'x/a.txt': '2' }).changed).toEqual(['x/a.txt'])
    expect(content()['x/a.txt']).toBe('2')
  })

  testOnPosix('a file keeps its mode', () => {
    put({ ...marker, 'x/a.sh': '1' })
    chmodSync(join(where.folder, 'x/a.sh'), 0o755)
    mirror({ ...marker, 'x/a.sh': '2' })
    expect(statSync(join(where.folder, 'x/a.sh')).mode & 0o777).toBe(0o755)
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
    const before = content(where.place)
    expect(() => mirror({ ...marker, 'x/keep': 'a file' }, { ignore })).toThrow(
      'is a folder where a file has to be',
    )
    expect(content(where.place)).toEqual(before)
  })
})

describe('overwrite', () => {
  const files = { 'Other/Solution.xml': 'new', 'x/a.txt': '2' }

  test('false writes what changed, keeps what is left over and what is read-only', () => {
    put({ ...marker, 'x/a.txt': '1', 'x/b.txt': '1', 'left/over.txt': '' })
    chmodSync(join(where.folder, 'x/a.txt'), 0o444)
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
    expect(() => mirror(files, { overwrite: false })).toThrow("'x' in")
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
    expect(() => mirror(files)).toThrow("set 'overwrite-files: true'")
    expect(content()).toEqual(present)
    mirror(files, { overwrite: true })
    expect(content()).toMatchObject(files)
    expect(existsSync(join(where.folder, 'package.json'))).toBe(false)
  })

  test('empty refuses the root of the workspace, also when a link leads to it', () => {
    put(marker)
    const link = join(where.place, 'link')
    symlinkSync(where.folder, link)
    expect(() => mirror(files, { workspace: where.folder })).toThrow('is the root of the workspace')
    expect(() => mirror(files, { workspace: link })).toThrow('is the root of the workspace')
    expect(content()).toEqual(marker)
  })

  test('empty takes an empty folder', () => {
    mkdirSync(where.folder)
    mirror(files)
    expect(content()).toEqual(files)
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
    where.folder = join(where.place, 'new')
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
