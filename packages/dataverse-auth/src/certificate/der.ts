/** One value of ASN.1 in its distinguished encoding. */
export interface Der {
  readonly tag: number
  readonly content: Buffer
  /** Tag, length and content. */
  readonly whole: Buffer
}

/** The values that stand one after the other in a buffer. @throws Error when they are cut off or of unknown length */
export function readAll(buffer: Buffer): readonly Der[] {
  const found: Der[] = []
  for (let offset = 0; offset < buffer.length;) {
    const value = readOne(buffer, offset)
    found.push(value)
    offset += value.whole.length
  }
  return found
}

/** The parts of a constructed value. */
export function parts({ content }: Der): readonly Der[] {
  return readAll(content)
}

/** The part at a position. @throws Error when there is none */
export function part(value: Der, index: number): Der {
  const found = parts(value)[index]
  if (found === undefined) throw new Error('A part is missing.')
  return found
}

/** The bytes of an octet string, also of one that was written in pieces. */
export function octets(value: Der): Buffer {
  return (value.tag & 0x20) === 0 ? value.content : Buffer.concat(parts(value).map(octets))
}

/** An object identifier in dotted form. */
export function oid({ content }: Der): string {
  const first = content[0] ?? 0
  const arcs = [Math.floor(first / 40), first % 40]
  let arc = 0
  for (const byte of content.subarray(1)) {
    arc = arc * 128 + (byte & 0x7f)
    if ((byte & 0x80) !== 0) continue
    arcs.push(arc)
    arc = 0
  }
  return arcs.join('.')
}

/** A small non-negative integer. */
export function integer({ content }: Der): number {
  return content.reduce((sum, byte) => sum * 256 + byte, 0)
}

function readOne(buffer: Buffer, start: number): Der {
  const tag = buffer[start]
  const first = buffer[start + 1]
  if (tag === undefined || first === undefined) throw new Error('It is cut off.')
  if (first === 0x80) throw new Error('It uses lengths that are not stated, which is not supported.')
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f
  const header = start + 2 + lengthBytes
  let length = first < 0x80 ? first : 0
  for (const byte of buffer.subarray(start + 2, header)) length = length * 256 + byte
  if (header + length > buffer.length) throw new Error('It is cut off.')
  return {
    tag,
    content: buffer.subarray(header, header + length),
    whole: buffer.subarray(start, header + length),
  }
}
