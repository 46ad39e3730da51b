import { endOfRun, PLAIN_TEXT, PLAIN_VALUE } from './characters.ts'
import type { RawText } from './raw-text.ts'
import * as tape from './tape.ts'

const [SPACE, SLASH, EQUALS, LESS, GREATER, QUOTE] = [32, 47, 61, 60, 62, 34]

const MADE = tape.ELEMENT | tape.CANONICAL | tape.PLAIN

/** What the innermost open element has so far. */
const TAG = 0
const TEXT = 1
const CHILDREN = 2

const ESCAPES = new Map(
  Object.entries({
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    '\t': '&#x9;',
    '\n': '&#xA;',
    '\r': '&#xD;',
  }).map(([character, escape]) => [character.charCodeAt(0), Buffer.from(escape)]),
)
const LONGEST_ESCAPE = 6
/** In text these stay: .NET writes quotes, tabs and line feeds as they are. */
const AS_TEXT = new Set([QUOTE, 9, 10])

/**
 * Makes elements from bytes, laid out as the writer does, and their nodes with them: what was made need not be read.
 * One builder makes element after element, in the same memory.
 */
export class ElementBuilder {
  #out = Buffer.allocUnsafe(1 << 16)
  #length = 0
  #lines = new Int32Array(1 << 10)
  #lineCount = 0
  #level = 0
  readonly #nodes = new tape.Tape(1 << 16)
  readonly #open: number[] = []
  /** What the elements around the innermost one have, each. */
  readonly #outer: number[] = []
  #state = CHILDREN
  #hasEndTag = false

  /** Begins an element anew. @param level how deep it stands in the document that it becomes a part of */
  begin(level: number): void {
    this.#length = 0
    this.#lineCount = 0
    this.#level = level
    this.#nodes.count = 0
    this.#open.length = 0
    this.#outer.length = 0
    this.#state = CHILDREN
  }

  /** How deep the innermost open element stands in the document; that of a root is 1. */
  get depth(): number {
    return this.#level + this.#open.length
  }

  /** Begins an element whose name stands from one offset to another. */
  start(bytes: Uint8Array, from: number, to: number, line: number): void {
    this.#reserve(2 * this.depth + to - from + 3)
    this.#endTag()
    if (this.#state !== TEXT) {
      this.#state = CHILDREN
      if (this.#open.length > 0) this.#indent(this.depth)
    }
    this.#outer.push(this.#state)
    this.#open.push(this.#nodes.add(MADE, this.#length, this.#length))
    this.#out[this.#length++] = LESS
    this.#copy(bytes, from, to)
    this.#state = TAG
    this.#hasEndTag = false
    if (this.#lineCount === this.#lines.length) {
      const lines = new Int32Array(2 * this.#lineCount)
      lines.set(this.#lines)
      this.#lines = lines
    }
    this.#lines[this.#lineCount++] = line
  }

  attribute(name: Uint8Array, from: number, to: number): void {
    this.#reserve(to - from + 4)
    this.#out[this.#length++] = SPACE
    this.#copy(name, from, to)
    this.#out[this.#length++] = EQUALS
    this.#out[this.#length++] = QUOTE
  }

  /** The value of the attribute that was begun. */
  value(bytes: Uint8Array, from: number, to: number): void {
    this.#escape(bytes, from, to, PLAIN_VALUE)
    this.#out[this.#length++] = QUOTE
  }

  /** Puts text into the element; after that, nothing in it is indented any more. */
  text(bytes: Uint8Array, from: number, to: number): void {
    this.#reserve(1)
    this.#endTag()
    this.#state = TEXT
    const start = this.#length
    this.#escape(bytes, from, to, PLAIN_TEXT)
    if (this.#length > start) this.#nodes.add(tape.TEXT | tape.CANONICAL, start, this.#length)
  }

  /** Has the open element end in a tag of its own, even when there is nothing in it. */
  keepEndTag(): void {
    this.#hasEndTag = true
  }

  end(): void {
    const node = this.#open.pop() ?? 0
    const nodes = this.#nodes
    const nameStart = (nodes.starts[node] ?? 0) + 1
    let nameEnd = nameStart
    for (let code = 0; code !== SPACE && code !== GREATER && nameEnd < this.#length;)
      code = this.#out[++nameEnd] ?? 0
    this.#reserve(2 * this.depth + nameEnd - nameStart + 8)
    if (this.#state === TAG && !this.#hasEndTag) {
      this.#out[this.#length++] = SPACE
      this.#out[this.#length++] = SLASH
      this.#out[this.#length++] = GREATER
      nodes.ends[node] = this.#length
      nodes.mark(node, tape.SELF_CLOSED)
    } else {
      if (this.#state === TAG) {
        this.#out[this.#length++] = GREATER
        nodes.ends[node] = this.#length
      } else if (this.#state === CHILDREN) this.#indent(this.depth)
      this.#out[this.#length++] = LESS
      this.#out[this.#length++] = SLASH
      this.#copy(this.#out, nameStart, nameEnd)
      this.#out[this.#length++] = GREATER
    }
    nodes.close(node, this.#length)
    this.#state = this.#outer.pop() ?? CHILDREN
  }

  /** The element, its nodes, and the line of each element in it. */
  finish(): { readonly xml: RawText; readonly nodes: tape.Tape; readonly lines: Int32Array } {
    return {
      xml: this.#out.toString('latin1', 0, this.#length),
      nodes: this.#nodes.copy(),
      lines: this.#lines.slice(0, this.#lineCount),
    }
  }

  /** Ends the start tag that is open. */
  #endTag(): void {
    if (this.#state !== TAG) return
    this.#out[this.#length++] = GREATER
    this.#nodes.ends[this.#open.at(-1) ?? 0] = this.#length
  }

  #indent(level: number): void {
    const end = this.#length + 2 * level + 1
    this.#out[this.#length++] = 10
    while (this.#length < end) this.#out[this.#length++] = SPACE
  }

  #copy(bytes: Uint8Array, from: number, to: number): void {
    const out = this.#out
    let length = this.#length
    for (let at = from; at < to; at++) out[length++] = bytes[at] ?? 0
    this.#length = length
  }

  #escape(bytes: Uint8Array, from: number, to: number, plain: number): void {
    this.#reserve(LONGEST_ESCAPE * (to - from) + 1)
    for (let at = from; at < to;) {
      const end = Math.min(endOfRun(bytes, at, plain), to)
      this.#copy(bytes, at, end)
      if (end === to) return
      const code = bytes[end] ?? 0
      const escape = plain === PLAIN_TEXT && AS_TEXT.has(code) ? undefined : ESCAPES.get(code)
      if (escape === undefined) this.#out[this.#length++] = code
      else this.#copy(escape, 0, escape.length)
      at = end + 1
    }
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#out.length) return
    const out = Buffer.allocUnsafe(2 * (this.#length + more))
    this.#out.copy(out, 0, 0, this.#length)
    this.#out = out
  }
}
