import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, sep } from 'node:path'
import { mirrorFolder, type MirrorOptions } from '../folder/index.ts'

/** Modes of files are those of POSIX. */
export const testOnPosix = process.platform === 'win32' ? test.skip : test

/** When everything that a test puts into the folder was last changed. */
export const old = new Date('2020-01-01T00:00:00Z')

/** What a folder has to have for it to be taken for a solution. */
export const marker = { 'Other/Solution.xml': 'old' }

function solution(files: Readonly<Record<string, string>>): ReadonlyMap<string, Uint8Array> {
  return new Map(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)]))
}

/** A folder to mirror into, in a place of its own for each test of a file. */
export function mirroredFolder() {
  const where = { place: '', folder: '' }
  beforeEach(() => {
    where.place = mkdtempSync(join(tmpdir(), 'mirror-'))
    where.folder = join(where.place, 'solution')
  })
  afterEach(() => rmSync(where.place, { recursive: true }))

  function put(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(where.folder, path)), { recursive: true })
      writeFileSync(join(where.folder, path), text)
      utimesSync(join(where.folder, path), old, old)
    }
  }

  const mirror = (files: Readonly<Record<string, string>>, options: Partial<MirrorOptions> = {}) =>
    mirrorFolder(where.folder, solution(files), {
      overwrite: undefined,
      lineEndings: 'lf',
      made: new Set(),
      ...options,
    })

  /** Files below a folder with their content; a folder that is empty counts, too. */
  function content(of = where.folder): Record<string, string> {
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

  return { where, put, mirror, content }
}
