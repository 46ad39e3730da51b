import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  openPackage,
  openZip,
  packSolution,
  unpackSolution,
  type PackedSolution,
  type UnpackedSolution,
} from '../index.ts'
import {
  differences,
  expectedHashes,
  folderTree,
  memoryTree,
  noteMissing,
  notOnPurpose,
  referenceCases,
  unpackCase,
  type ReferenceCase,
} from '../testing/reference-cases.ts'

const corpus = referenceCases('corpus')
const probes = referenceCases('probes')?.filter(({ action }) => action === 'Pack')

if (corpus === undefined) noteMissing('corpus')
if (probes === undefined) noteMissing('probes')

const withCorpus = corpus === undefined ? test.skip : test
const withProbes = probes === undefined ? test.skip : test

function unpackAgain({ archives }: PackedSolution, { packageType }: ReferenceCase): UnpackedSolution {
  const [archive, managed] = archives.map(({ bytes }) => openPackage(openZip(bytes)))
  if (archive === undefined) throw new Error('nothing was packed')
  return unpackSolution({ archive, ...(managed === undefined ? {} : { managed }) }, { packageType })
}

withCorpus(
  'every tree of the corpus packs and unpacks again to the identical tree',
  async () => {
    const wrong: string[] = []
    for (const item of corpus ?? []) {
      // The tree is known to be the expected one; the bytes of its files are nowhere else.
      const tree = memoryTree(unpackCase(item).files)
      const expected = expectedHashes(join(item.folder, 'expected.sha256'))
      // Some archives were packed by the old tool, which lost files of canvas apps.
      const packed = await packSolution(tree, { packageType: item.packageType, allowMissingFiles: true })
      const again = unpackAgain(packed, item)
      const lines = differences(again.files, expected)
      if (lines.length > 0) wrong.push(`${item.id}: ${lines.slice(0, 5).join(', ')}`)
    }
    const total = corpus?.length ?? 0
    console.log(`corpus: ${total - wrong.length} of ${total} trees pack and unpack to the identical tree`)
    expect(wrong).toEqual([])
  },
  600_000,
)

/** Where the reference leaves the order to the file system, or a map file is needed, which is read elsewhere. */
const ONLY_CONTENTS = new Set(['pack-content-types'])
const WITH_MAP = new Set(['pack-map'])

withProbes(
  'every pack probe gives the expected archive, or fails where the reference fails',
  async () => {
    const wrong: string[] = []
    const tested = (probes ?? []).filter(({ id }) => !WITH_MAP.has(id))
    for (const item of tested) {
      const packing = packSolution(folderTree(join(item.folder, 'tree')), { packageType: item.packageType })
      if (item.fails) {
        await expect(packing).rejects.toThrow(/\S/)
        continue
      }
      const { archives } = await packing
      for (const [i, { bytes }] of archives.entries()) {
        const entries = openZip(bytes)
        const expected = join(item.folder, i === 0 ? 'expected' : 'expected_managed')
        const files = entries.map((entry) => [entry.name, entry.read()] as const)
        const lines = differences(files, expectedHashes(`${expected}.sha256`))
        const order = readFileSync(`${expected}-order.txt`, 'utf8').trim().split('\n')
        if (ONLY_CONTENTS.has(item.id)) {
          lines.splice(0, lines.length, ...lines.filter((line) => !line.endsWith('[Content_Types].xml')))
        } else if (order.join('\n') !== entries.map(({ name }) => name).join('\n'))
          lines.push('another order')
        const unmeant = notOnPurpose(item.id, lines)
        if (unmeant.length > 0) wrong.push(`${item.id}: ${unmeant.join(', ')}`)
      }
    }
    console.log(`pack probes: ${tested.length - wrong.length} of ${tested.length} as expected`)
    expect(wrong).toEqual([])
  },
  60_000,
)
