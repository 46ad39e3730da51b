/**
 * Names of parts are URIs (ECMA-376 part 2, 9.1.1), so `%20` in the name of an entry is a space. What does not decode
 * stays as it is.
 */
export function decodePartName(name: string): string {
  if (!name.includes('%')) return name
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/** All but what stands for itself in a segment of a URI's path (`pchar` of RFC 3986), and the slash between them. */
const TO_ESCAPE = /[^\w.~!$&'()*+,;=:@/-]/gu

/** The name of the entry for a path, as an export writes it: `a b` is `a%20b`, a comma or a parenthesis stays. */
export function encodePartName(path: string): string {
  return path.replace(TO_ESCAPE, escaped)
}

/** The name of the entry that a definition states; an escape that it states itself, as `%2C`, stays. */
export function statedPartName(name: string): string {
  return name
    .split(/(%[0-9a-f]{2})/i)
    .map((piece, i) => (i % 2 === 1 ? piece : encodePartName(piece)))
    .join('')
}

/** The escapes of the bytes that a character has in UTF-8. */
function escaped(character: string): string {
  return [...Buffer.from(character, 'utf8')]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('')
}
