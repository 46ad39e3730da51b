import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hostileArchives } from './testing/hostile.ts'
import { mirrorFolder, openPackage, openZip, packSolution, unpackSolution } from './index.ts'
import { memoryTree } from './testing/reference-cases.ts'
import { customizations, solutionXml, solutionZip } from './testing/solution-zip.ts'

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

describe('numbers that no environment has end neither with an overflow of the stack nor after minutes', () => {
  // More than a function can have arguments.
  const many = 150_000

  test('losses', () => {
    const sections = `<Roles>${'<!-- lost -->'.repeat(many)}</Roles>`
    const archive = openPackage(openZip(solutionZip({ customizations: customizations(sections) })))
    expect(unpackSolution({ archive }, { packageType: 'Unmanaged' }).notCarried).toHaveLength(many)
  })

  test('root components, unpacked and packed', async () => {
    const roots = Array.from({ length: many }, (_, n) => `<RootComponent type="1" schemaName="t${n}" />`)
    const solution = solutionXml.replace(
      '<RootComponents />',
      `<RootComponents>${roots.join('')}</RootComponents>`,
    )
    const archive = openPackage(openZip(solutionZip({ solution })))
    const { files } = unpackSolution({ archive }, { packageType: 'Unmanaged' })
    const packed = await packSolution(memoryTree(files), { packageType: 'Unmanaged' })
    expect(packed.verifiable).toHaveLength(many)
  })
})

describe('archives that pack makes are archives that unpack takes', () => {
  const { files: base } = unpackSolution(
    { archive: openPackage(openZip(solutionZip())) },
    { packageType: 'Unmanaged' },
  )
  const packedWith = async (more: Readonly<Record<string, Uint8Array>>): Promise<Uint8Array> => {
    const tree = memoryTree(new Map([...base, ...Object.entries(more)]))
    const { archives } = await packSolution(tree, { packageType: 'Unmanaged' })
    return archives[0]?.bytes ?? new Uint8Array()
  }

  // Deflate comes to 1032 to 1 at best.
  test.each([8, 65])('%i MB of blanks, near to the best ratio', async (megabytes) => {
    const size = megabytes * 1024 ** 2
    const zip = await packedWith({ 'x/blank.txt': new Uint8Array(size) })
    expect(
      openZip(zip)
        .find(({ name }) => name === 'x/blank.txt')
        ?.read(),
    ).toHaveLength(size)
  })

  test('names that differ by upper and lower case only are refused, as unpack refuses them', async () => {
    const twins = packedWith({ 'x/a.txt': Buffer.from('1'), 'x/A.txt': Buffer.from('2') })
    await expect(twins).rejects.toThrow(
      "the files 'x/A.txt' and 'x/a.txt' differ by upper and lower case only",
    )
  })
})
