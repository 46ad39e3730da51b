import { type CopiedElement, parseMade, XmlDocument, type XmlElement } from '../../xml/index.ts'
import type { ElementText } from './rule/element-text.ts'
import { XSI } from './rule/namespace.ts'
import { TextOrigin } from './text-origin.ts'

const START = `<yaml xmlns:xsi="${XSI}">`

/** A file of the source that was read as the element that it holds. */
export class YamlFile {
  readonly path: string
  readonly text: ElementText
  readonly #read: (path: string) => Uint8Array
  #copied: CopiedElement | undefined

  constructor(path: string, text: ElementText, read: (path: string) => Uint8Array) {
    this.path = path
    this.text = text
    this.#read = read
  }

  /** The element, in a document of its own. */
  get element(): XmlElement {
    return this.copied.element
  }

  /** The same, to be put into another document. */
  get copied(): CopiedElement {
    this.#copied ??= this.text.nodes === undefined ? this.#parsed() : this.#made(this.text.nodes)
    return this.#copied
  }

  #made(nodes: NonNullable<ElementText['nodes']>): CopiedElement {
    const { path: file, text } = this
    const origin = new TextOrigin([{ file, lines: text.lines }], this.#read)
    const document = new XmlDocument(file, text.xml, nodes, undefined, origin)
    return { element: document.root, file, lines: text.lines, isMade: true }
  }

  #parsed(): CopiedElement {
    const { path: file, text } = this
    const lines = [1, ...text.lines]
    const origin = new TextOrigin([{ file, lines }], this.#read)
    const { root } = parseMade(`${START}${text.xml}</yaml>`, file, origin)
    const [element = root] = root.elements()
    return { element, file, lines, isMade: false }
  }

  /** The name of the element. */
  get name(): string {
    return /^<([^\s/>]+)/.exec(this.text.xml)?.[1] ?? ''
  }
}
