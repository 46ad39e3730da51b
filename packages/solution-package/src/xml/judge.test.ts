import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import { parseXml, XmlWriter } from './index.ts'

/** What saxes says of a document: an error message or nothing. */
function judge(text: string): string | undefined {
  const parser = new SaxesParser({ xmlns: true, position: false })
  let problem: string | undefined
  parser.on('error', (error) => {
    problem ??= error.message
  })
  parser.write(text).close()
  return problem
}

function ours(text: string): string | undefined {
  try {
    parseXml(Buffer.from(text, 'utf8'), 'test.xml')
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : 'no error'
  }
}

const name = fc.constantFrom('a', 'b', 'x:a', 'Name', 'é', 'aà', 'à日', 'x:日', 'a-1', 'p:q')
const value = fc.constantFrom(
  '',
  'v',
  'à',
  '\u00a0',
  '😀',
  ' ',
  '&amp;',
  '&#65;',
  '&#x1F600;',
  "it's",
  '>',
  'é',
  '\t',
  '&quot;',
)
const attribute = fc
  .tuple(fc.constantFrom('n', 'm', 'x:n', 'y:n', 'xmlns:x', 'xmlns:y', 'xmlns'), value)
  .map(([key, text]) => ` ${key}="${key.startsWith('xmlns') ? `urn:${text.length}` : text}"`)
const leaf = fc.constantFrom(
  'text',
  ' ',
  '\n',
  '<!-- c -->',
  '<?pi d?>',
  '<?pi\n à  b?>',
  '<!-- à\u00a0 -->',
  '\u00a0',
  '<![CDATA[ <x> ]]>',
  '&lt;',
  '&#10;',
  ']]',
  '日',
)
const { element } = fc.letrec<{ element: string; node: string }>((tie) => ({
  node: fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, tie('element')),
  element: fc
    .tuple(name, fc.array(attribute, { maxLength: 3 }), fc.array(tie('node'), { maxLength: 4 }), fc.boolean())
    .map(([tag, attributes, nodes, closed]) => {
      const start = `<${tag}${attributes.join('')}`
      return closed && nodes.length === 0 ? `${start}/>` : `${start}>${nodes.join('')}</${tag}>`
    }),
}))

/** What saxes reads, without white space between elements. */
function events(text: string): unknown[] {
  const parser = new SaxesParser({ xmlns: false })
  const seen: unknown[] = []
  parser.on('opentag', ({ name: tag, attributes, isSelfClosing }) =>
    seen.push(['start', tag, attributes, isSelfClosing]),
  )
  parser.on('closetag', ({ name: tag }) => seen.push(['end', tag]))
  parser.on('text', (data) => {
    if (/[^ \t\r\n]/.test(data)) seen.push(['text', data])
  })
  parser.on('cdata', (data) => seen.push(['cdata', data]))
  parser.on('comment', (data) => seen.push(['comment', data]))
  parser.on('processinginstruction', ({ target, body }) => seen.push(['instruction', target, body]))
  parser.write(text).close()
  return seen
}

const write = (text: string): string => {
  const writer = new XmlWriter()
  writer.copyDocument(parseXml(Buffer.from(text, 'utf8'), 'test.xml'))
  return Buffer.from(writer.finish()).toString('utf8')
}

test('what is written means the same to saxes as what was read, and is written again unchanged', () => {
  fc.assert(
    fc.property(element, (inner) => {
      const text = `<root xmlns:x="urn:x" xmlns:p="urn:p">${inner}</root>`
      fc.pre(judge(text) === undefined)
      const written = write(text)
      expect(events(written)).toEqual(events(text))
      expect(write(written)).toBe(written)
    }),
    { numRuns: 500 },
  )
})

const scrap = fc.constantFrom(
  '<',
  '>',
  '&',
  ';',
  '"',
  "'",
  '=',
  '/',
  ' ',
  '--',
  ']]>',
  '<!--',
  '?',
  'x',
  ':',
  '</a>',
  '\u0001',
  '<b>',
)

