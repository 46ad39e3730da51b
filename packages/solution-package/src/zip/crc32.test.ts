import { crc32, crc32ByTable } from './crc32.ts'

test.each([
  ['', 0],
  ['123456789', 0xcbf43926],
  ['The quick brown fox jumps over the lazy dog', 0x414fa339],
])('the checksum of %j', (text, expected) => {
  expect(crc32(Buffer.from(text))).toBe(expected)
  expect(crc32ByTable(Buffer.from(text))).toBe(expected)
})
