import {
  endOfRun,
  forbiddenCharacter,
  isForbidden,
  isNameStart,
  isSpace,
  PLAIN_NAME,
  PLAIN_TEXT,
  PLAIN_VALUE,
  rawNameEnd,
} from './characters.ts'
import type { Decoded } from './decode.ts'
import { textValue } from './escape.ts'
import type { XmlLimits } from './limits.ts'
import { fromRaw, type RawText } from './raw-text.ts'
import { referenceAt, referenceProblem } from './references.ts'
import { TagNames } from './tag-names.ts'
import * as tape from './tape.ts'
import { LinePositions } from './line-positions.ts'
import { XmlError } from './xml-error.ts'

const QUOTE = 34
const AMPERSAND = 38
const APOSTROPHE = 39
const SLASH = 47
const COLON = 58
const LESS = 60
const EQUALS = 61
const GREATER = 62
const LETTER_X = 120

/** References that the writer writes the same way in text, and in attributes. */
const KEPT_IN_TEXT: ReadonlySet<string> = new Set(['lt', 'gt', 'amp'])
const KEPT_IN_ATTRIBUTE: ReadonlySet<string> = new Set(['lt', 'gt', 'amp', 'quot'])

/**
 * Reads a document without declaration and document type into a tape. It is strict, and takes one pass without
 * recursion, so that neither size nor depth of a document can break it. Positions are those of the raw text.
 * @throws XmlError at the first thing that is not well-formed
 */
export function scan(document: Decoded, from: number, label: string, limits: XmlLimits): tape.Tape {
  return new Scanner(document, from, label, limits).run()
}

class Scanner {
  readonly #text: RawText
  /** What is looked at one after the other is looked at here, which is twice as fast. */
  readonly #bytes: Uint8Array
  readonly #label: string
  readonly #limits: XmlLimits
  readonly #tape: tape.Tape
  readonly #names: TagNames
  /** The elements that are open, and where their names end. */
  readonly #open: number[] = []
  readonly #nameEnds: number[] = []
  /** Offsets of the names and values of the attributes of the tag being read: four numbers each. */
  readonly #attributes: number[] = []
  #attributeCount = 0
  /** Whether a name in the tag being read has a prefix, declares one, or is not ASCII. */
  #hasPrefix = false
  #at: number
  #hasRoot = false
  /** The open elements above this depth are laid out as the writer does, as far as they were read. */
  #plainFrom = 0
  /** The offset where the last run of line end and indentation ended, if it is the one that the writer would make. */
  #indented = -1
  /** The number of the last text that is one line, written as the writer does, and followed by an end tag. */
  #plainText = -1
  /** Characters of a line end in this document; 0 before the first. */
  #lineEnd = 0

  constructor({ raw: text, bytes }: Decoded, from: number, label: string, limits: XmlLimits) {
    this.#text = text
    this.#bytes = bytes
    this.#at = from
    this.#label = label
    this.#limits = limits
    this.#tape = new tape.Tape(text.length)
    this.#names = new TagNames(text, (problem, offset) => this.#fail(problem, offset))
  }

