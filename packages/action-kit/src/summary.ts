import { appendToRunnerFile } from './commands.ts'
import { docsPage } from './docs-page.ts'

/** Text with the page of the documentation that says more; see `docsPage`. */
export interface Explained {
  readonly text: string
  readonly page: string | undefined
}

/** Text of a table cell; `code` is shown in a fixed-width font. */
export type Cell = string | number | boolean | { readonly code: string } | Explained

/** The job summary of a step, in Markdown. Written at the end of the run, also of a failed one. */
export interface Summary {
  heading(text: string): void
  /** A paragraph of plain text. */
  text(text: string | Explained): void
  /** Markdown that was made by our own code, never by outside data. */
  markdown(markdown: string): void
  table(header: readonly string[], rows: readonly (readonly Cell[])[]): void
  list(items: readonly string[]): void
}

/** GitHub refuses a summary of more than 1 MiB as a whole, so it is cut at the end of a row or paragraph. */
const maxBytes = 1024 ** 2 - 1024

export class StepSummary implements Summary {
  #text = ''
  #bytes = 0
  #cut = false

  heading(text: string): void {
    this.#add(`\n### ${escape(text)}\n\n`)
  }

  text(text: string | Explained): void {
    this.#add(`${cell(text)}\n\n`)
  }

  markdown(markdown: string): void {
    this.#add(`${markdown}\n\n`)
  }

  list(items: readonly string[]): void {
    for (const item of items) this.#add(`- ${escape(item)}\n`)
    this.#add('\n')
  }

  table(header: readonly string[], rows: readonly (readonly Cell[])[]): void {
    this.#add(`${row(header)}${row(header.map(() => '---'))}`)
    for (const cells of rows) this.#add(row(cells.map(cell)))
    this.#add('\n')
  }

  /** Hands the text to the runner; does nothing where there is no summary file, as outside of GitHub. */
  write(): void {
    if (this.#text !== '') appendToRunnerFile('GITHUB_STEP_SUMMARY', this.#text)
    this.#text = ''
  }

  #add(piece: string): void {
    if (this.#cut) return
    this.#bytes += Buffer.byteLength(piece)
    if (this.#bytes <= maxBytes) this.#text += piece
    else {
      this.#cut = true
      this.#text += '\n\n_The summary is cut here: GitHub allows 1 MiB. Everything is in the log._\n'
    }
  }
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`

function cell(value: Cell): string {
  if (typeof value !== 'object') return escape(String(value))
  if ('text' in value) return explained(value)
  return value.code === '' ? '' : `<code>${escape(value.code)}</code>`
}

/** The link comes last, where a reader who knows the remedy has stopped. A path is no link outside of the repository. */
function explained({ text, page }: Explained): string {
  if (page === undefined) return escape(text)
  const address = docsPage(page, process.env)
  const more = address === page ? escape(`More: ${page}`) : `<a href="${address}">More</a>`
  return `${escape(text)} ${more}`
}

/** Outside data must not become markup: it could draw links and images into the summary. */
function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_{}[\]|~]/g, String.raw`\$&`)
    .replace(/\r?\n/g, '<br>')
}
