import fc from 'fast-check'
import { LinePositions } from './line-positions.ts'
import { toRaw } from './raw-text.ts'

const line = fc.string({ unit: fc.constantFrom('a', '\r', '\n', '日'), maxLength: 40 })

test('lines and columns are those of a text that is split at its line ends, in any order of asking', () => {
  const check = (text: string, offsets: readonly number[]): void => {
    const positions = new LinePositions(text)
    for (const offset of offsets) {
      // What stands between the two halves of CRLF is still on the line that they end.
      const before = text.slice(0, offset).split(/\r\n|\r(?!$)|\n/)
      const last = before.pop() ?? ''
      const isEnded = last.endsWith('\r') && text[offset] !== '\n'
      expect(positions.at(offset)).toEqual(
        isEnded
          ? { line: before.length + 2, column: 1 }
          : { line: before.length + 1, column: last.length + 1 },
      )
    }
  }
  fc.assert(
    fc.property(line, fc.array(fc.nat(40)), (text, offsets) =>
      check(
        text,
        offsets.filter((at) => at <= text.length),
      ),
    ),
  )
})

test('a long text, whose pieces end between the halves of a line end', () => {
  const text = 'x\r\n'.repeat(20_000)
  const positions = new LinePositions(text)
  for (const offset of [59_999, 16_384, 49_153, 3, 0, 32_768]) {
    expect(positions.at(offset)).toEqual({ line: Math.floor(offset / 3) + 1, column: (offset % 3) + 1 })
  }
})

test('a line as long as the document, in characters', () => {
  const positions = new LinePositions(toRaw('é日😀'.repeat(2_000)))
  for (const repeated of [1_999, 228, 1_000, 0]) {
    expect(positions.at(repeated * 9)).toEqual({ line: 1, column: repeated * 4 + 1 })
  }
})
