import { isSpace } from './characters.ts'
import { decodeXml, encoded } from './decode.ts'
import { resolveDocumentType } from './document-type.ts'
import { attributeValue, normalizeLineEnds, textValue } from './escape.ts'
import { DEFAULT_LIMITS, type XmlLimits } from './limits.ts'
import { LinePositions, type Position } from './line-positions.ts'
import { fromRaw, rawBytes, type RawText, toRaw } from './raw-text.ts'
import { scan } from './scan.ts'
import * as tape from './tape.ts'
import { XmlError } from './xml-error.ts'

export interface XmlAttribute {
  readonly name: string
  readonly value: string
}

/** Where the elements of a document come from that was made of other files. */
export interface DocumentOrigin {
  /** @param ordinal of the element in document order, from 0 */
  fileOf(ordinal: number): string
  positionOf(ordinal: number): Position
}

/**
 * Reads a document that was made of other files, and is known to be well laid out.
 * @throws XmlError when it is not well-formed after all
 */
export function parseMade(raw: RawText, label: string, origin: DocumentOrigin): XmlDocument {
  const nodes = scan({ raw, bytes: rawBytes(raw) }, 0, label, DEFAULT_LIMITS)
  return new XmlDocument(label, raw, nodes, undefined, origin)
}

const DECLARATION =
  /^<\?xml\s+version\s*=\s*(?:"1\.0"|'1\.0')(?:\s+encoding\s*=\s*(?:"[A-Za-z][\w.-]*"|'[A-Za-z][\w.-]*'))?(?:\s+standalone\s*=\s*(?:"(yes|no)"|'(yes|no)'))?\s*\?>/

/**
 * Reads a document. Nothing is copied out of it: elements are views that look things up when they are asked.
 * @param label the file or archive part, for messages
 * @throws XmlError when it is not well-formed or exceeds a limit
 */
export function parseXml(bytes: Uint8Array, label: string, limits: Partial<XmlLimits> = {}): XmlDocument {
  const all = { ...DEFAULT_LIMITS, ...limits }
  let decoded = decodeXml(bytes, label)
  const { raw } = decoded
  if (raw === '') throw new XmlError(label, 'is empty')
  let from = 0
  let standalone: 'yes' | 'no' | undefined
  if (/^<\?xml\s/.test(raw)) {
    const declaration = DECLARATION.exec(raw)
    if (declaration === null)
      throw new XmlError(label, 'the XML declaration is not proper', { line: 1, column: 1 })
    from = declaration[0].length
    const stated = declaration[1] ?? declaration[2]
    standalone = stated === 'yes' || stated === 'no' ? stated : undefined
  }
  if (documentTypeAt(raw, from) >= 0) {
    const text = fromRaw(raw)
    const type = documentTypeAt(text, from)
    decoded = encoded(text.slice(0, type) + resolveDocumentType(text, type, label, all))
  }
  return new XmlDocument(label, decoded.raw, scan(decoded, from, label, all), standalone)
}

/** The offset of the document type, which only comments, instructions and white space may precede, or -1. */
function documentTypeAt(text: string, from: number): number {
  for (let at = from; ;) {
    while (isSpace(text.charCodeAt(at))) at++
    if (text.startsWith('<!DOCTYPE', at)) return at
    const end = text.startsWith('<!--', at) ? '-->' : text.startsWith('<?', at) ? '?>' : undefined
    const next = end === undefined ? -1 : text.indexOf(end, at + 2)
    if (end === undefined || next < 0) return -1
    at = next + end.length
  }
}

/** A document that was read: its raw text, and its nodes as numbers; all offsets are those of the raw text. */
export class XmlDocument {
  readonly label: string
  readonly raw: RawText
  readonly nodes: tape.Tape
  readonly standalone: 'yes' | 'no' | undefined
  readonly root: XmlElement
  /** Made when the first position is asked for; then every further one is cheap. */
  #positions: LinePositions | undefined
  readonly #origin: DocumentOrigin | undefined

