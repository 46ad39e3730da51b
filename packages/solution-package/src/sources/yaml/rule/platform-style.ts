import { isUtf8 } from 'node:buffer'
import { type ElementText, ElementTextBuilder, isText } from './element-text.ts'
import { XSI } from './namespace.ts'

const [LINE_FEED, RETURN, SPACE, HASH, APOSTROPHE, DASH, COLON, QUESTION, AT] = [
  10, 13, 32, 35, 39, 45, 58, 63, 64,
]

/** What bytes are; one that is nothing ends a value, or is in none of the platform's files. */
const NAME = 1
const NAME_START = 2
/** What needs no look in a plain value, and in one in quotes. */
const PLAIN = 4
const QUOTED = 8
/** What begins no plain value; those of a sequence and of an explicit key are looked at with what follows. */
const INDICATOR = 16

const CLASSES = new Uint8Array(256)
for (let code = 0; code < 256; code++) {
  const character = String.fromCharCode(code)
  let classes = 0
  if (/[\w.-]/.test(character)) classes |= NAME
  if (/[A-Za-z_]/.test(character)) classes |= NAME_START
  // Control characters are in no file, and what XML does not allow begins with 0xEF.
  if (code >= 32 && code !== 127 && code !== 0xef) {
    if (code !== COLON && code !== HASH) classes |= PLAIN
    if (code !== APOSTROPHE) classes |= QUOTED
  }
  if (']{},#&*!|>%@`"[\''.includes(character)) classes |= INDICATOR
  CLASSES[code] = classes
}

/** Levels of keys within keys; none seen is deeper than 30. */
const MOST_LEVELS = 200
/** Keys beside each other, each of which is compared with all; none seen has more than 120. */
const MOST_KEYS = 500
/** YAML ends a key on one line at 1024 characters; none seen has more than 60. */
const MOST_OF_A_KEY = 1000

/** What a key stands for. */
const ELEMENT = 0
const ATTRIBUTE = 1
const OWN_TEXT = 2
const NOTHING = -1

const NIL = Buffer.from('xsi:nil')
const XMLNS = Buffer.from('xmlns:xsi')
const DEFAULT_XMLNS = Buffer.from('xmlns')
const NAMESPACE = Buffer.from(XSI)
const TEXT = Buffer.from('#text')

interface Level {
  /** A mapping is an element; a sequence repeats elements of a name. */
  isSequence: boolean
  indent: number
  /** Where the name of the elements of a sequence stands. */
  nameFrom: number
  nameTo: number
  /** How many keys were read when it began. */
  firstKey: number
  hasContent: boolean
  hasText: boolean
}

/**
 * Reads a file in the style that the platform writes: one line a key, values plain or in single quotes. It is what
 * nearly all files are in, and this takes a small part of the time that a reader of all of YAML takes.
 *
 * @param level how deep the element stands in the document that it becomes a part of
 * @returns undefined for anything else, be it another style or an error; then the reader of all styles is asked
 */
export function readPlatformStyle(bytes: Uint8Array, level: number): ElementText | undefined {
  return isUtf8(bytes) ? reader.read(bytes, level) : undefined
}

class Reader {
  #bytes: Uint8Array = new Uint8Array()
  readonly #builder = new ElementTextBuilder()
  /** Those that were closed are used again. */
  readonly #levels: Level[] = []
  #depth = 0
  /** Of the keys of all open mappings: a number that equal ones have in common, and where each begins and ends. */
  #keys = new Int32Array(300)
  #keyCount = 0
  /** A key without a value yet: what follows it says whether it has one. */
  #hasPending = false
  #pendingFrom = 0
  #pendingTo = 0
  #pendingIndent = 0
  #pendingLine = 0

