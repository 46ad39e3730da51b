import { crc32 } from './crc32.ts'
import type { Deflater } from './deflater.ts'

/** The content of an entry as it stands in an archive. */
export interface CompressedContent {
  readonly isDeflated: boolean
  readonly crc: number
  /** Bytes of the content itself. */
  readonly size: number
  /** What is stored, one after the other. */
  readonly stored: readonly Uint8Array[]
}

/** Bytes that are deflated as one; a larger content is cut, so that threads can share it. */
const PIECE = 2 ** 19
/** How far deflate looks back. */
const WINDOW = 2 ** 15

/** From this size on a trial decides whether a content is worth being deflated. */
const TRIED_FROM = 2 ** 16
/** The trial takes samples of this size, from places that lie evenly in the content. */
const SAMPLE = 2 ** 12
const SAMPLES = 4
/** What is compressed already loses a hundredth at best, and XML nine tenths. */
const WORTHWHILE = 0.96

/**
 * Compresses the contents of archives. Whether one is deflated or stored, and to which bytes, depends on its bytes
 * alone.
 */
export class Compressor {
  readonly #deflater: Deflater

  private constructor(deflater: Deflater) {
    this.#deflater = deflater
  }

  /** What only compressing needs, threads too, is not loaded before. */
  static async open(): Promise<Compressor> {
    const { Deflater } = await import('./deflater.ts')
    return new Compressor(await Deflater.open())
  }

  async compress(bytes: Uint8Array): Promise<CompressedContent> {
    const crc = crc32(bytes)
    const asIs = { isDeflated: false, crc, size: bytes.length, stored: [bytes] }
    if (bytes.length === 0 || !this.#isWorthwhile(bytes)) return asIs
    const stream = this.stream()
    stream.push(bytes)
    const deflated = await stream.end()
    return lengthOf(deflated.stored) < bytes.length ? deflated : asIs
  }

  /** For a content that is made bit by bit; it is deflated in any case. */
  stream(): ContentStream {
    return new ContentStream(this.#deflater)
  }

  #isWorthwhile(bytes: Uint8Array): boolean {
    if (bytes.length < TRIED_FROM) return true
    const step = Math.floor((bytes.length - SAMPLE) / (SAMPLES - 1))
    const samples = Array.from({ length: SAMPLES }, (_, n) => bytes.subarray(n * step, n * step + SAMPLE))
    const trial = this.#deflater.deflateHere({ bytes: Buffer.concat(samples), before: 0, isLast: true })
    return trial.length < SAMPLE * SAMPLES * WORTHWHILE
  }

  /** Does what is left to do; nothing that was begun ends before. */
  async finish(): Promise<void> {
    await this.#deflater.finish()
  }

  async close(): Promise<void> {
    await this.#deflater.close()
  }
}

/** Takes a content in any bits, and cuts it at places of its own. */
export class ContentStream {
  readonly #deflater: Deflater
  readonly #pieces: Promise<Uint8Array>[] = []
  #pending: Uint8Array[] = []
  #pendingBytes = 0
  #window: Uint8Array = new Uint8Array()
  #crc = 0
  #size = 0

  constructor(deflater: Deflater) {
    this.#deflater = deflater
  }

  push(bytes: Uint8Array): void {
    this.#crc = crc32(bytes, this.#crc)
    this.#size += bytes.length
    let rest = bytes
    // A piece is cut off when more is there, since the last one ends in another way.
    while (this.#pendingBytes + rest.length > PIECE) {
      const length = PIECE - this.#pendingBytes
      this.#pending.push(rest.subarray(0, length))
      this.#cut(false)
      rest = rest.subarray(length)
    }
    if (rest.length === 0) return
    this.#pending.push(rest)
    this.#pendingBytes += rest.length
  }

  async end(): Promise<CompressedContent> {
    this.#cut(true)
    const stored = await Promise.all(this.#pieces)
    return { isDeflated: true, crc: this.#crc, size: this.#size, stored }
  }

  #cut(isLast: boolean): void {
    const [only] = this.#pending
    const isOne = this.#pending.length === 1 && this.#window.length === 0
    const bytes = (isOne ? only : undefined) ?? Buffer.concat([this.#window, ...this.#pending])
    this.#pieces.push(this.#deflater.deflate({ bytes, before: this.#window.length, isLast }))
    this.#window = bytes.subarray(Math.max(bytes.length - WINDOW, 0))
    this.#pending = []
    this.#pendingBytes = 0
  }
}

export function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((length, piece) => length + piece.length, 0)
}
