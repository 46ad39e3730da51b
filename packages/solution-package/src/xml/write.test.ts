import { parseXml, XmlWriter, type Replacement } from './index.ts'

function write(text: string): string {
  const document = parseXml(Buffer.from(text, 'utf8'), 'test.xml')
  const writer = new XmlWriter({ standalone: document.standalone })
  writer.copyDocument(document)
  const bytes = Buffer.from(writer.finish())
  expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]))
  return bytes.toString('utf8').slice(1)
}

const lines = (...parts: string[]): string => ['<?xml version="1.0" encoding="utf-8"?>', ...parts].join('\n')

test('indents by two spaces and ends without a line end', () => {
  expect(write('<a><b>1</b>\n\n<c x="1"/></a>\n')).toBe(lines('<a>', '  <b>1</b>', '  <c x="1" />', '</a>'))
})

test('keeps the form of empty elements and drops white space in them', () => {
  expect(write('<a><b/><c></c><d>  </d><e>&#32;</e><f>\u00a0</f></a>')).toBe(
    lines('<a>', '  <b />', '  <c></c>', '  <d></d>', '  <e></e>', '  <f>\u00a0</f>', '</a>'),
  )
})

test('stops indenting in an element once it has had text', () => {
  expect(write('<a><m>mixed <b>bold <i><u/></i></b> tail</m><n><b><c/></b>tail<d><e/></d></n></a>')).toBe(
    lines(
      '<a>',
      '  <m>mixed <b>bold <i><u /></i></b> tail</m>',
      '  <n>',
      '    <b>',
      '      <c />',
      '    </b>tail<d><e /></d></n>',
      '</a>',
    ),
  )
})

test('keeps white space under xml:space="preserve", which ends the indentation as any text does', () => {
  const inner = '<s xml:space="preserve"> <q> </q>\n <r /> <t xml:space="default">'
  expect(write(`<a>${inner} <u/> </t></s></a>`)).toBe(lines('<a>', `  ${inner}<u /></t></s>`, '</a>'))
})

test('indents under xml:space="preserve" where there is no white space, as the .NET writer does', () => {
  expect(write('<a xml:space="preserve"><b><c/></b></a>')).toBe(
    lines('<a xml:space="preserve">', '  <b>', '    <c />', '  </b>', '</a>'),
  )
})

test('puts comments and instructions on lines of their own, unless text went before', () => {
  expect(write('<!-- 0 --><?p?><a><!-- 1 --><?pi   data?><b>t<!-- 2 --></b></a><!-- 3 -->')).toBe(
    lines(
      '<!-- 0 -->',
      '<?p?>',
      '<a>',
      '  <!-- 1 -->',
      '  <?pi data?>',
      '  <b>t<!-- 2 --></b>',
      '</a>',
      '<!-- 3 -->',
    ),
  )
})

test('escapes text and attributes as the .NET writer does', () => {
  const text = '<t>&lt; &gt; &amp; &quot; &apos; &#xA; &#9; &#x1F600; é ></t>'
  const attribute = `<t b='&quot;"&apos;&amp;&lt;>&#xA;&#13;&#9;\n\t'/>`
  expect(write(`<a>${text}${attribute}</a>`)).toBe(
    lines(
      '<a>',
      '  <t>&lt; &gt; &amp; " \' \n \t 😀 é &gt;</t>',
      `  <t b="&quot;&quot;'&amp;&lt;&gt;&#xA;&#xD;&#x9;  " />`,
      '</a>',
    ),
  )
})

test('reads and writes line ends as line feeds', () => {
  const source = '<a>\r\n<b>1\r\n2\r3&#13;4</b>\r\n<!-- x\r\ny --><c x="1\r\n2"/><d><![CDATA[\r\n]]></d></a>'
  const written = lines(
    '<a>',
    '  <b>1\n2\n3\n4</b>',
    '  <!-- x\ny -->',
    '  <c x="1 2" />',
    '  <d><![CDATA[\n]]></d>',
    '</a>',
  )
  expect(write(source)).toBe(written)
})

test('keeps CDATA sections, prefixes and the order of attributes', () => {
  const element = '<p:b z="1" a="2" xmlns:p="urn:p"><![CDATA[<x> & ]] ]]></p:b>'
  expect(write(`<a>${element}<c><![CDATA[]]></c></a>`)).toBe(
    lines('<a>', `  ${element}`, '  <c><![CDATA[]]></c>', '</a>'),
  )
})

test('normalises tags that are spaced or quoted otherwise', () => {
  expect(write(`<a  x = '1'\n y="2"\t><b /><c\n/></a >`)).toBe(
    lines('<a x="1" y="2">', '  <b />', '  <c />', '</a>'),
  )
})

test('repeats a standalone declaration', () => {
  expect(write('<?xml version="1.0" standalone="yes"?><a/>')).toBe(
    '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<a />',
  )
})

describe('edits', () => {
  const source = '<a><b n="1"><c/></b><d>t</d></a>'
  const edited = (edit: Replacement): string => {
    const { root } = parseXml(Buffer.from(source), 'test.xml')
    const writer = new XmlWriter()
    writer.copy(root, new Map(root.elements('b').map(({ node }) => [node, edit])))
    return Buffer.from(writer.finish()).toString('utf8').slice(1)
  }

  test('put something else into the place of an element', () => {
    expect(edited((writer, element) => writer.empty(element.name))).toBe(
      lines('<a>', '  <b />', '  <d>t</d>', '</a>'),
    )
  })

  test('leave it out', () => {
    expect(edited(() => undefined)).toBe(lines('<a>', '  <d>t</d>', '</a>'))
  })

  test('give it other attributes and keep its content', () => {
    expect(edited((writer, element) => writer.copyAs(element, [{ name: 'm', value: '<' }]))).toBe(
      lines('<a>', '  <b m="&lt;">', '    <c />', '  </b>', '  <d>t</d>', '</a>'),
    )
  })
})

test('appends declarations that an element lacks, after its own attributes', () => {
  const { root } = parseXml(Buffer.from('<a xmlns:p="own" n="1"><b/></a>'), 'test.xml')
  const writer = new XmlWriter()
  writer.copy(root, undefined, [
    { name: 'xmlns:p', value: 'other' },
    { name: 'xmlns:q', value: 'urn:q' },
  ])
  expect(Buffer.from(writer.finish()).toString('utf8')).toContain('<a xmlns:p="own" n="1" xmlns:q="urn:q">')
})

test('a document of four thousand levels is no danger for the stack', () => {
  const depth = 4_000
  const text = '<a>'.repeat(depth) + '</a>'.repeat(depth)
  const document = parseXml(Buffer.from(text), 'test.xml', { depth: depth + 1 })
  const writer = new XmlWriter()
  writer.copyDocument(document)
  expect(Buffer.from(writer.finish()).toString('utf8').match(/<a>/g)).toHaveLength(depth)
})

test('a document whose indentation would make much out of little is refused', () => {
  const depth = 250
  const text = '<a>'.repeat(depth) + '<b/>'.repeat(400_000) + '</a>'.repeat(depth)
  const document = parseXml(Buffer.from(text), 'test.xml')
  const writer = new XmlWriter()
  expect(() => writer.copyDocument(document)).toThrow('would grow to more than')
})
