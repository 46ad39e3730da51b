import { openSource, packSolution, verifySource } from '../../index.ts'
import { YAML_SOLUTION, yamlTree } from '../../testing/yaml-solution.ts'
import type { SourceTree } from '../../source-tree.ts'

const choice = 'optionsets/fly_state/optionset.yml'
const listing = 'solutions/Hangar/solutioncomponents.yml'
const solution = 'solutions/Hangar/solution.yml'
const canvas = 'canvasapps/fly_board_1a2b3/canvasapp.yml'
const flow = 'modernflows/3f0a1c52-5a1b-4d6e-9a70-0d2b7a4c1e03/workflow.yml'

const textOf = (path: string): string => YAML_SOLUTION[path] ?? ''

/** The source with other bytes in one file, which ends its lines with line feeds. */
function withBytes(path: string, bytes: Uint8Array): SourceTree {
  const tree = yamlTree({ ...YAML_SOLUTION, [path]: textOf(path) })
  return {
    ...tree,
    paths: [...new Set([...tree.paths, path])].toSorted(),
    read: (asked) => (asked === path ? bytes : tree.read(asked)),
  }
}

const withText = (path: string, text: string): SourceTree => withBytes(path, Buffer.from(text))

function edited(path: string, from: string | RegExp, to: string): SourceTree {
  const text = textOf(path).replace(from, to)
  if (text === textOf(path)) throw new Error(`${path} has no ${String(from)}`)
  return withText(path, text)
}

/** The element of a choice with lines put behind the first. */
const inChoice = (lines: string): SourceTree => withText(choice, textOf(choice).replace('\n', `\n${lines}`))

const listed = (path: string): SourceTree => edited(listing, '/optionsets/fly_state', path)

const nested = (levels: number): string =>
  Array.from({ length: levels }, (_, level) => `${'  '.repeat(level + 1)}a:\n`).join('')

type Attack = readonly [what: string, tree: SourceTree, file: string, line: number, problem: string]

