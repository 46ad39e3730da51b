import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { packSolution, readFolder, type PackageType } from '../index.ts'
import { expectedHashes, hashOf } from '../testing/reference-cases.ts'

const samples = fileURLToPath(new URL('../../../../samples/', import.meta.url))

/** A change of these bytes is a decision: it changes what a tag that was built before would be built to. */
test.each(['Unmanaged', 'Managed', 'Both'] satisfies PackageType[])(
  'the sample packs as %s to the committed bytes',
  async (packageType) => {
    const { archives } = await packSolution(readFolder(`${samples}orders/solution`), { packageType })
    const expected = expectedHashes(`${samples}packed.sha256`)
    for (const { kind, bytes } of archives) {
      const name = packageType === 'Both' ? `orders/Both-${kind}.zip` : `orders/${kind}.zip`
      expect(`${hashOf(bytes)}  ${name}`).toBe(`${expected.get(name)}  ${name}`)
    }
  },
)

test('the table names nothing else', () => {
  const names = readFileSync(`${samples}packed.sha256`, 'utf8').match(/\S+\.zip/g)
  expect(names).toEqual(
    ['Unmanaged', 'Managed', 'Both-Unmanaged', 'Both-Managed'].map((name) => `orders/${name}.zip`),
  )
})