  run(): tape.Tape {
    const bytes = this.#bytes
    while (this.#at < bytes.length) {
      if (bytes[this.#at] !== LESS) this.#textRun()
      else this.#markup()
    }
    const open = this.#open.at(-1)
    if (open !== undefined) this.#fail(`<${this.#openName()}> is not closed`, this.#tape.starts[open] ?? 0)
    if (!this.#hasRoot) this.#fail('has no root element', this.#at)
    return this.#tape
  }

  #markup(): void {
    const next = this.#bytes[this.#at + 1]
    if (next === SLASH) this.#endTag()
    else if (next === 33) this.#declaration()
    else if (next === 63) this.#instruction()
    else this.#startTag()
  }

  #startTag(): void {
    const bytes = this.#bytes
    const start = this.#at
    if (this.#hasRoot && this.#open.length === 0) this.#fail('has a second root element', start)
    this.#hasPrefix = false
    this.#attributeCount = 0
    const named = this.#nameEnd(start + 1)
    if (named === start + 1) this.#fail('"<" begins no tag; as a character it is written &lt;', start)
    let canonical = tape.CANONICAL
    let at = named
    let closed = 0
    for (;;) {
      const spaceStart = at
      while (isSpace(bytes[at] ?? 0)) at++
      const oneSpace = at === spaceStart + 1 && bytes[spaceStart] === 32
      const code = bytes[at]
      if (code === GREATER) {
        if (at !== spaceStart) canonical = 0
        at++
        break
      }
      if (code === SLASH) {
        if (bytes[at + 1] !== GREATER) this.#fail('"/" in a tag is not followed by ">"', at)
        if (!oneSpace) canonical = 0
        closed = tape.SELF_CLOSED
        at += 2
        break
      }
      if (at >= bytes.length) this.#fail('a tag is not closed', start)
      if (at === spaceStart) this.#fail('white space is missing in a tag', at)
      const valueEnd = this.#attribute(at)
      if (!oneSpace || valueEnd < 0) canonical = 0
      at = Math.abs(valueEnd)
    }
    const depth = this.#open.length
    const isForeign = this.#hasPrefix
      ? this.#names.enter(start + 1, named, depth, this.#attributes, this.#attributeCount)
      : this.#names.enterPlain(this.#attributes, this.#attributeCount)
    const foreign = isForeign ? tape.FOREIGN : 0
    const space = this.#hasPrefix ? this.#spaceAttribute() : undefined
    const preserve = space ?? (this.#preserving() ? tape.PRESERVE : 0)
    if (start !== this.#indented || (canonical === 0 && closed !== 0)) this.#plainFrom = depth
    const plain = canonical !== 0 && closed !== 0 ? tape.PLAIN : 0
    const node = this.#tape.add(tape.ELEMENT | canonical | closed | foreign | preserve | plain, start, at)
    this.#at = at
    this.#hasRoot = true
    if (closed !== 0) {
      this.#names.leave(depth)
      return
    }
    if (depth >= this.#limits.depth) this.#fail(`has elements more than ${this.#limits.depth} deep`, start)
    if (canonical !== 0 && this.#restOfLeaf(node, start + 1, named)) {
      this.#names.leave(depth)
      return
    }
    this.#open.push(node)
    this.#nameEnds.push(named)
  }

  /** The offset after the name that begins at an offset, or that offset itself when none does. */
  #nameEnd(start: number): number {
    const bytes = this.#bytes
    const end = endOfRun(bytes, start, PLAIN_NAME)
    const code = bytes[end] ?? 0
    // Whether the first character may begin a name is asked with the others where that is not plain.
    if (code !== COLON && code < 128 && isNameStart(bytes[start] ?? 0)) return end
    this.#hasPrefix = true
    return rawNameEnd(this.#text, start)
  }

  /** Reads the text and the end tag of `<a>text</a>`, the commonest element by far; false where anything else stands. */
  #restOfLeaf(node: number, nameStart: number, named: number): boolean {
    const bytes = this.#bytes
    const start = this.#at
    // What begins with white space may be indentation.
    if (bytes[start] === 32) return false
    const at = endOfRun(bytes, start, PLAIN_TEXT)
    if (at === start || bytes[at] !== LESS || bytes[at + 1] !== SLASH) return false
    const endTag = at + 2 - nameStart
    for (let i = nameStart; i < named; i++) if (bytes[i] !== bytes[i + endTag]) return false
    if (bytes[named + endTag] !== GREATER) return false
    this.#tape.add(tape.TEXT | tape.CANONICAL, start, at)
    this.#tape.mark(node, tape.PLAIN)
    this.#at = named + endTag + 1
    this.#tape.close(node, this.#at)
    return true
  }

  /** Reads an attribute and returns the offset after it; negative when it is not as the writer would write it. */
  #attribute(start: number): number {
    const bytes = this.#bytes
    const named = this.#nameEnd(start)
    if (named === start) this.#fail('an attribute name is expected', start)
    if (bytes[start] === LETTER_X && named === start + 5 && this.#text.startsWith('xmlns', start))
      this.#hasPrefix = true
    let at = named
    while (isSpace(bytes[at] ?? 0)) at++
    if (bytes[at] !== EQUALS) this.#fail(`the attribute ${this.#named(start, named)} has no value`, at)
    let canonical = at === named
    at++
    while (isSpace(bytes[at] ?? 0)) {
      at++
      canonical = false
    }
    const quote = bytes[at]
    if (quote === APOSTROPHE) canonical = false
    else if (quote !== QUOTE) this.#fail(`the value of ${this.#named(start, named)} is not quoted`, at)
    const valueStart = ++at
    for (;;) {
      at = endOfRun(bytes, at, quote === QUOTE ? PLAIN_VALUE : 0)
      const code = bytes[at]
      if (code === quote) break
      if (code === AMPERSAND) {
        const reference = this.#reference(at)
        if (!KEPT_IN_ATTRIBUTE.has(reference)) canonical = false
        at += reference.length + 2
        continue
      }
      if (code === LESS) this.#fail(`"<" stands in the value of ${this.#named(start, named)}; write &lt;`, at)
      if (code === undefined)
        this.#fail(`the value of ${this.#named(start, named)} is not closed`, valueStart - 1)
      if (code === GREATER || code === QUOTE || code < 32) canonical = false
      if (isForbidden(bytes, at)) this.#refuseCharacter(at)
      at++
    }
    if (at - valueStart > this.#limits.attributeLength) {
      this.#fail(
        `the value of ${this.#named(start, named)} is longer than ${this.#limits.attributeLength}`,
        valueStart,
      )
    }
    const attributes = this.#attributes
    const slot = 4 * this.#attributeCount++
    attributes[slot] = start
    attributes[slot + 1] = named
    attributes[slot + 2] = valueStart
    attributes[slot + 3] = at
    return canonical ? at + 1 : -(at + 1)
  }

  #named(start: number, end: number): string {
    return fromRaw(this.#text.slice(start, end))
  }

  /** The PRESERVE bit or 0 if the tag has xml:space. */
  #spaceAttribute(): number | undefined {
    const text = this.#text
    const attributes = this.#attributes
    for (let i = 0; i < 4 * this.#attributeCount; i += 4) {
      const start = attributes[i] ?? 0
      if ((attributes[i + 1] ?? 0) - start !== 9 || !text.startsWith('xml:space', start)) continue
      const value = fromRaw(text.slice(attributes[i + 2], attributes[i + 3])).trim()
      if (value === 'preserve') return tape.PRESERVE
      if (value === 'default') return 0
      this.#fail(`xml:space is '${value}'; it can be preserve or default`, start)
    }
    return undefined
  }

  #endTag(): void {
    const bytes = this.#bytes
    const node = this.#open.pop()
    const named = this.#nameEnds.pop()
    if (node === undefined || named === undefined) this.#fail('an end tag closes nothing', this.#at)
    const nameStart = (this.#tape.starts[node] ?? 0) + 1
    const start = this.#at
    let at = start + 2
    let matches = true
    for (let i = nameStart; i < named; i++, at++) matches &&= bytes[i] === bytes[at]
    const isTight = bytes[at] === GREATER
    while (isSpace(bytes[at] ?? 0)) at++
    if (!matches || bytes[at] !== GREATER) {
      const found = this.#named(this.#at, rawNameEnd(this.#text, this.#at + 2))
      this.#fail(`${found}> stands where </${this.#named(nameStart, named)}> is expected`, this.#at)
    }
    const depth = this.#open.length
    if (isTight && depth >= this.#plainFrom && this.#isPlain(node, start)) this.#tape.mark(node, tape.PLAIN)
    else this.#plainFrom = depth
    this.#tape.close(node, at + 1)
    this.#names.leave(depth)
    this.#at = at + 1
  }

  /** Whether an element is laid out as the writer does; its children that are elements were looked at before. */
  #isPlain(node: number, endTag: number): boolean {
    const { count, kinds, ends } = this.#tape
    if (((kinds[node] ?? 0) & tape.CANONICAL) === 0) return false
    if (count === node + 1) return ends[node] === endTag
    return this.#plainText === node + 1 ? count === node + 2 : this.#indented === endTag
  }

  #declaration(): void {
    const text = this.#text
    const start = this.#at
    if (text.startsWith('<!--', start)) {
      const end = text.indexOf('--', start + 4)
      if (end < 0) this.#fail('a comment is not closed', start)
      if (text.charCodeAt(end + 2) !== GREATER) this.#fail('"--" stands in a comment', end)
      this.#leaf(tape.COMMENT, start, end + 3)
      return
    }
    if (text.startsWith('<![CDATA[', start) && this.#open.length > 0) {
      const end = text.indexOf(']]>', start + 9)
      if (end < 0) this.#fail('a CDATA section is not closed', start)
      this.#leaf(tape.CDATA, start, end + 3)
      return
    }
    this.#fail('"<!" begins no comment or CDATA section', start)
  }

  #instruction(): void {
    const text = this.#text
    const start = this.#at
    const named = rawNameEnd(text, start + 2)
    const end = text.indexOf('?>', start + 2)
    if (end < 0) this.#fail('a processing instruction is not closed', start)
    const target = text.slice(start + 2, named)
    if (target === '' || target.includes(':'))
      this.#fail('a processing instruction has no proper name', start)
    if (target.toLowerCase() === 'xml')
      this.#fail('an XML declaration stands elsewhere than at the beginning', start)
    if (named !== end && !isSpace(text.charCodeAt(named)))
      this.#fail('a processing instruction has no proper name', start)
    this.#leaf(tape.INSTRUCTION, start, end + 2)
  }

