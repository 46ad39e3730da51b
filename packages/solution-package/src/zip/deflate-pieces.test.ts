import { inflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { deflateBatch, deflatePiece, joined } from './deflate-pieces.ts'

/** Text that repeats itself here and there, noise, and runs of one byte, as archives hold them. */
const content = fc
  .array(
    fc.oneof(
      fc.record({ text: fc.string({ minLength: 1, maxLength: 40 }), times: fc.nat(400) }),
      fc.record({ text: fc.constantFrom('\0', '<a />\r\n', 'ä'), times: fc.nat(3000) }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => Buffer.concat(parts.map(({ text, times }) => Buffer.from(text.repeat(times)))))

const noise = fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes))

/** Cut at each length, every piece with the 32 KB before it. */
function pieces(bytes: Buffer, length: number) {
  const found = []
  for (let from = 0; from < bytes.length || from === 0; from += length) {
    const before = Math.min(from, 32_768)
    const isLast = from + length >= bytes.length
    found.push({ bytes: bytes.subarray(from - before, from + length), before, isLast })
  }
  return found
}

test('pieces that are deflated apart are one stream, wherever a content is cut', () => {
  fc.assert(
    fc.property(fc.oneof(content, noise), fc.integer({ min: 1, max: 70_000 }), (bytes, length) => {
      const cut = Math.max(length, Math.ceil(bytes.length / 30), 1)
      const whole = joined(pieces(bytes, cut).map(deflatePiece))
      expect(Buffer.compare(inflateRawSync(whole), bytes)).toBe(0)
    }),
    { numRuns: 150, seed: 1 },
  )
})

test('a batch holds what each of its pieces becomes', () => {
  const all = pieces(Buffer.from('<row id="1" />\n'.repeat(20_000)), 65_536)
  const { bytes, lengths } = deflateBatch({
    bytes: joined(all.map((piece) => piece.bytes)),
    pieces: all.map((piece) => ({ length: piece.bytes.length, before: piece.before, isLast: piece.isLast })),
  })
  const deflated = all.map(deflatePiece)
  expect(lengths).toEqual(deflated.map(({ length }) => length))
  expect(Buffer.compare(bytes, joined(deflated))).toBe(0)
})
