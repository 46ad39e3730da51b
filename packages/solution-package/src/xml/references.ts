import { isAllowedCodePoint, rawNameEnd } from './characters.ts'
import { isPredefinedEntity } from './escape.ts'
import { fromRaw, type RawText } from './raw-text.ts'

/** More than any reference has that is one. */
const LONGEST = 64

/** What stands between the `&` at an offset and the next semicolon; empty where none is near. */
export function referenceAt(raw: RawText, at: number): RawText {
  const semicolon = raw.indexOf(';', at)
  return semicolon < 0 || semicolon - at > LONGEST ? '' : raw.slice(at + 1, semicolon)
}

/** What is wrong with a reference, if anything: only numbers and the five entities of XML are good here. */
export function referenceProblem(body: RawText): string | undefined {
  if (isPredefinedEntity(body)) return undefined
  if (body === '') return '"&" begins no reference; as a character it is written &amp;'
  const numeric = /^#(?:x([0-9a-fA-F]+)|([0-9]+))$/.exec(body)
  if (numeric !== null) {
    const code = numeric[1] === undefined ? Number(numeric[2]) : Number.parseInt(numeric[1], 16)
    return isAllowedCodePoint(code) ? undefined : `&${body}; is a character that XML does not allow`
  }
  const isReference = rawNameEnd(body, 0) === body.length
  return isReference ? `the entity &${fromRaw(body)}; is not defined` : '"&" begins no reference; write &amp;'
}
