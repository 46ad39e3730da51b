import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { rawBytes, parseXml, toRaw, XmlWriter, type XmlElement } from '../../../xml/index.ts'
import { noteMissing, sharedFolder } from '../../../testing/reference-cases.ts'
import { readAnyStyle } from './any-style.ts'
import type { ElementText } from './element-text.ts'
import { XSI } from './namespace.ts'
import { readPlatformStyle } from './platform-style.ts'
import { writeYaml } from './write-yaml.ts'
import { YamlError } from './yaml-error.ts'

const shared = sharedFolder('yaml')
if (shared === undefined) noteMissing('yaml')
const withShared = shared === undefined ? test.skip : test

function files(folder: string, ending: string): string[] {
  return readdirSync(join(shared ?? '', folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(shared ?? '', folder, name))
}

function elementOf({ xml }: Pick<ElementText, 'xml'>): XmlElement {
  const document = parseXml(rawBytes(`<r xmlns:xsi="${XSI}">\n  ${xml}\n</r>`), 'element')
  const [element] = document.root.elements()
  if (element === undefined) throw new Error('no element')
  return element
}

/** What both readers tell, whether they know the nodes or not. */
function told(read: ElementText | undefined) {
  if (read === undefined) throw new Error('is not in the style of the platform')
  return { xml: read.xml, lines: [...read.lines], languages: [...read.languages] }
}

const crlf = (text: string): string => text.replaceAll('\n', '\r\n')

withShared('files that the platform wrote become XML, and the same bytes again', () => {
  let count = 0
  for (const folder of ['platform-1', 'platform-2', 'fragments']) {
    for (const path of files(folder, '.yml')) {
      const bytes = readFileSync(path)
      const isDocument = path.endsWith('/solution.yml')
      const level = isDocument ? 0 : 1
      const read = readPlatformStyle(bytes, level)
      if (read === undefined) throw new Error(`${path} is not in the style of the platform`)
      expect(told(read)).toEqual(told(readAnyStyle(bytes, path, level)))
      const element = isDocument ? parseXml(rawBytes(read.xml), path).root : elementOf(read)
      expect(element.isPlain).toBe(true)
      expect(element.descendants()).toHaveLength(read.lines.length - 1)
      const written = writeYaml(element)
      expect(bytes.includes('\r') ? crlf(written) : written).toBe(bytes.toString('utf8'))
      count++
    }
  }
  console.log(`yaml: ${count} files of the platform to XML and back, byte for byte`)
  expect(count).toBeGreaterThan(200)
})

withShared('the XML twin of a file becomes the file, and the file its twin', () => {
  const twins = files('fragments', '.xml')
  for (const path of twins) {
    const yaml = readFileSync(path.replace(/xml$/, 'yml'), 'utf8')
    const { root } = parseXml(readFileSync(path), path)
    expect(crlf(writeYaml(root))).toBe(yaml)
    const writer = new XmlWriter()
    writer.start('r')
    writer.copy(root)
    writer.end()
    const expected = rawBytes(toRaw(writer.finish().toString())).toString('latin1')
    const read = readPlatformStyle(Buffer.from(yaml), 1)
    expect(expected).toContain(`\n  ${read?.xml}\n</r>`)
  }
  console.log(`yaml: ${twins.length} twins, byte for byte both ways`)
  expect(twins).toHaveLength(9)
})

test('null, the empty string and values that look like numbers stay what they are', () => {
  const text = "a:\n  '@x': 007\n  b: \n  c: ''\n  d: 1.0\n  e:\n  - \n  - ''\n  - True\n  '#text': t\n"
  const xml = '<a x="007">t<b /><c></c><d>1.0</d><e /><e></e><e>True</e></a>'
  expect(readAnyStyle(Buffer.from(text), 'a', 0).xml).toBe(xml)
  const plain = text.replace("  '#text': t\n", '')
  expect(readPlatformStyle(Buffer.from(plain), 0)?.xml).toBe(readAnyStyle(Buffer.from(plain), 'a', 0).xml)
  expect(writeYaml(elementOf({ xml: readAnyStyle(Buffer.from(plain), 'a', 1).xml }))).toBe(plain)
})

test('any style of YAML is read as the platform reads it', () => {
  const text = `# a comment\n---\na: # another\n  b: "x\\ty\\u00e9"\n  c: |\n    one\n    two\n  d: {e: [1, '2'], '@z': 3}\n  "f": 'it''s'\n`
  expect(readAnyStyle(Buffer.from(text), 'a', 0).xml).toBe(
    toRaw(
      '<a>\n  <b>x\ty\u{e9}</b>\n  <c>one\ntwo\n</c>\n  <d z="3">\n    <e>1</e>\n    <e>2</e>\n  </d>\n  <f>it\'s</f>\n</a>',
    ),
  )
  expect(readPlatformStyle(Buffer.from(text), 0)).toBeUndefined()
})

const deep = Array.from({ length: 5000 }, (_, n) => `${' '.repeat(n)}a:\n`).join('')
const wide = Array.from({ length: 100_000 }, () => '[').join('')

test.each<[string, string, string, number]>([
  ['nothing', '', 'is empty', 1],
  ['a text alone', 'a\n', 'holds no element', 1],
  ['a list', '- a: 1\n', 'holds no element', 1],
  ['two elements', 'a: 1\nb: 2\n', 'a second element', 2],
  ['a list of roots', 'a:\n- 1\n- 2\n', 'is a list', 2],
  ['a key twice', 'a:\n  b: 1\n  b: 2\n', 'has before', 3],
  ['an attribute twice', "a:\n  '@b': 1\n  '@b': 2\n", 'has before', 3],
  ['a tab', 'a:\n\tb: 1\n', 'tab', 2],
  ['an anchor', 'a:\n  b: &x 1\n', 'anchor', 2],
  ['an anchor at a mapping', 'a:\n  b: &x\n    c: 1\n', 'anchor', 3],
  ['an alias', 'a:\n  b: &x 1\n  c: *x\n', 'anchor', 2],
  ['an unknown alias', 'a:\n  b: *x\n', 'lias', 2],
  ['a tag', 'a:\n  b: !!int 1\n', 'tag', 2],
  ['a tag of text', 'a:\n  b: !!str 1\n', 'tag', 2],
  ['a local tag', 'a:\n  b: !x 1\n', 'tag', 2],
  ['a tag of a mapping', 'a: !!map\n  b: 1\n', 'tag', 2],
  ['a tag of a list', 'a:\n  b: !!seq\n  - 1\n', 'tag', 3],
  ['a directive', '%YAML 1.1\n---\na: 1\n', 'directive', 1],
  ['a second document', 'a: 1\n---\nb: 1\n', 'second document', 2],
  ['a merge key', 'a:\n  b: &x\n    c: 1\n  d:\n    <<: *x\n', 'anchor', 3],
  ['an attribute that is a list', "a:\n  '@b':\n  - 1\n", "'@b' has no text", 2],
  ['an attribute without value', "a:\n  '@b': \n", "'@b' has no text", 2],
  ['a text that is a mapping', "a:\n  '#text':\n    b: 1\n", "'#text' has no text", 2],
  ['a name with a blank', 'a:\n  b c: 1\n', 'no name', 2],
  ['a name that is a number', 'a:\n  1: 1\n', 'no name', 2],
  ['markup in a name', "a:\n  'b><c': 1\n", 'no name', 2],
  ['an attribute with markup', 'a:\n  \'@b=""\': 1\n', 'no name', 2],
  ['an empty key', "a:\n  '': 1\n", 'key is empty', 2],
  ['a key without end', `a:\n  ${'b'.repeat(1025)}: 1\n`, 'at most 1024', 2],
  ['an attribute without end', `a:\n  '@${'b'.repeat(1025)}': 1\n`, 'at most 1024', 2],
  ['a mapping as key', 'a:\n  ? b: 1\n  : 2\n', 'key is no text', 2],
  ['a list in a list', 'a:\n  b:\n  - - 1\n', 'list within a list', 3],
  ['an empty mapping', 'a:\n  b: {}\n', 'empty mapping', 2],
  ['a prefix that is not declared', 'a:\n  x:b: 1\n', 'not declared', 2],
  ['another namespace for xsi', "a:\n  '@xmlns:xsi': urn:x\n", 'can be', 2],
  ['a control character', 'a:\n  b: "\\x01"\n', 'XML does not allow', 2],
  ['an open quote', "a:\n  b: 'x\n", 'quote', 3],
  ['a wrong indentation', 'a:\n    b: 1\n  c: 1\n', '', 3],
  ['a conflict', 'a:\n<<<<<<< HEAD\n  b: 1\n=======\n  b: 2\n>>>>>>> x\n', 'merge conflict', 2],
  ['levels without end', deep, 'levels', 1],
  ['brackets without end', `a: ${wide}\n`, 'levels', 1],
  ['a bomb', `a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n`, 'second element', 2],
])('%s is refused with its line', (_, text, problem, line) => {
  const bytes = Buffer.from(text)
  expect(readPlatformStyle(bytes, 0)).toBeUndefined()
  let error: unknown
  try {
    readAnyStyle(bytes, 'f.yml', 0)
  } catch (caught) {
    error = caught
  }
  if (!(error instanceof YamlError)) throw new Error(`no YamlError: ${String(error)}`)
  expect(error.message).toContain('f.yml, line ')
  expect(error.problem).toContain(problem)
  expect(error.position.line).toBe(line)
})

test('a byte that is not UTF-8 is refused with its line', () => {
  const bytes = Buffer.concat([Buffer.from('a:\n  b: '), Buffer.from([0xff]), Buffer.from('\n')])
  expect(readPlatformStyle(bytes, 0)).toBeUndefined()
  expect(() => readAnyStyle(bytes, 'f.yml', 0)).toThrow('f.yml, line 2, column 1: is not UTF-8')
})

const value = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    "'",
    "''",
    '#',
    ': ',
    '- ',
    '@',
    '&amp;',
    '<',
    '"',
    '{}',
    '[x]',
    'x: y',
    ' z',
    'z ',
    '?',
    'é',
  ),
  fc.string({ maxLength: 6 }),
)
const line = fc
  .tuple(
    fc.nat(3),
    fc.constantFrom('', '- ', '- - '),
    fc.constantFrom('a', 'b', "'@c'", "'#text'", "'d'", '"e"', '@f', '#g', 'h i', ''),
    fc.constantFrom(':', ': ', ': ', ' : ', ''),
    value,
  )
  .map(([level, dash, key, colon, text]) => `${'  '.repeat(level)}${dash}${key}${colon}${text}`)

