import { appendToRunnerFile } from './commands.ts'
import { docsPage } from './docs-page.ts'
import { escapeHtml, escapeMarkdown } from './markdown.ts'

/** Text with the page of the documentation that says more; see `docsPage`. */
export interface Explained {
  readonly text: string
  readonly page: string | undefined
}

/** Text of a table cell; `code` is shown in a fixed-width font. */
export type Cell = string | number | boolean | { readonly code: string } | Explained

/** Paragraphs, tables and lists, in Markdown. */
export interface SummaryBody {
  /** A title within the summary. */
  heading(text: string): void
  /** A paragraph of plain text. */
  text(text: string | Explained): void
  table(header: readonly string[], rows: readonly (readonly Cell[])[]): void
  list(items: readonly (string | Explained)[]): void
  /** Names with their values, one a line. */
  facts(facts: readonly (readonly [name: string, value: Cell])[]): void
}

/** What the reader sees at a glance. */
export type Mark = 'done' | 'nothing to do' | 'checked' | 'warned' | 'stopped' | 'failed'

/** The job summary of a step. Written at the end of the run, also of a failed one. */
export interface Summary extends SummaryBody {
  /**
   * How it ended, as the heading of the summary wherever it is called; a later call replaces an earlier one.
   *
   * @param facts parts of the line below it
   */
  outcome(mark: Mark, title: string, facts?: readonly string[]): void
  /** Markdown that was made with the escapes of this package, at most `SUMMARY_BYTES` long. */
  markdown(text: string): void
  /** Puts what `work` writes behind a title that is opened with a click. */
  folded(title: string, work: (body: SummaryBody) => void): void
}

const signs: Readonly<Record<Mark, string>> = {
  done: '✅',
  'nothing to do': '⏭️',
  checked: '🔎',
  warned: '⚠️',
  stopped: '🛑',
  failed: '❌',
}

/** GitHub refuses a summary of more than 1 MiB as a whole, so it is cut at the end of a row or paragraph. */
const maxBytes = 1024 ** 2

/** Room for the outcome, the error, and what closes a part that was cut. */
const keptBytes = 64 * 1024

/** How long a text of UTF-8 can be that stands in a summary by itself. */
export const SUMMARY_BYTES = maxBytes - keptBytes - 2

const longestError = 16_000

/**
 * What a summary would say, as Markdown for another place, such as an issue.
 *
 * @param limit bytes, where it is cut, at the end of a row or paragraph
 */
export function summaryText(limit: number, work: (summary: Summary) => void): string {
  const summary = new StepSummary(limit, '_This is cut here. The summary of the run says all of it._')
  work(summary)
  return summary.toString().trim()
}

export class StepSummary implements Summary {
  #outcome = ''
  #error = ''
  #body = ''
  #bytes = 0
  #cut = false
  readonly #maxBytes: number
  readonly #cutNote: string

  constructor(
    limit = maxBytes - keptBytes,
    cutNote = '_The summary is cut here: GitHub allows 1 MiB. Everything is in the log._',
  ) {
    this.#maxBytes = limit
    this.#cutNote = cutNote
  }

  outcome(mark: Mark, title: string, facts: readonly string[] = []): void {
    const below = facts.length === 0 ? '' : `${facts.map(escapeMarkdown).join(' · ')}\n\n`
    this.#outcome = `\n### ${signs[mark]} ${escapeMarkdown(title)}\n\n${below}`
  }

  /** The error that ended the run. @param title the heading, when nothing said how it ended */
  error(title: string, { text, page }: Explained): void {
    if (this.#outcome === '') this.outcome('failed', title)
    const cut = text.length > longestError ? `${text.slice(0, longestError)}…` : text
    this.#error = `${cell({ text: cut, page })}\n\n`
  }

  heading(text: string): void {
    this.#add(`\n#### ${escapeMarkdown(text)}\n\n`)
  }

  text(text: string | Explained): void {
    this.#add(`${cell(text)}\n\n`)
  }

  list(items: readonly (string | Explained)[]): void {
    for (const item of items) this.#add(`- ${cell(item)}\n`)
    this.#add('\n')
  }

  facts(facts: readonly (readonly [name: string, value: Cell])[]): void {
    for (const [name, value] of facts) this.#add(`- **${escapeMarkdown(name)}:** ${cell(value)}\n`)
    this.#add('\n')
  }

  markdown(text: string): void {
    this.#add(`${text}\n\n`)
  }

  table(header: readonly string[], rows: readonly (readonly Cell[])[]): void {
    this.#add(`${row(header)}${row(header.map(() => '---'))}`)
    for (const cells of rows) this.#add(row(cells.map(cell)))
    this.#add('\n')
  }

  folded(title: string, work: (body: SummaryBody) => void): void {
    this.#add(`<details><summary>${escapeHtml(title)}</summary>\n\n`)
    const isOpen = !this.#cut
    work(this)
    // What was opened is closed, also where the cut lies within it; the room for that is kept.
    if (isOpen) this.#body += '</details>\n\n'
  }

  /** Hands the text to the runner; does nothing where there is no summary file, as outside of GitHub. */
  write(): void {
    const text = this.toString()
    this.#outcome = this.#error = this.#body = ''
    if (text !== '') appendToRunnerFile('GITHUB_STEP_SUMMARY', text)
  }

  toString(): string {
    return `${this.#outcome}${this.#error}${this.#body}`
  }

  #add(piece: string): void {
    if (this.#cut) return
    this.#bytes += Buffer.byteLength(piece)
    if (this.#bytes <= this.#maxBytes) this.#body += piece
    else {
      this.#cut = true
      this.#body += `\n\n${this.#cutNote}\n\n`
    }
  }
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`
}

function cell(value: Cell): string {
  if (typeof value !== 'object') return escapeMarkdown(String(value))
  if ('text' in value) return explained(value)
  return value.code === '' ? '' : `<code>${escapeMarkdown(value.code)}</code>`
}

/** The link comes last, where a reader who knows the remedy has stopped. A path is no link outside of the repository. */
function explained({ text, page }: Explained): string {
  if (page === undefined) return escapeMarkdown(text)
  const address = docsPage(page, process.env)
  const more = address === page ? escapeMarkdown(`More: ${page}`) : `<a href="${address}">More</a>`
  return `${escapeMarkdown(text)} ${more}`
}
