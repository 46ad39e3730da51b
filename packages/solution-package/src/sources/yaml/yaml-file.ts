import { parseMade, type XmlDocument, type XmlElement } from '../../xml/index.ts'
import type { ElementText } from './rule/element-text.ts'
import { XSI } from './rule/namespace.ts'
import { TextOrigin } from './sourced-text.ts'

const START = `<yaml xmlns:xsi="${XSI}">`

/** A file of the source that was read as the element that it holds. */
export class YamlFile {
  readonly path: string
  readonly text: ElementText
  readonly #read: (path: string) => Uint8Array
  #document: XmlDocument | undefined

  constructor(path: string, text: ElementText, read: (path: string) => Uint8Array) {
    this.path = path
    this.text = text
    this.#read = read
  }

  /** The element, in a document of its own around it. */
  get element(): XmlElement {
    this.#document ??= parseMade(
      `${START}${this.text.xml}</yaml>`,
      this.path,
      new TextOrigin([{ file: this.path, lines: this.lines }], this.#read),
    )
    const [element] = this.#document.root.elements()
    return element ?? this.#document.root
  }

  /** The lines of the elements of that document. */
  get lines(): readonly number[] {
    return [1, ...this.text.lines]
  }

  /** The name of the element. */
  get name(): string {
    return /^<([^\s/>]+)/.exec(this.text.xml)?.[1] ?? ''
  }
}
