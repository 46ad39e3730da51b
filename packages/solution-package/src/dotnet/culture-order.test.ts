import fc from 'fast-check'
import { compareCulture, sortByCulture } from './culture-order.ts'

// Each line is an order that SolutionPackager 9.1, or the collation of Mono under it, was seen to make.
const OBSERVED: readonly (readonly string[])[] = [
  ['1', '10', '29', '300', '61', '9'],
  ['_x', 'account', 'Account', 'acme_b', 'acme_C', 'b'],
  ['e', 'é', 'f'],
  ['a_c', 'ab', 'a-b', 'account'],
  ['x_y', 'xy', 'xY'],
  ['account', 'Account', 'acme_z', 'Contact'],
  ['a', '-a', 'ä', 'a-', 'a b', 'a,b', 'a.b', 'a/b', 'a:b', 'a_b', 'a{b', 'a+b', 'a=b', 'a1b', 'ab', 'b'],
  ['ab', "a'b", 'a-b', '-ab', 'aB', 'Ab', 'AB', 'A-B'],
  ['acmemy-thing', 'acme-my-thing'],
  ['A-', "a-'", "-a-'"],
  ['ae', 'æ', 'i', 'I', 'ı', 'İ', 'o', 'ö', 'ø', 'ss', 'ß', 'z', 'Z', 'а', 'я', '日'],
  [
    '!',
    '#a',
    '$a',
    '%',
    '&',
    '(a)',
    '*',
    ';',
    '?',
    '@',
    '[',
    '\\',
    ']',
    '^',
    '_a',
    '`',
    '{a}',
    '}',
    '~',
    '+',
    '<',
    '1',
  ],
]

test.each(OBSERVED.map((order) => [order.join(' < '), order] as const))('%s', (_shown, order) => {
  const sorted = sortByCulture(order.toReversed(), (value) => [value])
  expect(sorted).toEqual(order)
})

test('what is missing comes first, and equals keep their order', () => {
  const items = [{ k: 'b', n: 1 }, { n: 2 }, { k: 'a', n: 3 }, { k: 'b', n: 4 }, { n: 5 }]
  expect(sortByCulture(items, ({ k }) => [k]).map(({ n }) => n)).toEqual([2, 5, 3, 1, 4])
})

test('is a total order whatever the values', () => {
  const value = fc.option(
    fc.string({ unit: fc.constantFrom('a', 'A', 'é', 'e', '-', "'", '_', '1', 'z', 'ß', ' ') }),
    {
      nil: undefined,
    },
  )
  fc.assert(
    fc.property(value, value, value, (a, b, c) => {
      expect(Math.sign(compareCulture(a, b)) + Math.sign(compareCulture(b, a))).toBe(0)
      if (compareCulture(a, b) <= 0 && compareCulture(b, c) <= 0)
        expect(compareCulture(a, c)).toBeLessThanOrEqual(0)
      if (a !== b) expect(compareCulture(a, b)).not.toBe(0)
    }),
  )
})
