import { checkPaths, troubleOnWindows } from './path-rules.ts'

const check = (platform: NodeJS.Platform, ...paths: string[]) => checkPaths('/work/solution', paths, platform)

const everywhere: readonly NodeJS.Platform[] = ['linux', 'darwin', 'win32']

describe.each(everywhere)('on %s', (platform) => {
  test.each([
    ['../a.txt', 'leaves the folder'],
    ['x/../../a.txt', 'leaves the folder'],
    ['/a.txt', 'leaves the folder or has an empty part'],
    ['x//a.txt', 'leaves the folder or has an empty part'],
    ['./a.txt', 'leaves the folder'],
    ['', 'leaves the folder or has an empty part'],
    ['x/a\0.txt', String.raw`does not allow "\u0000"`],
    ['.git/config', 'reaches into a .git folder'],
    ['x/.Git', 'reaches into a .git folder'],
    ['GIT~1/hooks/post-commit', 'reaches into a .git folder'],
    ['.g\u{200c}it/hooks/post-commit', 'reaches into a .git folder'],
    ['x/\u{feff}.GIT\u{206f}/config', 'reaches into a .git folder'],
    [`x/${'a'.repeat(256)}`, 'is longer than 255'],
    ['abcdefghi/'.repeat(4000) + 'a', 'the limit of this system'],
  ])('refuses %j', (path, message) => {
    expect(() => check(platform, path)).toThrow(message)
  })

  test('refuses a file where another one needs a folder', () => {
    expect(() => check(platform, 'x/a/b.txt', 'x/a')).toThrow(
      "'x/a' cannot be a file: 'x/a/b.txt' needs a folder",
    )
  })

  test.each(['a.txt', 'x/.hidden', 'x/.gitignore', 'x/a..b/c', '{id}/ä ö.xml', `x/${'a'.repeat(255)}`])(
    'allows %j',
    (path) => {
      expect(() => check(platform, path)).not.toThrow()
    },
  )
})

/** Names that one system forbids are good on the others. */
test.each([
  ['C:/a.txt', 'does not allow ":"'],
  ['x/a.txt:stream', 'does not allow ":"'],
  ['..\\a.txt', String.raw`does not allow "\\"`],
  ['\\\\server\\share', String.raw`does not allow "\\"`],
  ['x/a?.txt', 'does not allow "?"'],
  ['x/a*.txt', 'does not allow "*"'],
  ['x/<a>.txt', 'does not allow "<"'],
  ['x/a"b', String.raw`does not allow "\""`],
  ['x/a|b', 'does not allow "|"'],
  ['x/a\tb', String.raw`does not allow "\t"`],
  ['CON', "does not allow the name 'CON'"],
  ['x/nul.txt', "does not allow the name 'nul.txt'"],
  ['x/nul .txt', "does not allow the name 'nul .txt'"],
  ['x/CONIN$', "does not allow the name 'CONIN$'"],
  ['x/Com1.tar.gz', "does not allow the name 'Com1.tar.gz'"],
  ['lpt9/a.txt', "does not allow the name 'lpt9'"],
  ['x/a.', "does not allow the name 'a.'"],
  ['x/a /b', "does not allow the name 'a '"],
])('%j is refused on Windows only', (path, message) => {
  expect(() => check('win32', path)).toThrow(message)
  expect(() => check('linux', path)).not.toThrow()
  expect(() => check('darwin', path)).not.toThrow()
})

test.each([
  ['x/a.txt', 'x/A.txt'],
  ['x/é.txt', 'x/e\u0301.txt'],
])('%j and %j are two files on Linux only', (a, b) => {
  expect(() => check('linux', a, b)).not.toThrow()
  expect(() => check('darwin', a, b)).toThrow(`'${a}' is the same file on this system`)
  expect(() => check('win32', a, b)).toThrow(`'${a}' is the same file on this system`)
})

test('counts bytes on Linux, letters on Windows', () => {
  const path = `x/${'ä'.repeat(200)}`
  expect(() => check('linux', path)).toThrow('is longer than 255')
  expect(() => check('win32', path)).not.toThrow()
})

test('what keeps a folder from being checked out on Windows is told', () => {
  const paths = ['Roles/Gold.xml', 'Roles/gold.xml', 'SLAs/a: b?.meta.xml', 'con.txt', 'good/a.xml']
  expect(troubleOnWindows(paths)).toEqual([
    'Windows cannot hold the names of these files: SLAs/a: b?.meta.xml, con.txt.',
    'These files are one on Windows and macOS, which ignore case: Roles/Gold.xml and Roles/gold.xml.',
  ])
  expect(troubleOnWindows(['good/a.xml'])).toEqual([])
})
