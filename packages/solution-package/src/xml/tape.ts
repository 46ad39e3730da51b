/** What a node is; the low bits of its entry in `kinds`. */
export const ELEMENT = 1
export const TEXT = 2
export const CDATA = 3
export const COMMENT = 4
export const INSTRUCTION = 5
export const KIND = 0x07
/** An element whose whole source is, but for its line ends and the indentation of it all, what the writer would write. */
export const PLAIN = 0x08
/** The source of the token is already what the writer would write. */
export const CANONICAL = 0x10
/** `<a/>` */
export const SELF_CLOSED = 0x20
/** An element without prefix for which a default namespace is in force: it has another name than it seems. */
export const FOREIGN = 0x40
/** `xml:space="preserve"` */
export const PRESERVE = 0x80

/**
 * The nodes of a document in document order, as numbers beside its text: some seventeen bytes a node, where a tree of
 * objects needs hundreds. A node's children follow it; `nexts` says where what follows the whole node begins.
 */
export class Tape {
  count = 0
  kinds: Uint8Array
  /** Offset of the token in the text. */
  starts: Int32Array
  /** Offset after the token; for an element after its start tag. */
  ends: Int32Array
  nexts: Int32Array
  /** Offset after the end tag of an element. */
  closes: Int32Array

  constructor(textLength: number, capacity = 64 + Math.floor(textLength / 36)) {
    const columns = columnsFor(capacity)
    this.kinds = columns.kinds
    this.starts = columns.starts
    this.ends = columns.ends
    this.nexts = columns.nexts
    this.closes = columns.closes
  }

  add(kind: number, start: number, end: number): number {
    const node = this.count
    if (node === this.kinds.length) this.#grow()
    this.kinds[node] = kind
    this.starts[node] = start
    this.ends[node] = end
    this.nexts[node] = node + 1
    this.closes[node] = end
    this.count = node + 1
    return node
  }

  mark(node: number, flag: number): void {
    this.kinds[node] = (this.kinds[node] ?? 0) | flag
  }

  /** Ends an element behind all that was added since. */
  close(node: number, end: number): void {
    this.nexts[node] = this.count
    this.closes[node] = end
  }

  /** Adds nodes of another document, whose text and whose nodes stand further on here. */
  append(other: Tape, from: number, to: number, textShift: number): void {
    const count = this.count + to - from
    if (count > this.kinds.length) this.#grow(count)
    const shift = this.count - from
    for (let node = from; node < to; node++) {
      const at = node + shift
      this.kinds[at] = other.kinds[node] ?? 0
      this.starts[at] = (other.starts[node] ?? 0) + textShift
      this.ends[at] = (other.ends[node] ?? 0) + textShift
      this.nexts[at] = (other.nexts[node] ?? 0) + shift
      this.closes[at] = (other.closes[node] ?? 0) + textShift
    }
    this.count = count
  }

  /** The same nodes, in no more memory than they need. */
  copy(): Tape {
    const copy = new Tape(0, this.count)
    copy.append(this, 0, this.count, 0)
    return copy
  }

  #grow(count = 0): void {
    const { kinds, starts, ends, nexts, closes } = columnsFor(Math.max(count, this.kinds.length * 2))
    kinds.set(this.kinds)
    starts.set(this.starts)
    ends.set(this.ends)
    nexts.set(this.nexts)
    closes.set(this.closes)
    Object.assign(this, { kinds, starts, ends, nexts, closes })
  }
}

/** In one piece of memory, since there may be thousands of small documents. */
function columnsFor(capacity: number) {
  const memory = new ArrayBuffer(17 * capacity)
  const numbers = (n: number): Int32Array => new Int32Array(memory, 4 * n * capacity, capacity)
  return {
    starts: numbers(0),
    ends: numbers(1),
    nexts: numbers(2),
    closes: numbers(3),
    kinds: new Uint8Array(memory, 16 * capacity, capacity),
  }
}
