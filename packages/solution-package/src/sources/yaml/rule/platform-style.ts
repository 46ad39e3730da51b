import { isUtf8 } from 'node:buffer'
import type { RawText } from '../../../xml/index.ts'
import { type ElementText, ElementTextBuilder } from './element-text.ts'
import { XSI } from './namespace.ts'

const SPACE = 32
const APOSTROPHE = 39
const DASH = 45
const COLON = 58

/** What a name of an element or attribute consists of, as far as solutions go. */
const NAME = /^[A-Za-z_][\w.-]*$/
const NIL = 'xsi:nil'
const XMLNS = 'xmlns:xsi'

/** Characters that begin no plain value, those of a sequence and of an explicit key among them. */
const NOT_PLAIN = /^(?:[\]{},#&*!|>%@`"[]|[?-](?: |$))|: |:$| #|^ | $/

/** What is in none of the platform's files: control characters and tabs, a mark of the byte order, what XML forbids. */
const UNUSUAL = /[^\n\r\u0020-\u007e\u0080-\u00ff]|^\u00ef\u00bb\u00bf|\u00ef\u00bf[\u00be\u00bf]|\r(?!\n)/

/** Levels of keys within keys; none seen is deeper than 30. */
const MOST_LEVELS = 200

interface Level {
  /** A mapping is an element; a sequence repeats elements of a name. */
  readonly isSequence: boolean
  readonly indent: number
  /** The name of the elements of a sequence. */
  readonly name: RawText
  /** The keys of a mapping. */
  readonly keys: Set<RawText>
  hasContent: boolean
}

/**
 * Reads a file in the style that the platform writes: one line a key, values plain or in single quotes. It is what
 * nearly all files are in, and this takes a small part of the time that a reader of all of YAML takes.
 *
 * @param level how deep the element stands in the document that it becomes a part of
 * @returns undefined for anything else, be it another style or an error; then the reader of all styles is asked
 */
export function readPlatformStyle(bytes: Uint8Array, level: number): ElementText | undefined {
  if (!isUtf8(bytes)) return undefined
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  return UNUSUAL.test(text) ? undefined : new Reader(text, level).read()
}

class Reader {
  readonly #text: RawText
  readonly #builder: ElementTextBuilder
  readonly #levels: Level[] = []
  /** A key without a value yet: what follows it says whether it has one. */
  #pending: { readonly key: RawText; readonly indent: number; readonly line: number } | undefined
  #top: Level | undefined

  constructor(text: RawText, level: number) {
    this.#text = text
    this.#builder = new ElementTextBuilder(level)
  }

  read(): ElementText | undefined {
    const text = this.#text
    let line = 0
    let hasRoot = false
    for (let at = 0; at < text.length;) {
      line++
      let end = text.indexOf('\n', at)
      if (end < 0) end = text.length
      const next = end + 1
      if (end > at && text.charCodeAt(end - 1) === 13) end--
      let from = at
      while (text.charCodeAt(from) === SPACE && from < end) from++
      if (from === end) return undefined
      if (from === at) {
        if (hasRoot || text.charCodeAt(from) === DASH) return undefined
        hasRoot = true
      }
      if (!this.#line(from, end, from - at, line)) return undefined
      at = next
    }
    if (!hasRoot) return undefined
    this.#settle()
    this.#closeTo(-1)
    return this.#builder.finish()
  }

  /** Takes a line; false when it is not of the platform's style. */
  #line(start: number, end: number, indentation: number, line: number): boolean {
    const text = this.#text
    let from = start
    let indent = indentation
    let isItem = false
    while (text.charCodeAt(from) === DASH && text.charCodeAt(from + 1) === SPACE) {
      // A sequence directly in a sequence has no meaning.
      if (isItem || !this.#item(indent)) return false
      isItem = true
      from += 2
      indent += 2
    }
    const keyEnd = this.#keyEnd(from, end)
    if (keyEnd < 0) return isItem && this.#itemValue(text.slice(from, end), line)
    const isQuoted = text.charCodeAt(from) === APOSTROPHE
    const key = isQuoted ? text.slice(from + 1, keyEnd - 1) : text.slice(from, keyEnd)
    if (!isQuoted && !NAME.test(key)) return false
    if (isItem) {
      const { name = '' } = this.#top ?? {}
      this.#builder.start(name, line)
      this.#push({ isSequence: false, indent, name, keys: new Set(), hasContent: false })
    } else if (!this.#mapping(indent)) return false
    return this.#entry(key, text.slice(keyEnd + 1, end), indent, line)
  }

  /** The offset of the colon after a key that begins here, or -1. */
  #keyEnd(from: number, end: number): number {
    const text = this.#text
    const close =
      text.charCodeAt(from) === APOSTROPHE ? text.indexOf("'", from + 1) + 1 : text.indexOf(':', from)
    if (close <= from || close >= end || text.charCodeAt(close) !== COLON) return -1
    return close + 1 === end || text.charCodeAt(close + 1) === SPACE ? close : -1
  }

  /** A dash: another element of the sequence that is open here, or the first one of what the last key repeats. */
  #item(indent: number): boolean {
    const pending = this.#pending
    if (pending !== undefined && indent >= pending.indent) {
      if (pending.key.startsWith('@') || pending.key.startsWith('#') || this.#levels.length === 0)
        return false
      this.#pending = undefined
      this.#push({ isSequence: true, indent, name: pending.key, keys: new Set(), hasContent: false })
      return true
    }
    this.#settle()
    while (this.#top !== undefined && this.#top.indent > indent) this.#pop()
    // A sequence may stand at the indentation of the mapping around it.
    return this.#top?.isSequence === true && this.#top.indent === indent
  }

  #itemValue(value: RawText, line: number): boolean {
    const name = this.#top?.name ?? ''
    const scalar = value === '' ? undefined : scalarOf(value)
    if (scalar === NOT_OURS) return false
    this.#builder.leaf(name, scalar, line)
    return true
  }

  /** A line with a key: in the mapping that is open at its indentation, or the first one of what the last key holds. */
  #mapping(indent: number): boolean {
    const pending = this.#pending
    if (pending !== undefined && indent > pending.indent) {
      if (pending.key.startsWith('@') || pending.key.startsWith('#')) return false
      this.#pending = undefined
      this.#builder.start(pending.key, pending.line)
      this.#push({ isSequence: false, indent, name: pending.key, keys: new Set(), hasContent: false })
      return this.#levels.length <= MOST_LEVELS
    }
    this.#settle()
    if (indent === 0) return this.#levels.length === 0
    while (this.#top !== undefined && (this.#top.indent > indent || this.#top.isSequence)) this.#pop()
    return this.#top?.indent === indent
  }

  #entry(key: RawText, rest: RawText, indent: number, line: number): boolean {
    const level = this.#top
    if (level !== undefined) {
      if (level.keys.has(key)) return false
      level.keys.add(key)
    }
    const isAttribute = key.startsWith('@')
    const name = isAttribute ? key.slice(1) : key
    const isText = key === '#text'
    if (!isText && !NAME.test(name) && !(isAttribute && (name === NIL || name === XMLNS))) return false
    if (rest === '' || rest === ' ') {
      if (isText || isAttribute) return false
      this.#pending = { key, indent, line }
    } else {
      const value = scalarOf(rest.slice(1))
      if (value === NOT_OURS || level === undefined) return false
      if (isAttribute) {
        if (level.hasContent || (name === XMLNS && value !== XSI)) return false
        this.#builder.attribute(key, value)
        return true
      }
      if (isText && level.hasContent) return false
      if (isText) this.#builder.text(value)
      else this.#builder.leaf(key, value, line)
    }
    if (level !== undefined) {
      if (level.keys.has('#text') && !isText) return false
      level.hasContent = true
    }
    return true
  }

  /** A key without anything is an empty element. */
  #settle(): void {
    const pending = this.#pending
    if (pending === undefined) return
    this.#pending = undefined
    this.#builder.leaf(pending.key, undefined, pending.line)
  }

  #push(level: Level): void {
    this.#levels.push(level)
    this.#top = level
  }

  #pop(): void {
    if (this.#levels.pop()?.isSequence === false) this.#builder.end()
    this.#top = this.#levels.at(-1)
  }

  #closeTo(indent: number): void {
    while (this.#top !== undefined && this.#top.indent > indent) this.#pop()
  }
}

const NOT_OURS = '\u{0}'

/** The value of a plain or single-quoted scalar on one line. */
function scalarOf(text: RawText): RawText {
  if (text.charCodeAt(0) !== APOSTROPHE) return NOT_PLAIN.test(text) ? NOT_OURS : text
  if (!/^'(?:[^']|'')*'$/.test(text)) return NOT_OURS
  return text.slice(1, -1).replaceAll("''", "'")
}
