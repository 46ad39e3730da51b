/** What may stand for itself in a segment (`pchar` of RFC 3986), or an escaped byte. */
const SEGMENT = /^(?:[\w.~!$&'()*+,;=:@-]|%[0-9a-f]{2})+$/i
/** Escapes of slashes, and of characters that need none: readers would not agree on the name. */
const FORBIDDEN = /%(?:2f|5c|2d|2e|5f|7e|3[0-9]|[46][1-9a-f]|[57][0-9a])/i

/**
 * Whether an entry's name is a part name (ECMA-376-2, 9.1.1.1). The service reads an archive as a package and does not
 * see entries with other names: a blank must be `%20`, a letter beyond ASCII the escapes of its bytes.
 */
export function isPartName(name: string): boolean {
  return name
    .split('/')
    .every((segment) => SEGMENT.test(segment) && !segment.endsWith('.') && !FORBIDDEN.test(segment))
}
