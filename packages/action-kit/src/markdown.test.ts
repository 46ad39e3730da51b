import { codeSpan, escapeHtml, escapeMarkdown, fenced } from './markdown.ts'

test.each([
  ['HTML', '<img src=x> & </code>', '&lt;img src=x&gt; &amp; &lt;/code&gt;'],
  ['links and images', '![a](b) [c]', String.raw`!\[a\](b) \[c\]`],
  ['emphasis and code', '*a* _b_ ~c~ `d`', String.raw`\*a\* \_b\_ \~c\~ \`d\``],
  ['a name with underscores', 'lin_order _a_ b__c', String.raw`lin_order \_a\_ b\_\_c`],
  ['a fence', '```js', '\\`\\`\\`js'],
  ['the border of a cell', 'a|b', String.raw`a\|b`],
  ['an address', 'see https://evil.example/x', 'see https:<wbr>//evil.example/x'],
  ['an address without scheme', 'www.evil.example', 'www<wbr>.evil.example'],
  ['an address for mail', 'a@b.example mailto:a', 'a@<wbr>b.example mailto:<wbr>a'],
  ['a mention and a reference', '@octo #12 GH-3', '@<wbr>octo #<wbr>12 GH-<wbr>3'],
  ['an emoji by its name', ':tada: a:b 1:2:3', ':<wbr>tada: a:b 1:2:3'],
  ['a formula', '$a$', '<span>$</span>a<span>$</span>'],
  ['a heading', '# a', String.raw`\# a`],
  ['a deep heading', '### a', String.raw`\### a`],
  ['an item', '- a', String.raw`\- a`],
  ['a numbered item', '12. a', String.raw`12\. a`],
  ['a rule under a paragraph', '---', String.raw`\---`],
  ['a version, which is no item', '1.2.0.0', '1.2.0.0'],
  ['an arrow, which is no item', '->', '-&gt;'],
  ['a direction of writing', 'a\u202eb', 'a⟨U+202E⟩b'],
  ['what has no width', 'a\u200bb\ufeff', 'a⟨U+200B⟩b⟨U+FEFF⟩'],
  ['a joiner between Latin letters', 'a\u200db', 'a⟨U+200D⟩b'],
  ['a joiner of letters and emojis', 'می\u200cخواهم 👨\u200d👩', 'می\u200cخواهم 👨\u200d👩'],
  ['control characters', 'a\u0000b\u001b[31m', String.raw`a⟨U+0000⟩b⟨U+001B⟩\[31m`],
  ...['\n', '\r', '\r\n', '\u2028', '\u0085'].map((end): [string, string, string] => [
    `a line that ends with ${JSON.stringify(end)}`,
    `a${end}# b`,
    'a<br># b',
  ]),
])('%s stays text', (_, text, shown) => {
  expect(escapeMarkdown(text)).toBe(shown)
})

test('in HTML there is no Markdown', () => {
  expect(escapeHtml('a_b <c>\rd')).toBe('a_b &lt;c&gt;<br>d')
})

test('in HTML nobody is mentioned, and nothing is linked', () => {
  expect(escapeHtml('@octo #12 www.evil.example')).toBe('@<wbr>octo #<wbr>12 www<wbr>.evil.example')
})

test.each([
  ['a name', 'lin_order', '`lin_order`'],
  ['a mention, which code does not make', '@octo', '`@octo`'],
  ['the end of code', 'a`b', String.raw`<code>a\`b</code>`],
  ['the border of a cell', 'a|b', String.raw`<code>a\|b</code>`],
  ['lines and directions', ' a\nb\u202e', '`a b⟨U+202E⟩`'],
  ['nothing', ' ', ''],
])('code: %s stays text', (_, text, shown) => {
  expect(codeSpan(text)).toBe(shown)
})

test('no line of a block of code ends it', () => {
  expect(fenced('diff', ['-a', '+````', '\n```'])).toBe('`````diff\n-a\n+````\n ```\n`````')
})