  constructor(
    label: string,
    raw: RawText,
    nodes: tape.Tape,
    standalone: 'yes' | 'no' | undefined,
    origin?: DocumentOrigin,
  ) {
    this.#origin = origin
    this.label = label
    this.raw = raw
    this.nodes = nodes
    this.standalone = standalone
    let root = 0
    while (this.kind(root) !== tape.ELEMENT) root++
    this.root = new XmlElement(this, root)
  }

  kind(node: number): number {
    return (this.nodes.kinds[node] ?? 0) & tape.KIND
  }

  has(node: number, flag: number): boolean {
    return ((this.nodes.kinds[node] ?? 0) & flag) !== 0
  }

  start(node: number): number {
    return this.nodes.starts[node] ?? 0
  }

  end(node: number): number {
    return this.nodes.ends[node] ?? 0
  }

  elementAt(node: number): XmlElement {
    return new XmlElement(this, node)
  }

  /** The node that follows a node and all it contains. */
  next(node: number): number {
    return this.nodes.nexts[node] ?? this.nodes.count
  }

  /** The token as it stands in the raw text. */
  rawOf(node: number): RawText {
    return this.raw.slice(this.start(node), this.end(node))
  }

  /** The node with all that it contains, as it stands in the raw text. */
  sourceOf(node: number): RawText {
    return this.raw.slice(this.start(node), this.nodes.closes[node])
  }

  nameOf(node: number): string {
    return fromRaw(this.rawNameOf(node))
  }

  rawNameOf(node: number): RawText {
    const start = this.start(node) + 1
    let end = start
    for (let code = 0; !isSpace(code) && code !== 62 && code !== 47;) code = this.raw.charCodeAt(++end)
    return this.raw.slice(start, end)
  }

  /** Whether an element has this raw name and no namespace. */
  isNamed(node: number, name: RawText): boolean {
    const start = this.start(node) + 1
    if (!this.raw.startsWith(name, start) || this.has(node, tape.FOREIGN)) return false
    const code = this.raw.charCodeAt(start + name.length)
    return isSpace(code) || code === 62 || code === 47
  }

