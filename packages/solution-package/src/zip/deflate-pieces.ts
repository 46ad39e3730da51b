import { Deflate, deflateSync } from 'fflate'

// By JavaScript, since the output of zlib differs between its versions. Another level, or table, would change the bytes
// of every archive. The table of what was seen has 2^15 places: fflate gives large contents 2^20, which takes 2 MB and
// a seventh more time, and makes nothing smaller.
const options = { level: 6, mem: 3 } as const
/** For contents of at most so many bytes fflate takes a smaller table by itself. */
const SMALL = 22_000
const optionsOfSmall = { level: 6 } as const

/** A part of a content, to be deflated apart from the others; the parts one after the other are one deflated stream. */
export interface Piece {
  /** The part itself, after as much as is looked back upon of what comes before it. */
  readonly bytes: Uint8Array
  /** How many bytes that is. */
  readonly before: number
  readonly isLast: boolean
}

/** Many pieces as one message between threads. */
export interface Batch {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly pieces: readonly { readonly length: number; readonly before: number; readonly isLast: boolean }[]
}

/** What became of each piece of a batch, one after the other. */
export interface DeflatedBatch {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly lengths: readonly number[]
}

export function deflatePiece({ bytes, before, isLast }: Piece): Uint8Array {
  if (isLast && before === 0) return deflateSync(bytes, bytes.length <= SMALL ? optionsOfSmall : options)
  const chunks: Uint8Array[] = []
  const stream = new Deflate({ ...options, dictionary: bytes.subarray(0, before) }, (chunk) => {
    chunks.push(chunk)
  })
  stream.push(bytes.subarray(before), isLast)
  if (isLast) return joined(chunks)
  // All that is left, and then an empty last block, which is made one that is not the last. (`flush(true)` of fflate
  // 0.8.3 does not: it writes a byte too many in one of five cases.)
  stream.flush()
  stream.push(new Uint8Array(), true)
  return continued(joined(chunks))
}

/**
 * Makes the empty last block of a deflated stream an empty stored one that is followed by others, at a whole byte
 * (RFC 1951, 3.2.3 to 3.2.6). An empty last block is three bits, 1 1 0, and the code of seven zeros that ends it, so the
 * last bits that are set in the stream are its head.
 */
function continued(deflated: Uint8Array): Uint8Array {
  let at = deflated.length - 1
  while (at > 0 && deflated[at] === 0) at -= 1
  const byte = deflated[at] ?? 0
  const type = 31 - Math.clz32(byte)
  // The mark of the last block stands before it, maybe in the byte before.
  const head = at * 8 + type - 1
  const end = Math.ceil((head + 3) / 8)
  const result = new Uint8Array(end + 4)
  result.set(deflated.subarray(0, Math.min(end, at + 1)))
  for (const bit of [head, head + 1]) result[bit >> 3] = (result[bit >> 3] ?? 0) & ~(1 << (bit & 7))
  // The length of a stored block, and its complement.
  result.set([0, 0, 0xff, 0xff], end)
  return result
}

export function deflateBatch({ bytes, pieces }: Batch): DeflatedBatch {
  let at = 0
  const deflated = pieces.map(({ length, ...piece }) =>
    deflatePiece({ ...piece, bytes: bytes.subarray(at, (at += length)) }),
  )
  return { bytes: joined(deflated), lengths: deflated.map(({ length }) => length) }
}

/** In a buffer of its own, which can be given to another thread. */
export function joined(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