const ATTACKS: readonly Attack[] = [
  ['210 levels', inChoice(nested(210)), choice, 202, 'levels'],
  ['1,000 levels', inChoice(nested(1000)), choice, 1, 'levels'],
  ['100 MB', inChoice(nested(10_000)), choice, 1, 'is larger than 64 MB'],
  ['10,000 brackets', inChoice(`  a: ${'['.repeat(10_000)}\n`), choice, 1, 'levels'],
  ['10,000 braces', inChoice(`  a: ${'{a: '.repeat(10_000)}\n`), choice, 1, 'levels'],
  ['lists of lists', inChoice('  a:\n  - - - - 1\n'), choice, 3, 'list within a list'],
  ['a NUL in a value', inChoice('  a: x\u{0}y\n'), choice, 2, 'character'],
  ['a NUL in quotes', inChoice("  a: 'x\u{0}y'\n"), choice, 2, 'character'],
  ['a NUL in an attribute', edited(choice, 'fly_state', "'fly\u{0}state'"), choice, 2, 'character'],
  ['a NUL in a key', inChoice("  'a\u{0}b': 1\n"), choice, 2, 'no name'],
  ['an escaped NUL', inChoice('  a: "\\0"\n'), choice, 2, 'character'],
  ['an escaped half of a pair', inChoice('  a: "\\ud800"\n'), choice, 2, 'character'],
  ['U+FFFE', inChoice('  a: \u{fffe}\n'), choice, 2, 'character'],
  ['U+FFFF in an attribute', edited(choice, 'fly_state', 'fly\u{ffff}state'), choice, 2, 'character'],
  ['an escape sequence of a terminal', inChoice('  a: \u{1b}[31m\n'), choice, 2, 'character'],
  ['tabs as indentation', inChoice('\ta: 1\n'), choice, 2, 'tab'],
  ['tabs behind spaces', inChoice('  \ta: 1\n  b: 2\n'), choice, 2, ''],
  ['an anchor at a value', inChoice('  a: &x 1\n'), choice, 2, 'anchor'],
  ['an anchor at a key', inChoice('  &x a: 1\n'), choice, 2, 'anchor'],
  ['an anchor at an item', inChoice('  a:\n  - &x 1\n  - 2\n'), choice, 3, 'anchor'],
  ['an alias', inChoice('  a: *x\n'), choice, 2, 'lias'],
  ['an alias as key', inChoice('  *x : 1\n'), choice, 2, ''],
  ['a merge key', inChoice('  <<: {a: 1}\n'), choice, 2, 'no name'],
  ['a merge key of an anchor', inChoice('  a: &x\n    b: 1\n  <<: *x\n'), choice, 3, 'anchor'],
  ['%YAML', withText(choice, `%YAML 1.2\n---\n${textOf(choice)}`), choice, 1, 'directive'],
  ['%TAG', withText(choice, `%TAG ! tag:x,2026:\n---\n${textOf(choice)}`), choice, 1, 'directive'],
  ['two documents', withText(choice, `${textOf(choice)}---\n${textOf(choice)}`), choice, 12, 'second'],
  ['an end, and more', withText(choice, `${textOf(choice)}...\n---\na: 1\n`), choice, 13, 'second'],
  ['a number as key', inChoice('  1: a\n'), choice, 2, 'no name'],
  ['a mapping as key', inChoice('  ? {a: 1}\n  : 2\n'), choice, 2, 'no text'],
  ['a list as key', inChoice('  ? [a]\n  : 2\n'), choice, 2, 'no text'],
  ['nothing as key', inChoice('  : 2\n'), choice, 2, ''],
  ['null as key', inChoice('  ? \n  : 2\n'), choice, 2, ''],
  ['a key twice in quotes', inChoice("  'a': 1\n  a: 2\n"), choice, 3, 'has before'],
  ['a key twice in other quotes', inChoice('  "a": 1\n  \'a\': 2\n'), choice, 3, 'has before'],
  ['an attribute twice', inChoice("  '@Name': fly_state\n"), choice, 3, 'has before'],
  ['a text twice', inChoice("  '#text': a\n  '#text': b\n"), choice, 3, 'has before'],
  [
    'not UTF-8',
    withBytes(choice, Buffer.from(textOf(choice).replace('air', 'a\u{ff}r'), 'latin1')),
    choice,
    10,
    'UTF-8',
  ],
  [
    'an overlong slash',
    withBytes(choice, Buffer.from(textOf(choice).replace('air', '\u{c0}\u{af}'), 'latin1')),
    choice,
    10,
    'UTF-8',
  ],
  ['UTF-16', withBytes(choice, Buffer.from(`\u{feff}${textOf(choice)}`, 'utf16le')), choice, 1, 'UTF-8'],
  ['carriage returns alone', withText(choice, textOf(choice).replaceAll('\n', '\r')), choice, 1, ''],
  ['a default namespace', inChoice("  '@xmlns': urn:x\n"), choice, 1, 'stands where'],
  ['a prefix that nothing declares', inChoice("  '@x:y': 1\n"), choice, 2, 'not declared'],
  ['another namespace', inChoice("  '@xmlns:xsi': urn:x\n"), choice, 2, 'can be'],
  ['markup as name', inChoice("  'a/><b': 1\n"), choice, 2, 'no name'],
  ['a document type', withText(choice, `<!DOCTYPE a [<!ENTITY b "c">]>\n${textOf(choice)}`), choice, 1, ''],
  ['a tag of a class', inChoice('  a: !!python/object:os.system x\n'), choice, 2, 'tag'],
  ['a tag of JavaScript', inChoice('  a: !!js/function x\n'), choice, 2, 'tag'],
  ['binary', inChoice('  a: !!binary aGk=\n'), choice, 2, 'tag'],
  ['a listed path that leads out', listed('/../outside'), listing, 18, 'is not in the folder'],
  ['one with .. in it', listed('/optionsets/../optionsets/fly_state'), listing, 18, 'is not in the folder'],
  ['one with backslashes', listed('\\optionsets\\fly_state'), listing, 18, 'is not in the folder'],
  ['one in other case', listed('/OptionSets/fly_state'), listing, 18, 'is not in the folder'],
  ['one that ends in a slash', listed('/optionsets/fly_state/'), listing, 18, 'is not in the folder'],
  ['one of a disk', listed('C:/optionsets'), listing, 18, 'begins with a slash'],
  [
    'a publisher that leads out',
    edited(solution, 'UniqueName: hangar', 'UniqueName: ../../x'),
    solution,
    1,
    'is missing',
  ],
  [
    'a flow whose file leads out',
    edited(flow, /JsonFileName: .*/, 'JsonFileName: /modernflows/../../secret.json'),
    flow,
    1,
    '',
  ],
  [
    'an app whose document leads out',
    edited(canvas, /DocumentUri: .*msapp/, 'DocumentUri: /canvasapps/../../x.msapp'),
    canvas,
    1,
    '',
  ],
]

test('there are fifty of them and more', () => {
  expect(ATTACKS.length).toBeGreaterThanOrEqual(50)
})

test.each(ATTACKS)('%s is refused with file and line', async (_, folder, file, line, problem) => {
  const tree = await openSource(folder)
  const found = [
    ...(tree.made?.problems ?? []),
    ...verifySource(tree).filter(({ severity }) => severity === 'error'),
  ]
  const places = found.map((item) => `${item.file}:${item.line}: ${item.message}`)
  const isTold = places.some((place) => place.startsWith(`${file}:${line}: `) && place.includes(problem))
  expect(isTold ? [] : places).toEqual([])
  await expect(packSolution(tree, { packageType: 'Unmanaged' })).rejects.toThrow()
})

test('what only looks like an attack is read', async () => {
  const harmless = [
    `\u{feff}${textOf(choice)}`,
    textOf(choice).replace('In the air', `'${'x'.repeat(2_000_000)}'`),
    `# a comment\n---\n${textOf(choice)}...\n`,
    textOf(choice).replace('In the air', '"In \\u0074he air"'),
  ]
  for (const text of harmless) expect((await openSource(withText(choice, text))).made?.problems).toEqual([])
})