test('the layout of a source makes no difference to what is written, at any depth and with any line ends', () => {
  const wrapped = (text: string): string => {
    const writer = new XmlWriter()
    writer.start('wrapper')
    writer.start('inner')
    writer.copy(parseXml(Buffer.from(text, 'utf8'), 'test.xml').root)
    writer.end()
    writer.end()
    return Buffer.from(writer.finish()).toString('utf8')
  }
  fc.assert(
    fc.property(element, (text) => {
      fc.pre(judge(text) === undefined)
      const writer = new XmlWriter()
      writer.copy(parseXml(Buffer.from(text, 'utf8'), 'test.xml').root)
      const laidOut = Buffer.from(writer.finish()).toString('utf8')
      const expected = wrapped(text)
      expect(wrapped(laidOut)).toBe(expected)
      expect(wrapped(laidOut.replaceAll('\n', '\r\n'))).toBe(expected)
      expect(wrapped(laidOut.replace('\n', '\r\n'))).toBe(expected)
    }),
    { numRuns: 3000 },
  )
})

test('accepts and refuses the same generated documents as saxes', () => {
  fc.assert(
    fc.property(element, (inner) => {
      const text = `<root xmlns:x="urn:x" xmlns:p="urn:p">${inner}</root>`
      expect(ours(text) === undefined).toBe(judge(text) === undefined)
    }),
    { numRuns: 500 },
  )
})

test('accepts and refuses the same damaged documents as saxes', () => {
  const damaged = fc
    .tuple(element, fc.nat(), fc.nat({ max: 3 }), fc.oneof(scrap, fc.constant('')))
    .map(([inner, at, removed, added]) => {
      // Whole characters: half of one is none in UTF-8, and would reach us as another.
      const text = Array.from(`<root xmlns:x="urn:x" xmlns:p="urn:p">${inner}</root>`)
      text.splice(at % text.length, removed, added)
      return text.join('')
    })
  let refused = 0
  fc.assert(
    fc.property(damaged, (text) => {
      // saxes lets the part after a colon, and the name of an instruction, hold what a name may not.
      fc.pre(!/:[-.0-9]|<\?[^\s?]*\?[^>]/.test(text))
      const verdict = judge(text)
      if (verdict !== undefined) refused++
      expect({ text, accepted: ours(text) === undefined, ours: ours(text) }).toEqual({
        text,
        accepted: verdict === undefined,
        ours: ours(text),
      })
    }),
    { numRuns: 3000 },
  )
  expect(refused).toBeGreaterThan(200)
})

const DOCUMENTS: readonly (readonly [string, string])[] = [
  ['two roots', '<a/><b/>'],
  ['nothing', '<!-- only -->'],
  ['text before the root', 'x<a/>'],
  ['text after the root', '<a/>x'],
  ['crossed tags', '<a><b></a></b>'],
  ['a bare ampersand', '<a>&</a>'],
  ['an unknown entity', '<a>&nope;</a>'],
  ['a reference to nothing', '<a>&#;</a>'],
  ['a reference beyond Unicode', '<a>&#x110000;</a>'],
  ['a reference to a control character', '<a>&#1;</a>'],
  ['a control character', '<a>\u0002</a>'],
  ['a duplicate attribute', '<a b="1" b="2"/>'],
  ['a duplicate attribute by namespace', '<a xmlns:p="u" xmlns:q="u" p:b="1" q:b="2"/>'],
  ['an attribute without quotes', '<a b=1/>'],
  ['an attribute without value', '<a b/>'],
  ['attributes without space', '<a b="1"c="2"/>'],
  ['a tag within an attribute', '<a b="<"/>'],
  ['the end of CDATA in text', '<a>]]></a>'],
  ['dashes in a comment', '<a><!-- -- --></a>'],
  ['an open comment', '<a><!-- </a>'],
  ['an open CDATA section', '<a><![CDATA[ </a>'],
  ['an open instruction', '<a><?x </a>'],
  ['a second declaration', '<a/><?xml version="1.0"?>'],
  ['a name that begins with a digit', '<1a/>'],
  ['a prefix that is not declared', '<x:a/>'],
  ['two colons', '<a:b:c xmlns:a="u"/>'],
  ['an end tag with an attribute', '<a></a b="1">'],
  ['CDATA outside the root', '<a/><![CDATA[x]]>'],
  ['a space before the name', '< a/>'],
  ['a non-character in text', '<a>日\ufffe</a>'],
  ['a non-character in an attribute', '<a b="日\uffff"/>'],
  ['a non-character in a comment', '<a><!-- 日\ufffe --></a>'],
  ['a name that begins with a mark', '<\u0301a/>'],
  ['a character in a name that is none of names', '<a×b/>'],
]

test.each(DOCUMENTS)('refuses %s, as saxes does', (_what, text) => {
  expect(judge(text)).toBeDefined()
  expect(ours(text)).toMatch(/^test\.xml(?:, line \d+, column \d+)?: /)
})
