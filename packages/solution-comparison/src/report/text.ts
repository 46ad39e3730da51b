import { codeSpan, escapeHtml, escapeMarkdown, fenced, visible } from '@dsa/action-kit'

/** Characters of a name, of a value and of a sentence that are shown; the report has all of them. */
const LONGEST = { name: 100, value: 200, sentence: 400 } as const

/** Text of a solution as Markdown that shows just this text, within one line or cell. */
export function plain(text: string, kind: keyof typeof LONGEST = 'value'): string {
  return escapeMarkdown(cut(text, LONGEST[kind]))
}

/** Ids tell a reader only whether two are the same. */
export function shortIds(text: string): string {
  return text.replace(/\{?\b([0-9a-f]{8})-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b\}?/gi, '$1…')
}

/** A name that stands out. */
export function bold(text: string, kind: keyof typeof LONGEST = 'name'): string {
  const shown = plain(text, kind)
  return shown === '' ? '' : `**${shown}**`
}

/** A logical name or a path. */
export function code(text: string): string {
  return codeSpan(cut(text, LONGEST.value))
}

/** What opens with a click. @param open shown at once */
export function folded(title: string, body: string, open = false): string {
  return `${foldStart(title, open)}${body}${FOLD_END}`
}

/** @param title Markdown does not work in it */
export function foldStart(title: string, open = false): string {
  return `<details${open ? ' open' : ''}><summary>${title}</summary>\n\n`
}

export const FOLD_END = '</details>\n\n'

/** Text of a solution in a title that opens with a click. */
export function inTitle(text: string): string {
  return escapeHtml(cut(text, LONGEST.name))
}

export function difference(title: string, lines: readonly string[]): string {
  return folded(inTitle(title), `${fenced('diff', lines)}\n\n`)
}

/**
 * Text of a solution within the quotes of a diagram: words, and for every other character its number, as Mermaid
 * writes them (https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters).
 */
export function inDiagram(text: string): string {
  return cut(visible(text), LONGEST.name)
    .trim()
    .replace(
      /(?<![\p{L}\p{N}])[_.-]|[_.-](?![\p{L}\p{N}])|[^\p{L}\p{N}\p{M} _.-]/gu,
      (character) => `#${character.codePointAt(0)};`,
    )
}

/** The cells are Markdown. */
export function row(cells: readonly string[]): string {
  return `|${cells.map((cell) => ` ${cell} |`.replace(/^ {2}/, ' ')).join('')}\n`
}

/** The head of a table, with the line below it. */
export function tableHead(cells: readonly string[]): string {
  return `${row(cells)}${row(cells.map(() => '---'))}`
}

export function byteLength(text: string): number {
  return Buffer.byteLength(text)
}

/** Half a character, which a cut may leave, goes too. */
function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest).replace(/[\uD800-\uDBFF]$/, '')}…`
}
