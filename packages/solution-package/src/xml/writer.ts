import { escapeAttribute, escapeText, normalizeLineEnds } from './escape.ts'
import type { XmlAttribute, XmlDocument, XmlElement } from './document.ts'
import { rawBytes, type RawText, toRaw } from './raw-text.ts'
import * as tape from './tape.ts'
import { XmlError } from './xml-error.ts'

/** Writes something else in the place of an element; nothing at all leaves it out. */
export type Replacement = (writer: XmlWriter, element: XmlElement) => void

/** What is written differently from the source, by the number of the element's node. */
export type Edits = ReadonlyMap<number, Replacement>

export interface WriterOptions {
  readonly standalone?: 'yes' | 'no' | undefined
  /** Takes the document bit by bit while it is made; `finish` then returns nothing. */
  readonly sink?: ((bytes: Uint8Array) => void) | undefined
}

const MARK = toRaw('\u{feff}')
const FLUSH_AT = 1 << 16
/** What a document may grow by: indentation of deep elements makes much out of little. */
const FREE_LENGTH = 64 * 2 ** 20
const GROWTH = 8
/** What is copied in one piece; larger elements go child by child, so that no piece takes much memory. */
const PIECE_LENGTH = 1 << 20

/**
 * Writes XML as the .NET XmlWriter does with indentation: byte order mark, declaration, two spaces a level, `<a />`
 * and `<a></a>` as they were, no line end at the end, and no indentation in an element any more once it has had text.
 */
export class XmlWriter {
  readonly #chunks: Uint8Array[] = []
  readonly #sink: (bytes: Uint8Array) => void
  #text: RawText
  /** Of each open element its name, and whether the start tag is still open, has content, and is mixed. */
  readonly #names: RawText[] = []
  readonly #mixed: boolean[] = []
  readonly #filled: boolean[] = []
  #tagOpen = false
  #written = 0
  #allowed = FREE_LENGTH

  constructor(options: WriterOptions = {}) {
    this.#sink = options.sink ?? ((bytes) => void this.#chunks.push(bytes))
    const standalone = options.standalone === undefined ? '' : ` standalone="${options.standalone}"`
    this.#text = `${MARK}<?xml version="1.0" encoding="utf-8"${standalone}?>`
  }

  /** Begins an element; `end` ends it. */
  start(name: string, attributes: readonly XmlAttribute[] = []): void {
    this.#line()
    let tag = `<${name}`
    for (const attribute of attributes) tag += ` ${attribute.name}="${escapeAttribute(attribute.value)}"`
    this.#text += toRaw(tag)
    this.#tagOpen = true
    this.#names.push(toRaw(name))
    this.#mixed.push(this.#mixed.at(-1) ?? false)
    this.#filled.push(false)
  }

  /** Ends the element; one without content becomes `<a />`, or `<a></a>` when `full` is set. */
  end(full = false): void {
    const name = this.#names.pop() ?? ''
    const mixed = this.#mixed.pop() ?? false
    const filled = this.#filled.pop() ?? false
    if (this.#tagOpen) {
      this.#text += full ? `></${name}>` : ' />'
      this.#tagOpen = false
      return
    }
    if (filled && !mixed) this.#indent()
    this.#text += `</${name}>`
  }

  empty(name: string, attributes: readonly XmlAttribute[] = []): void {
    this.start(name, attributes)
    this.end()
  }

  text(value: string): void {
    if (value === '') return
    this.#content(true)
    this.#text += toRaw(escapeText(value))
  }

  /**
   * Copies an element with all it contains.
   * @param edits what becomes of elements in it; the element itself is always copied
   * @param declarations appended to its attributes, but for those that it has
   */
  copy(element: XmlElement, edits?: Edits, declarations: readonly XmlAttribute[] = []): void {
    const { document, node } = element
    const own = declarations.length === 0 ? [] : element.attributes
    const added = declarations.filter(({ name }) => own.every((attribute) => attribute.name !== name))
    if (added.length === 0) this.#copyRange(document, node, document.next(node), edits, node)
    else this.copyAs(element, [...own, ...added], edits)
  }

  /** Copies an element with other attributes than its own. */
  copyAs(element: XmlElement, attributes: readonly XmlAttribute[], edits?: Edits): void {
    this.start(element.name, attributes)
    this.copyContent(element, edits)
    this.end(!element.selfClosed)
  }

  /** Copies what an element contains. */
  copyContent(element: XmlElement, edits?: Edits): void {
    this.#copyRange(element.document, element.node + 1, element.document.next(element.node), edits)
  }

  /** Copies a whole document with what stands around its root. */
  copyDocument(document: XmlDocument, edits?: Edits): void {
    this.#copyRange(document, 0, document.nodes.count, edits)
  }

  finish(): Uint8Array {
    this.#flush()
    return this.#chunks.length === 1 ? (this.#chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#chunks)
  }