  read(bytes: Uint8Array, level: number): ElementText | undefined {
    this.#bytes = bytes
    this.#depth = 0
    this.#keyCount = 0
    this.#hasPending = false
    this.#builder.begin(level)
    let hasRoot = false
    for (let at = 0, line = 1; at < bytes.length; line++) {
      let from = at
      while (bytes[from] === SPACE) from++
      if (from === at) {
        if (hasRoot || bytes[from] === DASH) return undefined
        hasRoot = true
      }
      at = this.#line(from, from - at, line)
      if (at < 0) return undefined
    }
    if (!hasRoot) return undefined
    this.#settle()
    while (this.#depth > 0) this.#pop()
    return this.#builder.finish()
  }

  /** Takes a line, and gives the offset of the next one; -1 when it is not of the platform's style. */
  #line(start: number, indentation: number, line: number): number {
    const bytes = this.#bytes
    let from = start
    let indent = indentation
    const isItem = bytes[from] === DASH && bytes[from + 1] === SPACE
    if (isItem) {
      if (!this.#item(indent)) return -1
      from += 2
      indent += 2
      // A sequence directly in a sequence has no meaning.
      if (bytes[from] === DASH && bytes[from + 1] === SPACE) return -1
    }
    const isQuoted = bytes[from] === APOSTROPHE
    const keyFrom = isQuoted ? from + 1 : from
    const isAttribute = isQuoted && bytes[keyFrom] === AT
    const nameFrom = isAttribute ? keyFrom + 1 : keyFrom
    let keyTo = nameFrom
    let number = isAttribute ? 1 : 0
    for (let code = bytes[keyTo] ?? 0; ((CLASSES[code] ?? 0) & NAME) !== 0; code = bytes[++keyTo] ?? 0)
      number = (Math.imul(number, 31) + code) | 0
    let kind = isAttribute ? ATTRIBUTE : ELEMENT
    if (isQuoted && bytes[keyTo] !== APOSTROPHE) {
      keyTo = bytes.indexOf(APOSTROPHE, keyTo)
      kind = isAttribute ? this.#prefixed(nameFrom, keyTo) : this.#ownText(keyFrom, keyTo)
      number = kind
    } else if (((CLASSES[bytes[nameFrom] ?? 0] ?? 0) & NAME_START) === 0) kind = NOTHING
    // It would give all names in it another meaning.
    else if (isAttribute && isText(bytes, nameFrom, keyTo, DEFAULT_XMLNS)) kind = NOTHING
    const colon = isQuoted ? keyTo + 1 : keyTo
    const isKey = bytes[colon] === COLON && (bytes[colon + 1] === SPACE || this.#isLineEnd(colon + 1))
    if (!isKey || keyTo < 0) return isItem ? this.#itemValue(from, line) : -1
    if (kind === NOTHING || keyTo - keyFrom > MOST_OF_A_KEY) return -1
    if (isItem) {
      const top = this.#levels[this.#depth - 1]
      if (top === undefined) return -1
      this.#builder.start(bytes, top.nameFrom, top.nameTo, line)
      if (!this.#push(false, indent, top.nameFrom, top.nameTo)) return -1
    } else if (!this.#mapping(indent)) return -1
    const level = this.#depth === 0 ? undefined : this.#levels[this.#depth - 1]
    if (level !== undefined && !this.#addKey(level, keyFrom, keyTo, number)) return -1
    const valueFrom = bytes[colon + 1] === SPACE ? colon + 2 : colon + 1
    if (this.#isLineEnd(valueFrom)) {
      if (kind !== ELEMENT || level?.hasText === true) return -1
      if (level !== undefined) level.hasContent = true
      this.#hasPending = true
      this.#pendingFrom = keyFrom
      this.#pendingTo = keyTo
      this.#pendingIndent = indent
      this.#pendingLine = line
      return this.#afterLineEnd(valueFrom)
    }
    if (level === undefined || level.hasText) return -1
    if (kind === ATTRIBUTE) return level.hasContent ? -1 : this.#attribute(nameFrom, keyTo, valueFrom)
    if (kind === OWN_TEXT && level.hasContent) return -1
    level.hasContent = true
    level.hasText = kind === OWN_TEXT
    return kind === OWN_TEXT ? this.#ownTextValue(valueFrom) : this.#leaf(keyFrom, keyTo, valueFrom, line)
  }

  /** The attributes with a prefix that there are. */
  #prefixed(from: number, to: number): number {
    const isKnown = isText(this.#bytes, from, to, NIL) || isText(this.#bytes, from, to, XMLNS)
    return isKnown ? ATTRIBUTE : NOTHING
  }

  #ownText(from: number, to: number): number {
    return isText(this.#bytes, from, to, TEXT) ? OWN_TEXT : NOTHING
  }

  #isLineEnd(at: number): boolean {
    const code = this.#bytes[at]
    return code === LINE_FEED || code === undefined || (code === RETURN && this.#bytes[at + 1] === LINE_FEED)
  }

  /** The offset after a line end. */
  #afterLineEnd(at: number): number {
    return this.#bytes[at] === RETURN ? at + 2 : at + 1
  }

  /** A dash: another element of the sequence that is open here, or the first one of what the last key repeats. */
  #item(indent: number): boolean {
    if (this.#hasPending && indent >= this.#pendingIndent) {
      if (this.#depth === 0) return false
      this.#hasPending = false
      return this.#push(true, indent, this.#pendingFrom, this.#pendingTo)
    }
    this.#settle()
    let top = this.#levels[this.#depth - 1]
    while (this.#depth > 0 && top !== undefined && top.indent > indent) {
      this.#pop()
      top = this.#levels[this.#depth - 1]
    }
    // A sequence may stand at the indentation of the mapping around it.
    return this.#depth > 0 && top?.isSequence === true && top.indent === indent
  }

  #itemValue(from: number, line: number): number {
    const { nameFrom = 0, nameTo = 0 } = this.#levels[this.#depth - 1] ?? {}
    if (this.#isLineEnd(from)) {
      this.#builder.start(this.#bytes, nameFrom, nameTo, line)
      this.#builder.end()
      return this.#afterLineEnd(from)
    }
    return this.#leaf(nameFrom, nameTo, from, line)
  }

  /** An element with text alone. */
  #leaf(nameFrom: number, nameTo: number, from: number, line: number): number {
    const end = this.#scalarEnd(from)
    if (end < 0) return -1
    this.#builder.start(this.#bytes, nameFrom, nameTo, line)
    this.#text(from, end)
    this.#builder.end()
    return this.#afterLineEnd(end)
  }

  /** A line with a key: in the mapping that is open at its indentation, or the first one of what the last key holds. */
  #mapping(indent: number): boolean {
    if (this.#hasPending && indent > this.#pendingIndent) {
      this.#hasPending = false
      this.#builder.start(this.#bytes, this.#pendingFrom, this.#pendingTo, this.#pendingLine)
      return this.#push(false, indent, this.#pendingFrom, this.#pendingTo) && this.#depth <= MOST_LEVELS
    }
    this.#settle()
    if (indent === 0) return this.#depth === 0
    let top = this.#levels[this.#depth - 1]
    while (this.#depth > 0 && top !== undefined && (top.indent > indent || top.isSequence)) {
      this.#pop()
      top = this.#levels[this.#depth - 1]
    }
    return this.#depth > 0 && top?.indent === indent
  }

  #ownTextValue(from: number): number {
    const end = this.#scalarEnd(from)
    if (end < 0) return -1
    this.#text(from, end)
    return this.#afterLineEnd(end)
  }

