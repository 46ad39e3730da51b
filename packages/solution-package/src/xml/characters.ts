/** Character classes of XML 1.0, fifth edition. */
const START = 1
const PART = 2

const ASCII_CLASSES = new Uint8Array(128)
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code)
  if (/[A-Za-z_:]/.test(character)) ASCII_CLASSES[code] = START | PART
  else if (/[-.0-9]/.test(character)) ASCII_CLASSES[code] = PART
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

const isIn = (ranges: readonly (readonly [number, number])[], code: number): boolean =>
  ranges.some(([first, last]) => code >= first && code <= last)

export function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9
}

/** The offset after the name that begins at `offset`, or `offset` itself when none does. */
export function nameEnd(text: string, offset: number): number {
  let at = offset
  for (;;) {
    const code = text.charCodeAt(at)
    if (code < 128) {
      if (((ASCII_CLASSES[code] ?? 0) & (at === offset ? START : PART)) === 0) return at
      at++
      continue
    }
    const wide = text.codePointAt(at)
    if (wide === undefined) return at
    if (!isIn(WIDE_START, wide) && !(at > offset && isIn(WIDE_PART, wide))) return at
    at += wide > 0xffff ? 2 : 1
  }
}

export function isName(text: string): boolean {
  return text !== '' && nameEnd(text, 0) === text.length
}

/** Whether a code unit of a decoded text is none of XML; a half of a pair alone does not get through decoding. */
export function isForbidden(code: number): boolean {
  return (code < 32 && code !== 10 && code !== 13 && code !== 9) || code >= 0xfffe
}

const SUSPECT = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u

/** The offset of the first character that XML does not allow, or -1. */
export function forbiddenCharacter(text: string): number {
  // Without the u flag the search is several times as fast; only what it suspects is looked at again.
  return SUSPECT.test(text) ? text.search(FORBIDDEN) : -1
}

export function isAllowedCodePoint(code: number): boolean {
  if (code < 0x20) return code === 9 || code === 10 || code === 13
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff)
}

/** Whether a text can stand in a document. */
export function isXmlText(text: string): boolean {
  return forbiddenCharacter(text) < 0
}
