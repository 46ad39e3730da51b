import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  openPackage,
  openZip,
  packSolution,
  unpackSolution,
  verifySource,
  type PackageType,
} from './index.ts'

const folder = fileURLToPath(new URL('../../../samples/orders/solution', import.meta.url))

const sample: ReadonlyMap<string, Uint8Array> = new Map(
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((item) => item.isFile())
    .map((item) => join(item.parentPath, item.name))
    .map((path) => [relative(folder, path).split(sep).join('/'), new Uint8Array(readFileSync(path))]),
)

const tree = {
  paths: [...sample.keys()],
  read(path: string): Uint8Array {
    const bytes = sample.get(path)
    if (!bytes) throw new Error(`No file ${path} in the sample.`)
    return bytes
  },
}

/** What the archives packed as `packageType` unpack to. */
async function roundTrip(packageType: PackageType) {
  const { archives } = await packSolution(tree, { packageType })
  const opened = new Map(archives.map(({ kind, bytes }) => [kind, openPackage(openZip(bytes))]))
  const first = opened.get(packageType === 'Managed' ? 'Managed' : 'Unmanaged')
  const managed = opened.get('Managed')
  if (!first) throw new Error(`No archive of the first kind for ${packageType}.`)
  return unpackSolution(
    packageType === 'Both' && managed ? { archive: first, managed } : { archive: first },
    { packageType },
  )
}

/** The sample with its package type (2, Both) replaced in the manifest. */
function sampleOfType(managed: '0' | '1', paths: readonly string[]): Map<string, string> {
  const texts = new Map(paths.map((path) => [path, readText(path)]))
  texts.set(
    'Other/Solution.xml',
    readText('Other/Solution.xml').replace('<Managed>2<', `<Managed>${managed}<`),
  )
  return texts
}

const readText = (path: string): string => Buffer.from(sample.get(path) ?? []).toString('latin1')

const asTexts = (files: ReadonlyMap<string, Uint8Array>): Map<string, string> =>
  new Map([...files].map(([path, bytes]) => [path, Buffer.from(bytes).toString('latin1')]))

const sorted = (texts: ReadonlyMap<string, string>): [string, string][] =>
  [...texts].toSorted(([a], [b]) => (a < b ? -1 : 1))

describe('samples/orders', () => {
  test('packed as Both it unpacks to itself, byte for byte', async () => {
    const { files, notCarried } = await roundTrip('Both')
    expect(sorted(asTexts(files))).toEqual(sorted(asTexts(sample)))
    expect(notCarried).toEqual([])
  })

  test('packed as Unmanaged it has no managed files', async () => {
    const { files } = await roundTrip('Unmanaged')
    const paths = [...sample.keys()].filter((path) => !path.endsWith('_managed.xml'))
    expect(sorted(asTexts(files))).toEqual(sorted(sampleOfType('0', paths)))
  })

  test('packed as Managed it has the managed file of each pair', async () => {
    const { files } = await roundTrip('Managed')
    const paths = [...sample.keys()].filter(
      (path) => !sample.has(`${path.slice(0, -'.xml'.length)}_managed.xml`),
    )
    expect(sorted(asTexts(files))).toEqual(sorted(sampleOfType('1', paths)))
  })

  test('has nothing that verify finds', () => {
    expect(verifySource(tree)).toEqual([])
  })

  test('has no form, view, cell or control handler with the id of another', () => {
    const unmanaged = [...sample.keys()].filter((path) => /^Entities\/.*[^d]\.xml$/.test(path))
    const ids = unmanaged.flatMap((path) =>
      [
        ...readText(path).matchAll(
          /(?:<(?:formid|savedqueryid)>| (?:id|libraryUniqueId|handlerUniqueId)=")(\{[0-9a-f-]+\})/g,
        ),
      ].map(([, id]) => id),
    )
    expect(ids.length).toBeGreaterThan(60)
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
  })
})
