/**
 * UTF-8 as a string that has one character for each byte. All of XML's markup is ASCII, so reading it makes no
 * difference; but the engine keeps such a string in half the memory, makes it of bytes and bytes of it by copying,
 * and slices and searches it faster. Only values that somebody looks at are decoded.
 */
export type RawText = string

const BEYOND_ASCII = /[\u0080-\uffff]/
/** Texts of at most so many characters, such as names, are looked through in less time than a search needs to begin. */
const SHORT = 48

function isAscii(text: string): boolean {
  if (text.length > SHORT) return !BEYOND_ASCII.test(text)
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false
  return true
}

/** The raw text of a text. */
export function toRaw(text: string): RawText {
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1')
}

/** The text of a raw text that was checked to be UTF-8, or of a part of it between characters. */
export function fromRaw(raw: RawText): string {
  return isAscii(raw) ? raw : rawBytes(raw).toString('utf8')
}

export function rawBytes(raw: RawText): Buffer {
  return Buffer.from(raw, 'latin1')
}
