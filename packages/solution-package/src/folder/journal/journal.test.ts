import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { mirrorFolder, readFolder } from '../index.ts'
import { marker, mirroredFolder, testOnPosix } from '../../testing/mirrored-folder.ts'
import { newMark } from './trusted-journals.ts'

const { where, put, mirror, content } = mirroredFolder()

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
    expect(() => mirrorFolder(where.folder, damaged, options)).toThrow('its checksum is wrong')
    expect(content(where.place)).toEqual({
      'solution/Other/Solution.xml': 'old',
      'solution/left/over.txt': '',
    })
  })

  test('a new folder and its new parents are gone again', () => {
    expect(() => mirrorFolder(join(where.place, 'src/orders'), damaged, options)).toThrow(
      'its checksum is wrong',
    )
    expect(content(where.place)).toEqual({})
  })

  testOnPosix('a folder that cannot be written to is left as it was', () => {
    put({ ...marker, 'a/1.txt': 'old', 'locked/2.txt': 'old', 'z/3.txt': 'old' })
    chmodSync(join(where.folder, 'locked'), 0o555)
    const isRoot = process.getuid?.() === 0
    const run = () => mirror({ ...marker, 'a/1.txt': 'new', 'locked/2.txt': 'new', 'z/4.txt': 'new' })
    // Nothing is locked for root, whose run succeeds.
    if (isRoot) expect(run().changed).toEqual(['a/1.txt', 'locked/2.txt'])
    else {
      expect(run).toThrow('EACCES')
      expect(content()).toEqual({ ...marker, 'a/1.txt': 'old', 'locked/2.txt': 'old', 'z/3.txt': 'old' })
    }
    chmodSync(join(where.folder, 'locked'), 0o755)
    expect(readdirSync(where.place)).toEqual(['solution'])
  })
})

const journal = (): string => join(where.place, '.solution.unpack-journal')

const plant = (plan: string, mark = 'made up'): void => {
  put(marker)
  mkdirSync(join(journal(), 'new'), { recursive: true })
  mkdirSync(join(journal(), 'old'))
  writeFileSync(join(journal(), 'new/0'), 'evil')
  writeFileSync(join(journal(), 'plan.json'), plan)
  writeFileSync(join(journal(), 'mark'), mark)
}

describe('a journal that came with the checkout is not carried out', () => {
  test.each([
    ['a good plan', '{"write": ["x/evil.txt"], "delete": ["Other/Solution.xml"]}'],
    [
      'a plan that bears the mark of its journal',
      '{"mark": "made up", "write": ["x/evil.txt"], "delete": []}',
    ],
    ['one that leads out of the folder', '{"write": ["../evil.txt"], "delete": ["../outside/a.txt"]}'],
    ['one that is damaged', '{"write": ['],
    ['one that is something else', 'null'],
  ])('but put aside: %s', (_, plan) => {
    plant(plan)
    const { recovered, putAside } = mirror({ 'Other/Solution.xml': 'new' })
    expect(recovered).toBe(false)
    expect(content()).toEqual({ 'Other/Solution.xml': 'new' })
    expect(readFileSync(join(putAside ?? '', 'plan.json'), 'utf8')).toBe(plan)
    expect(readdirSync(where.place).toSorted()).toEqual([basename(putAside ?? ''), 'solution'])
  })

  test('and packing says that the folder may be half written', () => {
    plant('{"write": ["x/evil.txt"], "delete": []}')
    expect(() => readFolder(where.folder)).toThrow('the folder may be half written')
  })

  test('a link in its place is refused', () => {
    put(marker)
    mkdirSync(join(where.place, 'outside'))
    symlinkSync(join(where.place, 'outside'), journal())
    expect(() => mirror({ 'Other/Solution.xml': 'new' })).toThrow('where the journal of an unpacking belongs')
  })

  test('an empty one is only removed', () => {
    put(marker)
    mkdirSync(journal())
    expect(mirror({ 'Other/Solution.xml': 'new' }).putAside).toBeUndefined()
    expect(readdirSync(where.place)).toEqual(['solution'])
  })
})

/** A journal as a run of this machine leaves it when it is killed. */
const begin = (plan: { readonly write: readonly string[]; readonly delete: readonly string[] }): void => {
  put(marker)
  const mark = newMark(realpathSync(where.folder))
  plant(JSON.stringify({ mark, ...plan }), mark)
}

describe('a journal of this machine', () => {
  test('is finished', () => {
    begin({ write: ['x/new.txt'], delete: ['x/old.txt'] })
    put({ 'x/old.txt': '' })
    const result = mirror({ ...marker, 'x/new.txt': 'evil' })
    expect(result).toMatchObject({ recovered: true, added: [], deleted: [], unchanged: 2 })
  })

  test('does not delete, or write, what is to be kept now', () => {
    begin({ write: ['x/kept.md'], delete: ['y/kept.md', 'y/gone.txt'] })
    put({ 'x/kept.md': 'mine', 'y/kept.md': 'mine', 'y/gone.txt': '' })
    expect(mirror(marker, { ignore: (path) => path.endsWith('.md') }).recovered).toBe(true)
    expect(content()).toEqual({ ...marker, 'x/kept.md': 'mine', 'y/kept.md': 'mine' })
  })

  test('of which a checkout replaced the plan is put aside', () => {
    begin({ write: [], delete: [] })
    writeFileSync(join(journal(), 'plan.json'), '{"write": ["x/evil.txt"], "delete": []}')
    expect(mirror(marker)).toMatchObject({ recovered: false, putAside: expect.any(String) })
    expect(content()).toEqual(marker)
  })

  test.each([
    ['leads out of the folder', { write: ['../evil.txt'], delete: [] }, 'leaves the folder'],
    ['deletes outside of the folder', { write: [], delete: ['../outside/a.txt'] }, 'leaves the folder'],
    ['writes into .git', { write: ['.git/hooks/post-checkout'], delete: [] }, 'reaches into a .git folder'],
  ])('and that %s is refused all the same', (_, plan, message) => {
    begin(plan)
    expect(() => mirror({ 'Other/Solution.xml': 'new' })).toThrow(message)
    expect(content()).toEqual(marker)
    expect(existsSync(join(where.place, 'evil.txt'))).toBe(false)
  })

  test('writes through no link, and takes no link for a file', () => {
    begin({ write: ['x/evil.txt'], delete: [] })
    mkdirSync(join(where.place, 'outside'))
    symlinkSync(join(where.place, 'outside'), join(where.folder, 'x'))
    expect(() => mirror({ 'Other/Solution.xml': 'new' })).toThrow('is a link')
    expect(content(join(where.place, 'outside'))).toEqual({})
    rmSync(join(where.folder, 'x'))
    rmSync(join(journal(), 'new/0'))
    symlinkSync('/etc/hostname', join(journal(), 'new/0'))
    expect(() => mirror({ 'Other/Solution.xml': 'new' })).toThrow('is no plain file')
    rmSync(join(journal(), 'new'), { recursive: true })
    symlinkSync(join(where.place, 'outside'), join(journal(), 'new'))
    expect(() => mirror({ 'Other/Solution.xml': 'new' })).toThrow('is no plain directory')
  })
})
