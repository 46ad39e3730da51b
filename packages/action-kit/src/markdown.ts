import { visible } from './visible.ts'

/** All that ends a line somewhere on the way: for Markdown a lone carriage return is one, for a browser U+2028 too. */
const lineEnds = /\r\n|[\r\n\v\f\u0085\u2028\u2029]/g

/** Text from outside as text of HTML, such as the title of a part that opens with a click. */
export function escapeHtml(text: string): string {
  return visible(text.replace(lineEnds, '\n'))
    .trim()
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\n', '<br>')
}

/**
 * Text from outside as Markdown that shows just this text. It must not become markup, which could draw links and
 * images into the summary, nor an address or a mention that GitHub links by itself. GFM looks for addresses after it
 * has undone escapes and entities, so each is cut by an empty element (https://github.github.com/gfm/#autolinks-extension-).
 * A dollar sign begins a formula (https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/writing-mathematical-expressions).
 */
export function escapeMarkdown(text: string): string {
  return escapeHtml(text)
    .replace(/[\\`*_{}[\]|~]/g, String.raw`\$&`)
    .replace(/\w:(?=\/\/)|\bwww(?=\.)|[@#](?=\w)|\bGH-(?=\d)|\b(?:mailto|xmpp):/gi, '$&<wbr>')
    .replaceAll('$', '<span>$</span>')
    .replace(/^(\d{0,9})([-+#.)])(?=[\s#]|$)|^[-=](?=[-=]*$)/, blockEscape)
}

/** What begins a heading, a list or a rule where a paragraph starts with it. */
function blockEscape(found: string, number = '', mark = found): string {
  return `${number}\\${mark}`
}