  // One loop over the tape, not a recursion: documents may be deep.
  #copyRange(document: XmlDocument, from: number, to: number, edits?: Edits, unedited = -1): void {
    const { kinds, nexts, starts, closes } = document.nodes
    const edited = edits === undefined ? [] : [...edits.keys()].toSorted((a, b) => a - b)
    let nextEdit = 0
    this.#allowed += GROWTH * (document.start(to - 1) - document.start(from))
    const open: number[] = []
    let node = from
    for (;;) {
      let last = open.at(-1)
      while (last !== undefined && nexts[last] === node) {
        this.end(true)
        open.pop()
        last = open.at(-1)
      }
      if (node >= to) return
      const kind = kinds[node] ?? 0
      switch (kind & tape.KIND) {
        case tape.ELEMENT: {
          const replacement = node === unedited ? undefined : edits?.get(node)
          if (replacement !== undefined) {
            replacement(this, document.elementAt(node))
            node = nexts[node] ?? to
            continue
          }
          if ((kind & tape.PLAIN) !== 0) {
            while ((edited[nextEdit] ?? to) <= node) nextEdit++
            const start = starts[node] ?? 0
            const close = closes[node] ?? 0
            const isFree = (edited[nextEdit] ?? to) >= (nexts[node] ?? 0)
            if (
              isFree &&
              close - start <= PIECE_LENGTH &&
              this.#copyPlain(document.raw.slice(start, close))
            ) {
              node = nexts[node] ?? to
              continue
            }
          }
          this.#copyTag(document, node, kind)
          if ((kind & tape.SELF_CLOSED) === 0) open.push(node)
          break
        }
        case tape.TEXT: {
          this.#content(true)
          const isCanonical = (kind & tape.CANONICAL) !== 0
          this.#text += isCanonical ? document.rawOf(node) : toRaw(escapeText(document.textOf(node)))
          break
        }
        case tape.CDATA: {
          this.#content(true)
          this.#text += normalizeLineEnds(document.rawOf(node))
          break
        }
        case tape.COMMENT: {
          this.#line()
          this.#text += normalizeLineEnds(document.rawOf(node))
          break
        }
        default: {
          this.#line()
          this.#text += instruction(document.rawOf(node))
        }
      }
      node++
    }
  }

  /**
   * Copies an element that differs in line ends and indentation only.
   * @returns false where nothing is indented any more
   */
  #copyPlain(source: RawText): boolean {
    const lineFeed = source.indexOf('\n')
    if (lineFeed >= 0 && this.#mixed.at(-1) === true) return false
    this.#line()
    this.#text += lineFeed < 0 ? source : reindented(source, lineFeed, this.#names.length)
    return true
  }

  #copyTag(document: XmlDocument, node: number, kind: number): void {
    if ((kind & tape.CANONICAL) === 0) {
      this.start(document.nameOf(node), document.attributesOf(node))
      if ((kind & tape.SELF_CLOSED) !== 0) this.end()
    } else {
      this.#line()
      this.#text += document.rawOf(node)
      if ((kind & tape.SELF_CLOSED) !== 0) return
      this.#names.push(document.rawNameOf(node))
      this.#mixed.push(this.#mixed.at(-1) ?? false)
      this.#filled.push(false)
    }
  }

  /** The element that was begun last gets content; with text in it, its indentation ends. */
  #content(mixed: boolean): void {
    if (this.#tagOpen) {
      this.#text += '>'
      this.#tagOpen = false
    }
    const last = this.#filled.length - 1
    if (last < 0) return
    this.#filled[last] = true
    if (mixed) this.#mixed[last] = true
  }

  /** Begins a line for an element, comment or instruction, where lines are begun. */
  #line(): void {
    this.#content(false)
    if (this.#text.length > FLUSH_AT) this.#flush()
    if (this.#mixed.at(-1) !== true) this.#indent()
  }

  #indent(): void {
    this.#text += indentation(this.#names.length)
  }

  #flush(): void {
    this.#written += this.#text.length
    if (this.#written > this.#allowed) {
      throw new XmlError(
        'a document',
        `would grow to more than ${this.#allowed} characters when it is indented`,
      )
    }
    this.#sink(rawBytes(this.#text))
    this.#text = ''
  }
}

const INDENTATIONS: string[] = []

function indentation(level: number): string {
  return (INDENTATIONS[level] ??= `\n${'  '.repeat(level)}`)
}

const LINE_STARTS = new Map<string, RegExp>()

/** Gives an element whose children are indented by two spaces another level, and line feeds for line ends. */
function reindented(source: RawText, lineFeed: number, level: number): RawText {
  let text = lineFeed + 1
  while (source.charCodeAt(text) === 32) text++
  const before = ' '.repeat(Math.max(text - lineFeed - 3, 0))
  const lineStart = `${source.charCodeAt(lineFeed - 1) === 13 ? '\r\n' : '\n'}${before}`
  const wanted = indentation(level)
  if (lineStart === wanted) return source
  const pattern = LINE_STARTS.get(lineStart) ?? new RegExp(lineStart, 'g')
  LINE_STARTS.set(lineStart, pattern)
  return source.replace(pattern, wanted)
}

/** The .NET writer puts one space between the target and its data, and none when there is no data. */
function instruction(source: RawText): RawText {
  const [, target = '', data = ''] =
    /^<\?([^ \t\n]+?)(?:[ \t\n]+([^]*))?\?>$/.exec(normalizeLineEnds(source)) ?? []
  return data === '' ? `<?${target}?>` : `<?${target} ${data}?>`
}