  #attribute(nameFrom: number, nameTo: number, from: number): number {
    const bytes = this.#bytes
    const end = this.#scalarEnd(from)
    if (end < 0) return -1
    if (isText(bytes, nameFrom, nameTo, XMLNS) && !isText(bytes, from, end, NAMESPACE)) return -1
    if (this.#builder.attribute(bytes, nameFrom, nameTo)) {
      if (bytes[from] !== APOSTROPHE) this.#builder.value(bytes, from, end)
      else {
        const value = this.#unquoted(from, end)
        if (value === undefined) this.#builder.value(bytes, from + 1, end - 1)
        else this.#builder.value(value, 0, value.length)
      }
    }
    return this.#afterLineEnd(end)
  }

  #text(from: number, end: number): void {
    const bytes = this.#bytes
    if (bytes[from] !== APOSTROPHE) return this.#builder.text(bytes, from, end)
    const value = this.#unquoted(from, end)
    if (value === undefined) this.#builder.text(bytes, from + 1, end - 1)
    else this.#builder.text(value, 0, value.length)
  }

  /** A value in quotes that has quotes in it, twice each; undefined where it has none. */
  #unquoted(from: number, end: number): Uint8Array | undefined {
    const inner = this.#bytes.subarray(from + 1, end - 1)
    if (!inner.includes(APOSTROPHE)) return undefined
    return Buffer.from(Buffer.from(inner).toString('latin1').replaceAll("''", "'"), 'latin1')
  }

  /** The offset of the line end after a plain or single-quoted scalar on one line; -1 for anything else. */
  #scalarEnd(from: number): number {
    const bytes = this.#bytes
    const first = bytes[from] ?? 0
    if (first === APOSTROPHE) return this.#quotedEnd(from)
    if (((CLASSES[first] ?? 0) & INDICATOR) !== 0 || first === SPACE) return -1
    const isAlone = bytes[from + 1] === SPACE || this.#isLineEnd(from + 1)
    if ((first === DASH || first === QUESTION) && isAlone) return -1
    for (let at = from; ; at++) {
      while (((CLASSES[bytes[at] ?? 0] ?? 0) & PLAIN) !== 0) at++
      if (this.#isLineEnd(at)) return bytes[at - 1] === SPACE ? -1 : at
      const code = bytes[at]
      if (code === COLON) {
        if (bytes[at + 1] === SPACE || this.#isLineEnd(at + 1)) return -1
      } else if (code === HASH) {
        if (bytes[at - 1] === SPACE) return -1
      } else if (!this.#isAllowed(at)) return -1
    }
  }

  #quotedEnd(from: number): number {
    const bytes = this.#bytes
    let hasOther = false
    for (let at = from + 1; ; at++) {
      while (((CLASSES[bytes[at] ?? 0] ?? 0) & QUOTED) !== 0) {
        hasOther ||= bytes[at] !== SPACE
        at++
      }
      if (bytes[at] !== APOSTROPHE) {
        if (!this.#isAllowed(at)) return -1
        hasOther = true
      } else if (bytes[at + 1] === APOSTROPHE) {
        hasOther = true
        at++
      } else {
        // White space alone is lost in XML, so it is not laid out as it is.
        if (!hasOther && at > from + 1) return -1
        return this.#isLineEnd(at + 1) ? at + 1 : -1
      }
    }
  }

  /** Whether a character that begins with 0xEF can stand in XML. */
  #isAllowed(at: number): boolean {
    const bytes = this.#bytes
    return bytes[at] === 0xef && !(bytes[at + 1] === 0xbf && (bytes[at + 2] ?? 0) >= 0xbe)
  }

  /**
   * Notes a key of a mapping; false when the mapping has it already.
   * @param number the same for equal keys
   */
  #addKey(level: Level, from: number, to: number, number: number): boolean {
    const count = this.#keyCount
    if (count - level.firstKey > MOST_KEYS) return false
    let keys = this.#keys
    for (let key = 3 * level.firstKey; key < 3 * count; key += 3) {
      if (keys[key] === number && this.#isSame(keys[key + 1] ?? 0, keys[key + 2] ?? 0, from, to)) return false
    }
    if (3 * count + 3 > keys.length) {
      keys = new Int32Array(2 * keys.length)
      keys.set(this.#keys)
      this.#keys = keys
    }
    keys[3 * count] = number
    keys[3 * count + 1] = from
    keys[3 * count + 2] = to
    this.#keyCount = count + 1
    return true
  }

  #isSame(from: number, to: number, otherFrom: number, otherTo: number): boolean {
    return isText(this.#bytes, from, to, this.#bytes.subarray(otherFrom, otherTo))
  }

  /** A key without anything is an empty element. */
  #settle(): void {
    if (!this.#hasPending) return
    this.#hasPending = false
    this.#builder.start(this.#bytes, this.#pendingFrom, this.#pendingTo, this.#pendingLine)
    this.#builder.end()
  }

  #push(isSequence: boolean, indent: number, nameFrom: number, nameTo: number): boolean {
    const level = (this.#levels[this.#depth] ??= {
      isSequence,
      indent,
      nameFrom,
      nameTo,
      firstKey: 0,
      hasContent: false,
      hasText: false,
    })
    level.isSequence = isSequence
    level.indent = indent
    level.nameFrom = nameFrom
    level.nameTo = nameTo
    level.firstKey = this.#keyCount
    level.hasContent = false
    level.hasText = false
    this.#depth++
    return this.#depth <= 2 * MOST_LEVELS
  }

  #pop(): void {
    this.#depth--
    const level = this.#levels[this.#depth]
    if (level === undefined) return
    this.#keyCount = level.firstKey
    if (!level.isSequence) this.#builder.end()
  }
}

/** One for all files, which are read one after the other: its memory is used again. */
const reader = new Reader()