  #leaf(kind: number, start: number, end: number): void {
    const forbidden = forbiddenCharacter(this.#text.slice(start, end))
    if (forbidden >= 0) this.#refuseCharacter(start + forbidden)
    this.#plainFrom = this.#open.length
    this.#tape.add(kind, start, end)
    this.#at = end
  }

  #textRun(): void {
    const bytes = this.#bytes
    const start = this.#at
    let at = this.#indentation(start)
    while (isSpace(bytes[at] ?? 0)) at++
    const first = bytes[at]
    if (this.#open.length === 0) {
      if (first !== LESS && at < bytes.length) this.#fail('text stands outside the root element', at)
      this.#at = at
      return
    }
    if (first === LESS && !this.#preserving()) {
      this.#at = at
      return
    }
    at = start
    let canonical = tape.CANONICAL
    let isOneLine = true
    for (;;) {
      at = endOfRun(bytes, at, PLAIN_TEXT)
      const code = bytes[at]
      if (code === LESS || code === undefined) break
      if (code === AMPERSAND) {
        const reference = this.#reference(at)
        if (!KEPT_IN_TEXT.has(reference)) canonical = 0
        at += reference.length + 2
        continue
      }
      if (code === GREATER) {
        if (at - start >= 2 && this.#text.startsWith(']]>', at - 2))
          this.#fail('"]]>" stands in text; write ]]&gt;', at - 2)
        canonical = 0
      } else if (code === 13) canonical = 0
      else if (code === 10) isOneLine = false
      else if (isForbidden(bytes, at)) this.#refuseCharacter(at)
      at++
    }
    this.#at = at
    // A reference to white space is white space too.
    if (first === AMPERSAND && !this.#preserving()) {
      if (!/[^ \t\r\n]/.test(textValue(this.#text.slice(start, at)))) return
    }
    const node = this.#tape.add(tape.TEXT | canonical, start, at)
    if (canonical !== 0 && isOneLine) this.#plainText = node
  }

  /** Skips a line end and the indentation after it, and notes when both are what the writer would make. */
  #indentation(start: number): number {
    const bytes = this.#bytes
    const lineEnd = bytes[start] === 13 ? 2 : 1
    if (bytes[start + lineEnd - 1] !== 10) return start
    let at = start + lineEnd
    while (bytes[at] === 32) at++
    const level = this.#open.length - (bytes[at + 1] === SLASH ? 1 : 0)
    const isUniform = this.#lineEnd === lineEnd || this.#lineEnd === 0
    if (isUniform && at - start - lineEnd === 2 * level && bytes[at] === LESS) {
      this.#lineEnd = lineEnd
      this.#indented = at
    }
    return at
  }

  #preserving(): boolean {
    const open = this.#open.at(-1)
    return open !== undefined && ((this.#tape.kinds[open] ?? 0) & tape.PRESERVE) !== 0
  }

  /** Checks the reference at an offset and returns its body; it ends after that and two more characters. */
  #reference(at: number): RawText {
    const body = referenceAt(this.#text, at)
    const problem = referenceProblem(body)
    if (problem !== undefined) this.#fail(problem, at)
    return body
  }

  #openName(): string {
    const start = (this.#tape.starts[this.#open.at(-1) ?? 0] ?? 0) + 1
    return fromRaw(this.#text.slice(start, this.#nameEnds.at(-1)))
  }

  #refuseCharacter(offset: number): never {
    const [character = ''] = fromRaw(this.#text.slice(offset, offset + 3))
    const code = character.charCodeAt(0).toString(16).padStart(4, '0')
    this.#fail(`the character U+${code.toUpperCase()} is not allowed in XML`, offset)
  }

  #fail(problem: string, offset: number): never {
    throw new XmlError(this.#label, problem, new LinePositions(this.#text).at(offset))
  }
}
