import { ElementBuilder, type RawText, type Tape } from '../../../xml/index.ts'

/** An element that was read from YAML. */
export interface ElementText {
  /** Its XML, laid out as the writer of XML does, so that it is copied in one piece. */
  readonly xml: RawText
  /** Its nodes; undefined where its XML has to be read to know them. */
  readonly nodes: Tape | undefined
  /** The line of each element in it, in document order, counted from 1. */
  readonly lines: Int32Array
  /** The languages that its labels are in. */
  readonly languages: ReadonlySet<string>
}

/** Without content an element ends in `/>`, but for these, as exports write them. */
const WITH_END_TAG = Buffer.from('RibbonTemplates')
const NIL = Buffer.from('xsi:nil')
const NAMESPACE = Buffer.from('xmlns:xsi')
const LANGUAGE = Buffer.from('languagecode')

/** Builds the XML of an element from the names and values that YAML gives in order; all are UTF-8. */
export class ElementTextBuilder {
  readonly #builder = new ElementBuilder()
  #languages = new Set<string>()
  /** Most labels are in the language of the one before. */
  #language = Buffer.alloc(0)
  #isLanguage = false

  /** @param level how deep the element stands in the document that it becomes a part of */
  begin(level: number): void {
    this.#builder.begin(level)
    this.#languages = new Set()
    this.#language = Buffer.alloc(0)
  }

  start(bytes: Uint8Array, from: number, to: number, line: number): void {
    this.#builder.start(bytes, from, to, line)
    if (isText(bytes, from, to, WITH_END_TAG)) this.#builder.keepEndTag()
  }

  /** Begins an attribute; false for one that is left out, with its value. */
  attribute(bytes: Uint8Array, from: number, to: number): boolean {
    // The root of a document declares it once for all, as in an archive.
    if (this.#builder.depth > 1 && isText(bytes, from, to, NAMESPACE)) return false
    if (isText(bytes, from, to, NIL)) this.#builder.keepEndTag()
    this.#isLanguage = isText(bytes, from, to, LANGUAGE)
    this.#builder.attribute(bytes, from, to)
    return true
  }

  value(bytes: Uint8Array, from: number, to: number): void {
    if (this.#isLanguage && !isText(bytes, from, to, this.#language)) {
      this.#language = Buffer.from(bytes.subarray(from, to))
      this.#languages.add(this.#language.toString())
    }
    this.#builder.value(bytes, from, to)
  }

  text(bytes: Uint8Array, from: number, to: number): void {
    this.#builder.text(bytes, from, to)
  }

  end(): void {
    this.#builder.end()
  }

  finish(): ElementText {
    return { ...this.#builder.finish(), languages: this.#languages }
  }
}

/** Whether the bytes from one offset to another are a text. */
export function isText(bytes: Uint8Array, from: number, to: number, text: Uint8Array): boolean {
  if (to - from !== text.length) return false
  for (let at = 0; at < text.length; at++) if (bytes[from + at] !== text[at]) return false
  return true
}
