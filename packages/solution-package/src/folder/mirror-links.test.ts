import { lstatSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readFolder } from './index.ts'
import { marker, mirroredFolder } from '../testing/mirrored-folder.ts'

const { where, put, mirror, content } = mirroredFolder()

const outside = (): string => join(where.place, 'outside')

describe('links', () => {
  beforeEach(() => {
    put(marker)
    mkdirSync(outside())
    writeFileSync(join(outside(), 'a.txt'), 'theirs')
  })

  test('a linked folder is not written through', () => {
    symlinkSync(outside(), join(where.folder, 'x'))
    expect(() => mirror({ ...marker, 'x/a.txt': 'ours' })).toThrow("'x' in")
    expect(content(outside())).toEqual({ 'a.txt': 'theirs' })
  })

  test('a left-over link is deleted, not what it leads to', () => {
    symlinkSync(outside(), join(where.folder, 'x'))
    expect(mirror(marker).deleted).toEqual(['x'])
    expect(content(outside())).toEqual({ 'a.txt': 'theirs' })
    expect(content()).toEqual(marker)
  })

  test('a linked file is replaced, even when it leads to the same content', () => {
    symlinkSync(join(outside(), 'a.txt'), join(where.folder, 'b.txt'))
    symlinkSync(join(outside(), 'nowhere.txt'), join(where.folder, 'c.txt'))
    expect(mirror({ ...marker, 'b.txt': 'theirs', 'c.txt': '1' }).changed).toEqual(['b.txt', 'c.txt'])
    expect(lstatSync(join(where.folder, 'b.txt')).isFile()).toBe(true)
    expect(content()).toEqual({ ...marker, 'b.txt': 'theirs', 'c.txt': '1' })
    expect(content(outside())).toEqual({ 'a.txt': 'theirs' })
  })

  test('the folder itself may be a link', () => {
    const link = join(where.place, 'link')
    symlinkSync(where.folder, link)
    where.folder = link
    mirror({ 'Other/Solution.xml': 'new' })
    expect(content(join(where.place, 'solution'))).toEqual({ 'Other/Solution.xml': 'new' })
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
  })

  test('readFolder refuses links: what they lead to was not reviewed', () => {
    symlinkSync(join(outside(), 'a.txt'), join(where.folder, 'b.txt'))
    expect(() => readFolder(where.folder)).toThrow("'b.txt' in")
  })
})
