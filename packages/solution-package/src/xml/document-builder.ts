import { type DocumentOrigin, parseMade, XmlDocument, type XmlElement } from './document.ts'
import type { RawText } from './raw-text.ts'
import * as tape from './tape.ts'

const MADE = tape.ELEMENT | tape.CANONICAL | tape.PLAIN

/** Elements that follow each other in a document and come from one file, by their lines in it. */
export interface Run {
  readonly file: string
  readonly lines: ArrayLike<number>
}

/** An element that is copied, with where it comes from. */
export interface CopiedElement {
  readonly element: XmlElement
  readonly file: string
  /** The lines of all elements of its document. */
  readonly lines: ArrayLike<number>
  /** Its nodes are those that the builder of elements made: no namespace but that of the document is in force in it. */
  readonly isMade: boolean
}

/** What becomes of a piece of an element; an empty piece is a place to put something in. */
export interface TextEdit {
  readonly from: number
  readonly to: number
  /** The piece is the ` />` of an element that gets content. */
  readonly opens?: boolean
  write(into: DocumentBuilder): void
}

/**
 * Puts a document together from elements that were read, or are made here, and knows its nodes without reading it.
 * All of it is to be laid out as the writer does; what is put in stands at its place already.
 */
export class DocumentBuilder {
  #raw: RawText = ''
  readonly #nodes = new tape.Tape(0)
  readonly #open: number[] = []
  readonly #runs: Run[] = []
  #mustRead = false

  /** A line end and indentation. */
  layout(raw: RawText): void {
    this.#raw += raw
  }

  /** Begins an element with its start tag. */
  start(tag: RawText, file: string, line = 1): void {
    this.#open.push(this.#add(MADE, tag))
    this.#runs.push({ file, lines: [line] })
  }

  /** Ends it with what stands behind its content. */
  end(raw: RawText): void {
    this.#raw += raw
    this.#nodes.close(this.#open.pop() ?? 0, this.#raw.length)
  }

  /** An element without content. */
  empty(tag: RawText, file: string, line = 1): void {
    this.#add(MADE | tape.SELF_CLOSED, tag)
    this.#runs.push({ file, lines: [line] })
  }

  /** An element with text alone, which is not empty and has nothing to be escaped. */
  leaf(tag: RawText, text: RawText, endTag: RawText, file: string, line = 1): void {
    this.start(tag, file, line)
    this.#add(tape.TEXT | tape.CANONICAL, text)
    this.end(endTag)
  }

  /** An element with all in it. */
  copy({ element: { document, node }, file, lines, isMade }: CopiedElement): void {
    const [start, close] = [document.start(node), document.nodes.closes[node] ?? 0]
    if (!isMade) this.#mustRead = true
    this.#nodes.append(document.nodes, node, document.next(node), this.#raw.length - start)
    this.#raw +=
      start === 0 && close === document.raw.length ? document.raw : document.raw.slice(start, close)
    const first = document.ordinalOf(node)
    const isWhole = first === 0 && document.next(node) === document.nodes.count
    this.#runs.push({
      file,
      lines: isWhole
        ? lines
        : Array.prototype.slice.call(lines, first, document.ordinalOf(document.next(node))),
    })
  }

  /** An element with edits of pieces that do not overlap. */
  copyEdited({ element, file, lines, isMade }: CopiedElement, edits: readonly TextEdit[]): void {
    const { document, node: root } = element
    const { kinds, starts, ends, closes } = document.nodes
    const stop = document.next(root)
    const old: number[] = []
    let [node, at, ordinal] = [root, document.start(root), document.ordinalOf(root)]
    let shift = this.#raw.length - at
    let own: number[] = []
    if (!isMade) this.#mustRead = true
    const closeUpTo = (offset: number): void => {
      for (let last = old.at(-1); last !== undefined; last = old.at(-1)) {
        const close = closes[last] ?? 0
        if (close > offset) return
        old.pop()
        this.#nodes.close(this.#open.pop() ?? 0, close + shift)
      }
    }
    const copyTo = (offset: number): void => {
      for (; node < stop && (starts[node] ?? 0) < offset; node++) {
        const [kind, start] = [kinds[node] ?? 0, starts[node] ?? 0]
        closeUpTo(start)
        const made = this.#nodes.add(kind, start + shift, (ends[node] ?? 0) + shift)
        if ((kind & tape.KIND) !== tape.ELEMENT) continue
        this.#open.push(made)
        old.push(node)
        own.push(lines[ordinal++] ?? 1)
      }
      closeUpTo(offset)
      this.#raw += document.raw.slice(at, offset)
    }
    for (const edit of edits.toSorted((a, b) => a.from - b.from)) {
      copyTo(edit.from)
      this.#runs.push({ file, lines: own })
      own = []
      const made = this.#open.at(-1) ?? 0
      const isInTag = edit.from < (ends[old.at(-1) ?? 0] ?? 0)
      const before = this.#raw.length
      if (edit.opens === true) {
        this.#raw += '>'
        this.#nodes.kinds[made] = (this.#nodes.kinds[made] ?? 0) & ~tape.SELF_CLOSED
        this.#nodes.ends[made] = this.#raw.length
      }
      edit.write(this)
      if (isInTag && edit.opens !== true)
        this.#nodes.ends[made] = (this.#nodes.ends[made] ?? 0) + this.#raw.length - before
      at = edit.to
      shift = this.#raw.length - at
      for (; node < stop && (starts[node] ?? 0) < at; node++)
        if (((kinds[node] ?? 0) & tape.KIND) === tape.ELEMENT) ordinal++
    }
    copyTo(closes[root] ?? 0)
    this.#runs.push({ file, lines: own })
  }

  /** @throws XmlError when the document is not well-formed after all */
  finish(label: string, originOf: (runs: readonly Run[]) => DocumentOrigin): XmlDocument {
    const origin = originOf(this.#runs)
    return this.#mustRead
      ? parseMade(this.#raw, label, origin)
      : new XmlDocument(label, this.#raw, this.#nodes, undefined, origin)
  }

  #add(kind: number, raw: RawText): number {
    const start = this.#raw.length
    this.#raw += raw
    return this.#nodes.add(kind, start, this.#raw.length)
  }
}

/** Puts something behind an element. */
export function after({ document, node }: XmlElement, write: TextEdit['write']): TextEdit {
  const at = document.nodes.closes[node] ?? 0
  return { from: at, to: at, write }
}

/** Puts something in the place of an element. */
export function insteadOf({ document, node }: XmlElement, write: TextEdit['write']): TextEdit {
  return { from: document.start(node), to: document.nodes.closes[node] ?? 0, write }
}

/** Puts something before all that an element holds; one that is written `<a />` is opened for it. */
export function within(element: XmlElement, indentation: RawText, write: TextEdit['write']): TextEdit {
  const { document, node } = element
  const end = document.end(node)
  if (!element.selfClosed) return { from: end, to: end, write }
  return {
    from: end - ' />'.length,
    to: end,
    opens: true,
    write(into) {
      write(into)
      into.layout(`${indentation}</${document.rawNameOf(node)}>`)
    },
  }
}

/** Gives an element an attribute behind those that it has. */
export function withAttribute({ document, node, selfClosed }: XmlElement, attribute: RawText): TextEdit {
  const at = document.end(node) - (selfClosed ? ' />' : '>').length
  return { from: at, to: at, write: (into) => into.layout(attribute) }
}
