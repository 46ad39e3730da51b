import { didYouMean, slips } from './index.ts'

test.each([
  ['Tabel', ['Column', 'Table'], " Did you mean 'Table'?"],
  ['yml', ['xml', 'yaml'], " Did you mean 'yaml'?"],
  ['updgrade', ['update', 'upgrade'], " Did you mean 'upgrade'?"],
  ['MANAGED', ['Unmanaged', 'Managed'], " Did you mean 'Managed'?"],
  ['germany', ['Public', 'China'], ''],
  ['', ['a'], " Did you mean 'a'?"],
])('%j among %j: %j', (word, candidates, question) => {
  expect(didYouMean(word, candidates)).toBe(question)
})

test('neighbours that changed places are one slip, others are counted', () => {
  expect(slips('lin_Ordre', 'lin_order')).toBe(1)
  expect(slips('ab', 'ba')).toBe(1)
  expect(slips('abcd', 'badc')).toBeGreaterThan(1)
  expect(slips('same', 'Same')).toBe(0)
  expect(slips('ab', 'abc')).toBe(1)
})
