/**
 * UTF-8 as a string that has one character for each byte. All of XML's markup is ASCII, so reading it makes no
 * difference; but the engine keeps such a string in half the memory, makes it of bytes and bytes of it by copying,
 * and slices and searches it faster. Only values that somebody looks at are decoded.
 */
export type RawText = string

const BEYOND_ASCII = /[\u0080-\uffff]/

/** The raw text of a text. */
export function toRaw(text: string): RawText {
  return BEYOND_ASCII.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text
}

/** The text of a raw text that was checked to be UTF-8, or of a part of it between characters. */
export function fromRaw(raw: RawText): string {
  return BEYOND_ASCII.test(raw) ? rawBytes(raw).toString('utf8') : raw
}

export function rawBytes(raw: RawText): Buffer {
  return Buffer.from(raw, 'latin1')
}
