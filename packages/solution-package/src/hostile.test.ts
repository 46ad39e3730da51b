import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hostileArchives } from './testing/hostile.ts'
import { mirrorFolder, openPackage, openZip, unpackSolution } from './index.ts'
import { solutionZip } from './testing/solution-zip.ts'

const place = mkdtempSync(join(tmpdir(), 'hostile-'))
const target = join(place, 'below', 'solution')
afterAll(() => rmSync(place, { recursive: true }))

beforeAll(() => {
  mkdirSync(join(target, 'Other'), { recursive: true })
  writeFileSync(join(target, 'Other/Solution.xml'), 'what was there before')
  writeFileSync(join(target, 'left-over.txt'), 'to be deleted by a good run')
})

/** Everything in the target folder and around it, with contents and time stamps. */
const snapshot = () =>
  readdirSync(place, { recursive: true, withFileTypes: true }).map((item) => {
    const path = join(item.parentPath, item.name)
    // The journal comes and goes beside the target, so the folder around it does change.
    const time = path.startsWith(target) ? statSync(path).mtimeMs : 0
    return [path, time, item.isFile() ? readFileSync(path, 'utf8') : 'folder']
  })

function unpackInto(folder: string, bytes: Uint8Array) {
  const archive = openPackage(openZip(bytes, { label: 'a.zip' }), 'a.zip')
  const { files, made } = unpackSolution({ archive }, { packageType: 'Unmanaged' })
  return mirrorFolder(folder, files, { overwrite: true, lineEndings: 'auto', made })
}

test.each(hostileArchives)('$what: "$error", and nothing is touched', ({ error, make }) => {
  const bytes = make()
  const before = snapshot()
  expect(() => unpackInto(target, bytes)).toThrow(error)
  expect(snapshot()).toEqual(before)
})

test('there are enough of them, and the archive that they vary is good', () => {
  expect(hostileArchives.length).toBeGreaterThanOrEqual(60)
  const result = unpackInto(join(place, 'good'), solutionZip())
  expect(result.added.toSorted()).toEqual(['Other/Customizations.xml', 'Other/Solution.xml'])
})
