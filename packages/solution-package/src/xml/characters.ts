import { fromRaw, type RawText } from './raw-text.ts'

/** Character classes of XML 1.0, fifth edition. */
const START = 1
const PART = 2
/** What a name without prefix goes on with, and what needs no look in a text, and in a value in double quotes. */
export const PLAIN_NAME = 4
export const PLAIN_TEXT = 8
export const PLAIN_VALUE = 16

/** The classes of the bytes of raw text; what can be told of a character beyond ASCII needs all of its bytes. */
const CLASSES = new Uint8Array(256)
for (let code = 0; code < 256; code++) {
  const character = String.fromCharCode(code)
  let classes = 0
  if (/[A-Za-z_:]/.test(character)) classes |= START
  if (/[-.0-9A-Za-z_:]/.test(character)) classes |= PART
  if (/[-.0-9A-Za-z_]/.test(character)) classes |= PLAIN_NAME
  // A character that XML does not allow is below 0x20 or begins with 0xEF.
  if (code >= 0x20 && code !== 0xef && !'&<>'.includes(character))
    classes |= character === '"' ? PLAIN_TEXT : PLAIN_TEXT | PLAIN_VALUE
  CLASSES[code] = classes
}

/** The offset of the first byte from an offset on that is not in a class. */
export function endOfRun(bytes: Uint8Array, offset: number, wanted: number): number {
  let at = offset
  while (((CLASSES[bytes[at] ?? 0] ?? 0) & wanted) !== 0) at++
  return at
}

/** First and last of the characters beyond ASCII that may begin a name. */
const WIDE_START: readonly (readonly [number, number])[] = [
  [0xc0, 0xd6],
  [0xd8, 0xf6],
  [0xf8, 0x2ff],
  [0x370, 0x37d],
  [0x37f, 0x1fff],
  [0x200c, 0x200d],
  [0x2070, 0x218f],
  [0x2c00, 0x2fef],
  [0x3001, 0xd7ff],
  [0xf900, 0xfdcf],
  [0xfdf0, 0xfffd],
  [0x10000, 0xeffff],
]
/** Those that may only go on with one. */
const WIDE_PART: readonly (readonly [number, number])[] = [
  [0xb7, 0xb7],
  [0x300, 0x36f],
  [0x203f, 0x2040],
]

function isIn(ranges: readonly (readonly [number, number])[], code: number): boolean {
  return ranges.some(([first, last]) => code >= first && code <= last)
}

export function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9
}

/** Whether a name can begin with a code of ASCII. */
export function isNameStart(code: number): boolean {
  return ((CLASSES[code] ?? 0) & START) !== 0
}

/** Whether a code of ASCII can stand in a name, or begin one. */
function isNamePart(code: number, isFirst: boolean): boolean {
  return ((CLASSES[code] ?? 0) & (isFirst ? START : PART)) !== 0
}

/** How much of a text's beginning is a name. */
function nameLength(text: string): number {
  let at = 0
  for (;;) {
    const code = text.charCodeAt(at)
    if (code < 128) {
      if (!isNamePart(code, at === 0)) return at
      at++
      continue
    }
    const wide = text.codePointAt(at)
    if (wide === undefined) return at
    if (!isIn(WIDE_START, wide) && !(at > 0 && isIn(WIDE_PART, wide))) return at
    at += wide > 0xffff ? 2 : 1
  }
}

/** The offset after the name that begins at an offset of raw text, or that offset itself when none does. */
export function rawNameEnd(raw: RawText, offset: number): number {
  let at = offset
  let code = raw.charCodeAt(at)
  while (code < 128 && isNamePart(code, at === offset)) code = raw.charCodeAt(++at)
  if (!(code >= 128)) return at
  while (code >= 128 || isNamePart(code, false)) code = raw.charCodeAt(++at)
  const text = fromRaw(raw.slice(offset, at))
  return offset + Buffer.byteLength(text.slice(0, nameLength(text)))
}

export function isName(text: string): boolean {
  return text !== '' && nameLength(text) === text.length
}

/** Whether a character that XML does not allow stands at an offset of UTF-8. */
export function isForbidden(bytes: Uint8Array, at: number): boolean {
  const code = bytes[at] ?? 0
  if (code < 32) return code !== 10 && code !== 13 && code !== 9
  // U+FFFE and U+FFFF; the other gaps of Unicode are none in UTF-8.
  return code === 0xef && bytes[at + 1] === 0xbf && (bytes[at + 2] ?? 0) >= 0xbe
}

const FORBIDDEN_RAW = /[^\t\n\r\u0020-\u00ff]|\u00ef\u00bf[\u00be\u00bf]/

const SUSPECT = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u

/** The offset in raw text of the first character that XML does not allow, or -1. */
export function forbiddenCharacter(raw: RawText): number {
  return raw.search(FORBIDDEN_RAW)
}

export function isAllowedCodePoint(code: number): boolean {
  if (code < 0x20) return code === 9 || code === 10 || code === 13
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff)
}

/** Whether a text can stand in a document. */
export function isXmlText(text: string): boolean {
  // Without the u flag the search is several times as fast; only what it suspects is looked at again.
  return !SUSPECT.test(text) || !FORBIDDEN.test(text)
}
