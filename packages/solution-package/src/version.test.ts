import {
  compareVersions,
  incrementVersion,
  parseVersion,
  versionFromTag,
  type VersionSegment,
} from './version.ts'

test.each(['', '1', '1.', '1.2.3.4.5', '1.a', '1.2-rc', ' 1.2'])('%j is no version', (text) => {
  expect(() => parseVersion(text)).toThrow(/is not a version of a solution/)
})

test.each(['1.99999999999', '1.0.20220508103', '2147483648.0'])('%s is too high', (text) => {
  expect(() => parseVersion(text)).toThrow(/each of its numbers can be at most 2147483647/)
})

test('2147483647 is the last number, and cannot be raised', () => {
  expect(parseVersion('1.0.0000.2147483647')).toEqual([1, 0, 0, 2147483647])
  expect(() => incrementVersion('1.0.0.2147483647', 'revision')).toThrow(/at most 2147483647/)
  expect(incrementVersion('1.0.0.2147483647', 'build')).toBe('1.0.1.0')
})

test.each([
  ['1.10', '1.9', 1],
  ['1.2', '1.2.0.0', 0],
  ['1.2.0.1', '1.2', 1],
  ['1.0.0.0', '2.0', -1],
])('%s against %s', (a, b, sign) => {
  expect(Math.sign(compareVersions(a, b))).toBe(sign)
})

test.each<[string, VersionSegment, string]>([
  ['1.2.3.4', 'major', '2.0.0.0'],
  ['1.2.3.4', 'minor', '1.3.0.0'],
  ['1.2', 'build', '1.2.1.0'],
  ['1.2.3.9', 'revision', '1.2.3.10'],
])('%s raised at %s is %s', (version, segment, expected) => {
  expect(incrementVersion(version, segment)).toBe(expected)
})

test.each([
  ['v1.4.0', '1.4.0.0'],
  ['v1.4', '1.4.0.0'],
  ['1.4.0.7', '1.4.0.7'],
  ['orders/v1.4.0', '1.4.0.0'],
  ['release/2026/V2.0', '2.0.0.0'],
])('the tag %s is version %s', (tag, version) => {
  expect(versionFromTag(tag)).toBe(version)
})

test.each([
  ['v1.4.0-rc.1', /no pre-release/],
  ['v1.4.0+7', /no pre-release/],
  ['v1', /one number is no version/],
  ['v1.2.3.4.5', /four numbers at most/],
  ['latest', /must look like v1.4.0/],
])('the tag %s is refused', (tag, reason) => {
  expect(() => versionFromTag(tag)).toThrow(reason)
})