  /** @param only the raw name of the one that is asked for */
  attributesOf(node: number, only?: RawText): readonly XmlAttribute[] {
    const tag = this.rawOf(node)
    const found: XmlAttribute[] = []
    if (only !== undefined && !tag.includes(only)) return found
    if (this.has(node, tape.CANONICAL)) {
      for (let space = tag.indexOf(' '); ;) {
        const equals = tag.indexOf('="', space)
        if (equals < 0) return found
        const end = tag.indexOf('"', equals + 2)
        const name = tag.slice(space + 1, equals)
        if (only === undefined || name === only) found.push(attributeOf(name, tag.slice(equals + 2, end)))
        space = end + 1
      }
    }
    for (const [, name = '', double, single] of tag.matchAll(
      /([^ \t\r\n=<>"'/]+)[ \t\r\n]*=[ \t\r\n]*(?:"([^"]*)"|'([^']*)')/g,
    )) {
      if (only === undefined || name === only) found.push(attributeOf(name, double ?? single ?? ''))
    }
    return found
  }

  /** The value of a text or CDATA node. */
  textOf(node: number): string {
    const source = fromRaw(this.rawOf(node))
    return this.kind(node) === tape.CDATA ? normalizeLineEnds(source.slice(9, -3)) : textValue(source)
  }

  /** How many elements stand before one. */
  ordinalOf(node: number): number {
    let ordinal = 0
    for (let before = 0; before < node; before++) if (this.kind(before) === tape.ELEMENT) ordinal++
    return ordinal
  }

  /** The file that an element stands in. */
  fileOf(node: number): string {
    return this.#origin?.fileOf(this.ordinalOf(node)) ?? this.label
  }

  position(node: number): Position {
    if (this.#origin !== undefined) return this.#origin.positionOf(this.ordinalOf(node))
    this.#positions ??= new LinePositions(this.raw)
    return this.#positions.at(this.start(node))
  }
}

function attributeOf(name: RawText, value: RawText): XmlAttribute {
  return { name: fromRaw(name), value: attributeValue(fromRaw(value)) }
}

/** A view of an element of a document. */
export class XmlElement {
  readonly document: XmlDocument
  readonly node: number

  constructor(document: XmlDocument, node: number) {
    this.document = document
    this.node = node
  }

  /** The name as written, with its prefix. */
  get name(): string {
    return this.document.nameOf(this.node)
  }

  /** Whether the element has this name and no namespace. */
  is(name: string): boolean {
    return this.document.isNamed(this.node, toRaw(name))
  }

  /** Whether it and all in it is laid out as the writer does, but for line ends. */
  get isPlain(): boolean {
    return this.document.has(this.node, tape.PLAIN)
  }

  /** The same of its start tag alone. */
  get isPlainTag(): boolean {
    return this.document.has(this.node, tape.CANONICAL)
  }

  get attributes(): readonly XmlAttribute[] {
    return this.document.attributesOf(this.node)
  }

  attribute(name: string): string | undefined {
    return this.document.attributesOf(this.node, toRaw(name))[0]?.value
  }

  /** The child elements; with a name, those that have it and no namespace. */
  elements(name?: string): XmlElement[] {
    const { document } = this
    const end = document.next(this.node)
    const raw = name === undefined ? undefined : toRaw(name)
    const found: XmlElement[] = []
    for (let node = this.node + 1; node < end; node = document.next(node)) {
      if (document.kind(node) !== tape.ELEMENT) continue
      if (raw === undefined || document.isNamed(node, raw)) found.push(new XmlElement(document, node))
    }
    return found
  }

  element(name: string): XmlElement | undefined {
    const { document } = this
    const end = document.next(this.node)
    const raw = toRaw(name)
    for (let node = this.node + 1; node < end; node = document.next(node)) {
      if (document.kind(node) === tape.ELEMENT && document.isNamed(node, raw))
        return new XmlElement(document, node)
    }
    return undefined
  }

  /** All elements below, in document order; with a name, those that have it and no namespace. */
  descendants(name?: string): XmlElement[] {
    const { document } = this
    const end = document.next(this.node)
    const raw = name === undefined ? undefined : toRaw(name)
    const found: XmlElement[] = []
    // Most that is looked for in something large is not there, which a search in its text tells at once.
    if (raw !== undefined && !document.sourceOf(this.node).includes(raw)) return found
    for (let node = this.node + 1; node < end; node++) {
      if (document.kind(node) !== tape.ELEMENT) continue
      if (raw === undefined || document.isNamed(node, raw)) found.push(new XmlElement(document, node))
    }
    return found
  }

  /** Whether it is written `<a/>`. */
  get selfClosed(): boolean {
    return this.document.has(this.node, tape.SELF_CLOSED)
  }

  /** The kinds of the child nodes that are no elements, with their values. */
  otherNodes(): { readonly kind: 'text' | 'comment' | 'instruction'; readonly source: string }[] {
    const { document } = this
    const end = document.next(this.node)
    const found: { kind: 'text' | 'comment' | 'instruction'; source: string }[] = []
    for (let node = this.node + 1; node < end; node = document.next(node)) {
      const kind = document.kind(node)
      if (kind === tape.ELEMENT) continue
      const named = kind === tape.COMMENT ? 'comment' : kind === tape.INSTRUCTION ? 'instruction' : 'text'
      found.push({ kind: named, source: fromRaw(document.rawOf(node)) })
    }
    return found
  }

  /** All text in the element and below it. */
  get text(): string {
    const { document } = this
    const end = document.next(this.node)
    let text = ''
    for (let node = this.node + 1; node < end; node++) {
      const kind = document.kind(node)
      if (kind === tape.TEXT || kind === tape.CDATA) text += document.textOf(node)
    }
    return text
  }

  /** The whole element as it stands in the document. */
  get source(): string {
    return fromRaw(this.rawSource)
  }

  /** The same without being decoded, for comparing. */
  get rawSource(): RawText {
    return this.document.sourceOf(this.node)
  }

  /** Its start tag. */
  get rawTag(): RawText {
    return this.document.rawOf(this.node)
  }

  get position(): Position {
    return this.document.position(this.node)
  }

  /** The file that it stands in, for messages. */
  get file(): string {
    return this.document.fileOf(this.node)
  }
}
