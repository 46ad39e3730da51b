const XML = 'http://www.w3.org/XML/1998/namespace'
const XMLNS = 'http://www.w3.org/2000/xmlns/'

interface Frame {
  readonly depth: number
  readonly previous: (readonly [prefix: string, uri: string | undefined])[]
}

/** The prefixes in force while a document is scanned; the default namespace has the empty prefix. */
export class NamespaceScope {
  readonly #bindings = new Map<string, string>([
    ['xml', XML],
    ['xmlns', XMLNS],
  ])
  readonly #frames: Frame[] = []
  /** The depth of the last of them, or -1. */
  #lastDepth = -1
  #hasDefault = false

  get hasDefault(): boolean {
    return this.#hasDefault
  }

  uri(prefix: string): string | undefined {
    return this.#bindings.get(prefix)
  }

  /** Puts a declaration in force for the element at `depth`. Returns what is wrong with it, if anything. */
  declare(depth: number, prefix: string, uri: string): string | undefined {
    if (prefix === 'xmlns') return "the prefix 'xmlns' cannot be declared"
    if ((prefix === 'xml') !== (uri === XML)) return "the prefix 'xml' and its namespace belong to each other"
    if (uri === XMLNS) return "the namespace of 'xmlns' cannot be declared"
    if (prefix !== '' && uri === '') return `the prefix '${prefix}' is declared without a namespace`
    let frame = this.#frames.at(-1)
    if (frame?.depth !== depth) {
      frame = { depth, previous: [] }
      this.#frames.push(frame)
      this.#lastDepth = depth
    }
    frame.previous.push([prefix, this.#bindings.get(prefix)])
    this.#bind(prefix, uri)
    return undefined
  }

  /** Ends the element at `depth`. */
  leave(depth: number): void {
    if (depth !== this.#lastDepth) return
    const frame = this.#frames.pop()
    this.#lastDepth = this.#frames.at(-1)?.depth ?? -1
    for (const [prefix, uri] of frame?.previous.toReversed() ?? []) this.#bind(prefix, uri)
  }

  #bind(prefix: string, uri: string | undefined): void {
    if (uri === undefined) this.#bindings.delete(prefix)
    else this.#bindings.set(prefix, uri)
    if (prefix === '') this.#hasDefault = (uri ?? '') !== ''
  }
}
