import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mirrorFolder } from './index.ts'
import { marker, mirroredFolder, testOnPosix } from './mirrored-folder.fixtures.ts'

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
    expect(existsSync(join(where.place, 'evil.txt'))).toBe(false)
  })

  test('and that writes through a link is refused', () => {
    plant('{"write": ["x/evil.txt"], "delete": []}')
    mkdirSync(join(where.place, 'outside'))
    symlinkSync(join(where.place, 'outside'), join(where.folder, 'x'))
    expect(() => mirror({ 'Other/Solution.xml': 'new' })).toThrow('is a link')
    expect(content(join(where.place, 'outside'))).toEqual({})
  })

  test('and that is a link itself is refused', () => {
    put(marker)
    mkdirSync(join(where.place, 'outside'))
    symlinkSync(join(where.place, 'outside'), journal())
    expect(() => mirror({ 'Other/Solution.xml': 'new' })).toThrow('where the journal of an unpacking belongs')
  })
})