test('whatever the fast reader takes, the reader of all YAML takes the same way', () => {
  let taken = 0
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
      const bytes = Buffer.from(`r:\n${lines.map((item) => `  ${item}\n`).join('')}`)
      const fast = readPlatformStyle(bytes, 0)
      if (fast === undefined) return
      taken++
      expect(told(fast)).toEqual(told(readAnyStyle(bytes, 'f', 0)))
    }),
    { numRuns: 1500, seed: 7 },
  )
  expect(taken).toBeGreaterThan(20)
})

test('whatever is written is read as it was', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), value), { minLength: 1 }), (items) => {
      const known = items.filter(([, text]) => /^[ -~é]*$/.test(text) && text.trim() === text)
      const escape = (text: string) =>
        text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
      const element = elementOf({
        xml: toRaw(
          `<r>${known.map(([name, text]) => `<${name}>${escape(text)}</${name}>`).join('')}<z /></r>`,
        ),
      })
      const yaml = writeYaml(element)
      const read = elementOf(readAnyStyle(Buffer.from(yaml), 'f', 1))
      const gathered = (of: XmlElement) =>
        ['a', 'b', 'c', 'z'].map((name) => of.elements(name).map((child) => child.text))
      expect(gathered(read)).toEqual(gathered(element))
      const fast = readPlatformStyle(Buffer.from(yaml), 1)
      if (fast !== undefined) expect(told(fast)).toEqual(told(readAnyStyle(Buffer.from(yaml), 'f', 1)))
      expect(writeYaml(read)).toBe(yaml)
    }),
    { numRuns: 150, seed: 7 },
  )
})
