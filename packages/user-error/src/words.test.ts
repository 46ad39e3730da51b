import { counted, duration, quotedList } from './index.ts'

test('one thing has no s, and any other number has', () => {
  expect(counted(1, 'minute')).toBe('1 minute')
  expect(counted(0, 'minute')).toBe('0 minutes')
  expect(counted(2, 'dependency', 'dependencies')).toBe('2 dependencies')
})

test.each([
  [0, '0 s'],
  [59_499, '59 s'],
  [59_500, '1 min 0 s'],
  [252_000, '4 min 12 s'],
  [3_900_000, '1 h 5 min'],
  [-5, '0 s'],
])('%d ms are %s', (ms, words) => {
  expect(duration(ms)).toBe(words)
})

test('names stand in quotes, the last after its word', () => {
  expect(quotedList([])).toBe('')
  expect(quotedList(['a'])).toBe("'a'")
  expect(quotedList(['a', 'b', 'c'])).toBe("'a', 'b' and 'c'")
  expect(quotedList(['a', 'b'], 'or')).toBe("'a' or 'b'")
})
