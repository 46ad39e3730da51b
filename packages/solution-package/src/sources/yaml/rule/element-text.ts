import type { RawText } from '../../../xml/index.ts'
import { indented } from '../indentation.ts'

/** An element that was read from YAML. */
export interface ElementText {
  /** Its XML, laid out as the writer of XML does, so that it is copied in one piece. */
  readonly xml: RawText
  /** The line of each element in it, in document order, counted from 1. */
  readonly lines: readonly number[]
  /** The languages that its labels are in. */
  readonly languages: ReadonlySet<string>
}

const TAG = 0
const TEXT = 1
const CHILDREN = 2

/** Without content an element ends in `/>`, but for these, as exports write them. */
const WITH_END_TAG: ReadonlySet<RawText> = new Set(['RibbonTemplates'])

const NAMESPACE = '@xmlns:xsi'

/** Builds the XML of an element from the keys and values that YAML gives in order; all texts are raw. */
export class ElementTextBuilder {
  readonly lines: number[] = []
  readonly #languages = new Set<string>()
  readonly #level: number
  readonly #names: RawText[] = []
  readonly #states: number[] = []
  readonly #withEndTag: boolean[] = []
  #xml: RawText = ''
  /** While a tag is open, the element has no content yet. */
  #state = CHILDREN

  /** @param level how deep the element stands in the document that it becomes a part of */
  constructor(level: number) {
    this.#level = level
  }

  start(name: RawText, line: number): void {
    this.#begin()
    this.#xml += `<${name}`
    this.lines.push(line)
    this.#states.push(this.#state)
    this.#names.push(name)
    this.#withEndTag.push(WITH_END_TAG.has(name))
    this.#state = TAG
  }

  /** @param key with the `@` before the name */
  attribute(key: RawText, value: RawText): void {
    // The root of a document declares it once for all, as in an archive.
    if (key === NAMESPACE && this.#level + this.#names.length > 1) return
    if (key === '@languagecode') this.#languages.add(value)
    if (key === '@xsi:nil') this.#withEndTag[this.#withEndTag.length - 1] = true
    this.#xml += ` ${key.slice(1)}="${escapedAttribute(value)}"`
  }

  text(value: RawText): void {
    if (this.#state === TAG) this.#xml += '>'
    this.#state = TEXT
    this.#xml += escaped(value)
  }

  /** An element without attributes and children; with undefined for a value it is empty. */
  leaf(name: RawText, value: RawText | undefined, line: number): void {
    this.#begin()
    this.lines.push(line)
    this.#xml += value === undefined ? `<${name} />` : `<${name}>${escaped(value)}</${name}>`
  }

  end(): void {
    const name = this.#names.pop() ?? ''
    const withEndTag = this.#withEndTag.pop() === true
    if (this.#state === TAG) this.#xml += withEndTag ? `></${name}>` : ' />'
    else if (this.#state === TEXT) this.#xml += `</${name}>`
    else this.#xml += `${indented(this.#level + this.#names.length)}</${name}>`
    this.#state = this.#states.pop() ?? CHILDREN
  }

  finish(): ElementText {
    return { xml: this.#xml, lines: this.lines, languages: this.#languages }
  }

  #begin(): void {
    if (this.#state === TAG) this.#xml += '>'
    if (this.#state === TEXT) return
    this.#state = CHILDREN
    if (this.#names.length > 0) this.#xml += indented(this.#level + this.#names.length)
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
}

function escaped(value: RawText): RawText {
  return /[&<>]/.test(value) ? value.replace(/[&<>]/g, (character) => ESCAPES[character] ?? character) : value
}

function escapedAttribute(value: RawText): RawText {
  return /[&<>"\t\n\r]/.test(value)
    ? value.replace(/[&<>"\t\n\r]/g, (character) => ESCAPES[character] ?? character)
    : value
}
