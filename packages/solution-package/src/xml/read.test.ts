import { parseXml } from './index.ts'

const read = (text: string) => parseXml(Buffer.from(text, 'utf8'), 'customizations.xml')
const problem = (bytes: Uint8Array | string, limits = {}): string => {
  try {
    parseXml(typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes, 'customizations.xml', limits)
    return 'accepted'
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : 'no error'
  }
}

const utf16 = (bigEndian: boolean, mark: boolean, source: string): Buffer => {
  const bytes = Buffer.from(mark ? `\u{feff}${source}` : source, 'utf16le')
  return bigEndian ? bytes.swap16() : bytes
}

const within = (subset: string, body: string): string => `<!DOCTYPE a [${subset}]><a>${body}</a>`

describe('encodings', () => {
  const text = '<a b="é">日本</a>'
  test.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a byte order mark', Buffer.from(`\u{feff}${text}`)],
    ['UTF-16 little endian', utf16(false, true, text)],
    ['UTF-16 big endian', utf16(true, true, text)],
    ['UTF-16 by its declaration', utf16(false, false, `<?xml version="1.0" encoding="utf-16"?>${text}`)],
  ])('reads %s', (_encoding, bytes) => {
    const { root } = parseXml(bytes, 'customizations.xml')
    expect([root.attribute('b'), root.text]).toEqual(['é', '日本'])
  })

  test('reads ISO-8859-1 by its declaration', () => {
    const bytes = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>é\u0085</a>', 'latin1')
    expect(parseXml(bytes, 'x').root.text).toBe('é\u0085')
  })

  test('refuses bytes that are not what they claim', () => {
    expect(problem(Buffer.from([0x3c, 0x61, 0x3e, 0xc3, 0x28, 0x3c]))).toContain(
      'bytes that are not valid utf-8',
    )
    expect(problem('<?xml version="1.0" encoding="utf-16"?><a/>')).toContain('bytes are not UTF-16')
    expect(problem('<?xml version="1.0" encoding="klingon"?><a/>')).toContain("unknown encoding 'klingon'")
    expect(problem(utf16(false, true, '<a>\ud800</a>'))).toContain('not valid utf-16le')
  })
})

test('says where a document goes wrong', () => {
  expect(problem('<a>\r\n  <b>\n </c></a>')).toBe(
    'XmlError: customizations.xml, line 3, column 2: </c> stands where </b> is expected',
  )
  expect(problem('')).toBe('XmlError: customizations.xml: is empty')
  expect(problem('<?xml version="1.1"?><a/>')).toContain(
    'line 1, column 1: the XML declaration is not proper',
  )
  expect(problem('<a><b></b>')).toContain('line 1, column 1: <a> is not closed')
  // Columns count characters, not bytes.
  expect(problem('<é>\n日本<b></é>')).toContain('line 2, column 6: </é> stands where </b> is expected')
  expect(problem('<a>\n日\ufffe</a>')).toContain('line 2, column 2: the character U+FFFE')
  expect(problem('<a>\n\u0007</a>')).toContain('line 2, column 1: the character U+0007')
})

describe('document types', () => {
  test('internal entities are written out, in text, markup and attributes', () => {
    const { root } = read(
      within(
        `<!ENTITY e "Widget"> <!ENTITY f '&e;s'> <!ENTITY m "<b>&e;</b>"> <!ENTITY q '"'>`,
        '&e; &f;&m;<c d="&f;&q;"/><![CDATA[&e;]]><!-- &e; -->',
      ),
    )
    expect(root.text).toBe('Widget WidgetsWidget&e;')
    expect(root.element('c')?.attribute('d')).toBe('Widgets"')
  })

  test.each([
    ['a system entity', within('<!ENTITY e SYSTEM "file:///etc/passwd">', '&e;'), 'never read'],
    ['a public entity', within('<!ENTITY e PUBLIC "x" "http://example.com">', '&e;'), 'never read'],
    ['an external subset', '<!DOCTYPE a SYSTEM "http://example.com/a.dtd"><a/>', 'never read'],
    ['a parameter entity', within('<!ENTITY % p SYSTEM "x">', ''), 'never read'],
    ['an entity within itself', within('<!ENTITY e "&f;"><!ENTITY f "&e;">', '&e;'), 'contains itself'],
    ['a tag in an attribute', within('<!ENTITY e "<b/>">', '<c d="&e;"/>'), 'brings "<" into an attribute'],
    ['an unknown entity', within('<!ENTITY e "x">', '&f;'), '&f; is not defined'],
    ['an open document type', '<!DOCTYPE a [<!ENTITY e "x"', 'not closed'],
  ])('refuses %s', (_what, text, message) => {
    expect(problem(text)).toContain(message)
  })

  test.each([
    ['comments', '<!--'.repeat(300_000)],
    ['CDATA sections', '<![CDATA['.repeat(300_000)],
    ['tags', '<b c="'.repeat(300_001)],
    ['quotes', `<b c='d" `.repeat(300_000)],
  ])('many open %s are refused in one pass', (_what, body) => {
    expect(problem(within('<!ENTITY e "x">', body))).toMatch(/^XmlError: /)
  })

  test('a billion laughs are refused before they are told', () => {
    const levels = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`)
    expect(problem(within(`<!ENTITY l0 "lol">${levels.join('')}`, '&l9;'))).toContain(
      'its entities add more than 1000000',
    )
  })
})

describe('limits', () => {
  test('depth', () => {
    expect(problem('<a><b><c/></b></a>', { depth: 2 })).toBe('accepted')
    expect(problem('<a><b><c></c></b></a>', { depth: 2 })).toContain('elements more than 2 deep')
  })

  test('length of an attribute', () => {
    expect(problem('<a b="12345"/>', { attributeLength: 4 })).toContain('the value of b is longer than 4')
  })
})

describe('elements', () => {
  const { root } = read(
    '<r><n>1<!-- x --><![CDATA[2]]></n><q xmlns="urn:q"><n>3</n></q><p:n xmlns:p="urn:p"/><n a="x"/><nn/></r>',
  )

  test('are found by names without namespace', () => {
    expect(root.elements('n').map((element) => element.text)).toEqual(['12', ''])
    expect(root.elements('q')).toEqual([])
    expect(root.descendants('n')).toHaveLength(2)
    expect(root.elements()).toHaveLength(5)
  })

  test('know where they stand', () => {
    expect(root.elements('nn')[0]?.position).toEqual({ line: 1, column: 96 })
  })
})
