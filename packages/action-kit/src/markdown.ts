import { visible } from './visible.ts'

/** All that ends a line somewhere on the way: for Markdown a lone carriage return is one, for a browser U+2028 too. */
const lineEnds = /\r\n|[\r\n\v\f\u0085\u2028\u2029]/g

/**
 * What GitHub makes a link, a mention or an emoji of by itself, also in HTML. GFM looks for addresses after it has
 * undone escapes and entities, so each is cut by an empty element (https://github.github.com/gfm/#autolinks-extension-).
 */
const linked = /\w:(?=\/\/)|\bwww(?=\.)|[@#](?=\w)|\bGH-(?=\d)|\b(?:mailto|xmpp):|(?<![\w:]):(?=[\w+-]+:)/gi

/** Text from outside as text of HTML, such as the title of a part that opens with a click. */
export function escapeHtml(text: string): string {
  return visible(text.replace(lineEnds, '\n'))
    .trim()
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(linked, '$&<wbr>')
    .replaceAll('\n', '<br>')
}

/**
 * Text from outside as Markdown that shows just this text. It must not become markup, which could draw links and
 * images into the summary. A dollar sign begins a formula (https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/writing-mathematical-expressions).
 */
export function escapeMarkdown(text: string): string {
  return (
    escapeHtml(text)
      // Between letters an underscore is one, and names without escapes read well as plain text too.
      .replace(/[\\`*{}[\]|~]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, String.raw`\$&`)
      .replaceAll('$', '<span>$</span>')
      .replace(/^(\d{0,9})([-+#.)])(?=[\s#]|$)|^[-=](?=[-=]*$)/, blockEscape)
  )
}

/** Text from outside in one line as code, such as the path of a file or a logical name; also in a cell of a table. */
export function codeSpan(text: string): string {
  const shown = visible(text.replace(lineEnds, ' ')).trim()
  if (shown === '') return ''
  return /[`|]/.test(shown) ? `<code>${escapeMarkdown(shown)}</code>` : `\`${shown}\``
}

/** Lines from outside as a block of code, which none of them can end. */
export function fenced(language: string, lines: readonly string[]): string {
  const text = lines.map((line) => visible(line.replace(lineEnds, ' '))).join('\n')
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${text}\n${fence}`
}

/** What begins a heading, a list or a rule where a paragraph starts with it. */
function blockEscape(found: string, number = '', mark = found): string {
  return `${number}\\${mark}`
}
