import type { RawText } from './raw-text.ts'

/** Where something stands in a document; both count from 1, columns in characters. */
export interface Position {
  readonly line: number
  readonly column: number
}

const BLOCK = 1 << 13

/** Finds lines and columns in a raw text that may be large, of which few are asked for, in any order. */
export class LinePositions {
  readonly #text: RawText
  /** For each block of the text, as far as it was counted: the line that it begins in, and where that line begins. */
  readonly #lines: number[] = [1]
  readonly #lineStarts: number[] = [0]
  /** And how many characters of that line come before the block, where it began more than a block before. */
  readonly #columns: number[] = [0]

  constructor(text: RawText) {
    this.#text = text
  }

  /** CRLF, CR and LF are one line end each. */
  at(offset: number): Position {
    const block = Math.floor(offset / BLOCK)
    for (let known = this.#lines.length - 1; known < block; known++) {
      const [line, start] = this.#count(known, (known + 1) * BLOCK)
      this.#lines.push(line)
      this.#lineStarts.push(start)
      this.#columns.push(start < known * BLOCK ? this.#column(known, start, (known + 1) * BLOCK) : 0)
    }
    const [line, start] = this.#count(block, offset)
    return { line, column: this.#column(block, start, offset) + 1 }
  }

  /** The characters of a line before an offset in a block; a line may be as long as the document. */
  #column(block: number, start: number, offset: number): number {
    const from = block * BLOCK
    if (start >= from - BLOCK) return lengthOf(this.#text.slice(start, offset))
    return (this.#columns[block] ?? 0) + lengthOf(this.#text.slice(from, offset))
  }

  /** The line that an offset in a block stands in, or at its end, and where that line begins. */
  #count(block: number, offset: number): readonly [line: number, start: number] {
    const from = block * BLOCK
    const next = this.#text.charCodeAt(offset)
    // Searching a short piece for one character at a time is several times as fast as looking at each.
    const piece = this.#text.slice(from, offset)
    let line = this.#lines[block] ?? 1
    let start = this.#lineStarts[block] ?? 0
    for (let at = piece.indexOf('\n'); at >= 0; at = piece.indexOf('\n', at + 1)) {
      line++
      start = from + at + 1
    }
    for (let at = piece.indexOf('\r'); at >= 0; at = piece.indexOf('\r', at + 1)) {
      const follows = at + 1 < piece.length ? piece.charCodeAt(at + 1) : next
      if (follows === 10) continue
      line++
      start = Math.max(start, from + at + 1)
    }
    return [line, start]
  }
}

/** How long a raw text is in characters of JavaScript; it may begin or end within one. */
function lengthOf(raw: RawText): number {
  const following = raw.match(/[\u0080-\u00bf]/g)?.length ?? 0
  const beyondBmp = raw.match(/[\u00f0-\u00ff]/g)?.length ?? 0
  return raw.length - following + beyondBmp
}
