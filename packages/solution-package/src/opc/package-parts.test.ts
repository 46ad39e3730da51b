import { rawZip } from '../testing/raw-zip.ts'
import { contentTypes, encodePartName, openPackage } from './index.ts'
import { openZip } from '../zip/index.ts'

const types = (...lines: string[]): { name: string; content: string } => ({
  name: '[Content_Types].xml',
  content: `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">${lines.join('')}</Types>`,
})
const xml = '<Default Extension="xml" ContentType="text/xml" />'
const all = types(xml, '<Default Extension="txt" ContentType="a/b" />')

const open = (...entries: { name: string; content?: string }[]) => openPackage(openZip(rawZip(entries)))

describe('openPackage', () => {
  test('shows what [Content_Types].xml lists by extension or by name, and says why the rest is hidden', () => {
    const { paths, lost } = open(
      types(xml, '<Override PartName="/x/NAMED" ContentType="a/b" />'),
      { name: 'a.XML' },
      { name: 'x/named' },
      { name: 'x/plain' },
      { name: 'x/a.txt' },
      { name: 'x/dot.' },
    )
    expect(paths).toEqual(['a.XML', 'x/named'])
    expect(lost).toMatchObject([
      {
        name: 'x/plain',
        reason: "[Content_Types].xml has no Override for '/x/plain', which has no extension",
      },
      { name: 'x/a.txt', reason: "[Content_Types].xml lists neither the extension 'txt' nor '/x/a.txt'" },
      { name: 'x/dot.', reason: "[Content_Types].xml has no Override for '/x/dot.', which has no extension" },
    ])
  })

  test('reads content types with a prefix, and with the part in other case', () => {
    const prefixed = {
      name: '[content_types].XML',
      content: '<t:Types xmlns:t="urn:t"><t:Default Extension="xml" ContentType="a/b" /></t:Types>',
    }
    expect(open(prefixed, { name: 'a.xml' }).paths).toEqual(['a.xml'])
  })

  test.each([
    ['is missing', []],
    ['is empty', [{ name: '[Content_Types].xml', content: '' }]],
    ['is broken', [{ name: '[Content_Types].xml', content: '<Types><Default Extension="xml">' }]],
  ])('hides everything when [Content_Types].xml %s', (_, entries) => {
    const { paths, lost } = open(...entries, { name: 'solution.xml' })
    expect(paths).toEqual([])
    expect(lost).toMatchObject([
      { name: 'solution.xml', reason: 'the archive has no readable [Content_Types].xml' },
    ])
  })

  test.each([
    ['a%20b.txt', 'a b.txt'],
    ['%41.txt', 'A.txt'],
    ['x%2fa.txt', 'x/a.txt'],
    ['100%.txt', '100%.txt'],
    ['x/../a.txt', 'a.txt'],
    ['./x//a.txt', 'x/a.txt'],
    ['x/./y/../a.txt', 'x/a.txt'],
    ['ünï cöde.txt', 'ünï cöde.txt'],
    ['a\\b.txt', 'a\\b.txt'],
    ['CON.txt', 'CON.txt'],
  ])('takes %s for %s', (name, path) => {
    expect(open(all, { name }).paths).toEqual([path])
  })

  test('keeps the first folder as the archive has it, which decides what is loose', () => {
    const { parts } = open(all, { name: 'x/../a.txt' }, { name: './b.txt' }, { name: 'y/c.txt' })
    expect(parts.map(({ path, topFolder }) => [path, topFolder])).toEqual([
      ['a.txt', 'x'],
      ['b.txt', ''],
      ['y/c.txt', 'y'],
    ])
  })

  test('ignores folder entries', () => {
    expect(open(all, { name: 'x/' }, { name: 'x/a.txt' }).paths).toEqual(['x/a.txt'])
  })

  test('finds a part whatever its case, and reads it by its own name only', () => {
    const parts = open(all, { name: 'Workflows/A.xml', content: '<a/>' })
    expect(parts.find('workflows/a.XML')).toBe('Workflows/A.xml')
    expect(parts.find('./workflows//a.xml')).toBe('Workflows/A.xml')
    expect(parts.find('workflows/b.xml')).toBeUndefined()
    expect(parts.has('workflows/a.xml')).toBe(false)
    expect(new TextDecoder().decode(parts.read('Workflows/A.xml'))).toBe('<a/>')
    expect(() => parts.read('workflows/a.xml')).toThrow("holds no 'workflows/a.xml'")
  })
})

test('contentTypes lists xml first, then each extension as it is spelt, then files without one', () => {
  const paths = [
    'customizations.xml',
    'x/a.TXT',
    'x/b.txt',
    'x/c.js',
    'x/LICENCE',
    'x/a&b',
    'y/loose.xml',
    'x/d.js',
  ]
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(
    contentTypes(paths, new Set(['y/loose.xml'])),
  )
  expect(text).toBe(
    '\uFEFF<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">' +
      '<Default ContentType="text/xml" Extension="xml" />' +
      '<Default ContentType="application/octet-stream" Extension="TXT" />' +
      '<Default ContentType="application/octet-stream" Extension="txt" />' +
      '<Default ContentType="application/octet-stream" Extension="js" />' +
      '<Override ContentType="application/octet-stream" PartName="/x/LICENCE" />' +
      '<Override ContentType="application/octet-stream" PartName="/x/a&amp;b" />' +
      '<Override ContentType="application/octet-stream" PartName="/y/loose.xml" />' +
      '</Types>',
  )
})

test.each(['100%.txt', 'x/a.b%c', 'a%20b.txt', 'x/#1?.txt', 'x/50%', 'a b.txt', 'ünï.txt'])(
  'the path %s comes back',
  (path) => {
    const name = encodePartName(path)
    const content = new TextDecoder().decode(contentTypes([name]))
    expect(open({ name: '[Content_Types].xml', content }, { name }).paths).toEqual([path])
  },
)
