import fc from 'fast-check'
import { filesOfGenerated, generatedSolution } from '../testing/generated-solution.ts'
import { openPackage, openZip, packSolution, unpackSolution, type PackageParts } from '../index.ts'
import { hashOf, memoryTree } from '../testing/reference-cases.ts'
import { packageOf } from '../testing/solution.ts'

const ranks = fc.array(fc.nat({ max: 100 }), { minLength: 3, maxLength: 8 })

function tree(archive: PackageParts): Map<string, Uint8Array> {
  return new Map(unpackSolution({ archive }, { packageType: 'Unmanaged' }).files)
}

const hashes = (files: ReadonlyMap<string, Uint8Array>): [string, string][] =>
  [...files]
    .map(([path, bytes]): [string, string] => [path, hashOf(bytes)])
    .toSorted(([a], [b]) => (a < b ? -1 : 1))

async function pack(files: ReadonlyMap<string, Uint8Array>): Promise<Uint8Array> {
  const { archives } = await packSolution(memoryTree(files), { packageType: 'Unmanaged' })
  return archives[0]?.bytes ?? new Uint8Array()
}

test('unpacking what was packed gives the same tree, for every kind in the table', async () => {
  await fc.assert(
    fc.asyncProperty(generatedSolution, async (solution) => {
      const first = tree(packageOf(filesOfGenerated(solution)))
      const again = tree(openPackage(openZip(await pack(first))))
      expect(hashes(again)).toEqual(hashes(first))
    }),
    { numRuns: 25 },
  )
})

test('the order of items, root components and archive entries changes nothing', () => {
  fc.assert(
    fc.property(generatedSolution, ranks, (solution, order) => {
      const ordered = tree(packageOf(filesOfGenerated(solution)))
      expect(hashes(tree(packageOf(filesOfGenerated(solution, order))))).toEqual(hashes(ordered))
    }),
    { numRuns: 50 },
  )
})

test('the order of files, their line ends and byte order marks do not change the archive', async () => {
  await fc.assert(
    fc.asyncProperty(generatedSolution, ranks, async (solution, order) => {
      const { files, made } = unpackSolution(
        { archive: packageOf(filesOfGenerated(solution)) },
        { packageType: 'Unmanaged' },
      )
      const changed = [...files].map(([path, bytes], i): [string, Uint8Array] => {
        if (!made.has(path)) return [path, bytes]
        const text = Buffer.from(bytes)
          .toString('utf8')
          .replace(/^\u{feff}/u, '')
        // A line break in a text is content; only those that unpacking wrote are Git's to change.
        return [path, Buffer.from(i % 2 === 0 ? text : text.replaceAll('\n', '\r\n'), 'utf8')]
      })
      const shuffled = new Map(
        changed.toSorted(
          ([a], [b]) => (order[a.length % order.length] ?? 0) - (order[b.length % order.length] ?? 0),
        ),
      )
      expect(hashOf(await pack(shuffled))).toBe(hashOf(await pack(new Map(files))))
    }),
    { numRuns: 15 },
  )
})
