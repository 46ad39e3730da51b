import { ignorePatterns } from './ignore-patterns.ts'

test.each([
  ['*.md', ['README.md', 'x/y/a.md'], ['a.mdx']],
  ['.editorconfig', ['.editorconfig', 'x/.editorconfig'], ['x/editorconfig']],
  ['WebResources/src/', ['WebResources/src', 'WebResources/src/a/b.ts'], ['x/WebResources/src/a.ts']],
  ['/docs', ['docs', 'docs/a.md'], ['docsy', 'docs.md']],
  ['x/**/*.map', ['x/a.map', 'x/y/z/a.map'], ['y/a.map']],
  ['node_modules', ['node_modules/a/b.js', 'x/node_modules/a.js'], ['x/node_modules.txt']],
  ['#a', ['#a'], ['a']],
  ['!a', ['!a'], ['a', 'b']],
])('%s', (pattern, matched, others) => {
  const isIgnored = ignorePatterns([pattern])
  expect(matched.filter((path) => !isIgnored(path))).toEqual([])
  expect(others.filter(isIgnored)).toEqual([])
})

test('without patterns nothing is ignored', () => {
  expect(ignorePatterns([])('a')).toBe(false)
})
