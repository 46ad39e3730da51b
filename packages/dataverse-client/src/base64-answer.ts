import { TransportError } from './errors.ts'

const QUOTE = 0x22

/**
 * Reads one `Edm.Binary` property out of a flat JSON answer while it arrives, so that an archive of 100 MB is held
 * once, decoded, and not as JSON text as well.
 * @param property the name, such as `ExportSolutionFile`
 * @throws TransportError when the answer ends before the value does
 * @throws Error when the answer has no such property
 */
export const readBase64Property = async (
  chunks: AsyncIterable<Uint8Array>,
  property: string,
): Promise<Uint8Array> => {
  const value = base64Decoder()
  let before: Buffer | undefined = Buffer.alloc(0)
  let closed = false

  for await (const chunk of chunks) {
    if (closed) continue // drain, so that the connection can be used again
    let piece = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    if (before !== undefined) {
      before = Buffer.concat([before, piece])
      const start = valueStart(before, property)
      if (start === undefined) continue
      piece = before.subarray(start)
      before = undefined
    }
    // An escaped quote cannot stand in base64, so the first one ends the value.
    const end = piece.indexOf(QUOTE)
    closed = end !== -1
    value.push(piece.toString('latin1', 0, closed ? end : piece.length))
  }
  if (before !== undefined && isCompleteJson(before)) throw new Error(`The answer has no '${property}'.`)
  if (!closed) {
    throw new TransportError(`The answer broke off inside '${property}'.`, {
      code: 'TRUNCATED',
      neverSent: false,
    })
  }
  return value.finish()
}

const valueStart = (buffer: Buffer, property: string): number | undefined => {
  const match = new RegExp(`"${property}"\\s*:\\s*"`).exec(buffer.toString('latin1'))
  return match === null ? undefined : match.index + match[0].length
}

/** Decodes JSON text of base64 as it comes: `+` and `/` may be written as `\u002B` and `\/`. */
const base64Decoder = (): { push(raw: string): void; finish(): Uint8Array } => {
  const decoded: Buffer[] = []
  let rawTail = ''
  let base64Tail = ''
  return {
    push(raw) {
      const joined = rawTail + raw
      const whole = joined.length - (/\\(u[0-9a-fA-F]{0,3})?$/.exec(joined.slice(-6))?.[0].length ?? 0)
      rawTail = joined.slice(whole)
      const base64 = base64Tail + unescape(joined.slice(0, whole))
      const groups = base64.length - (base64.length % 4)
      decoded.push(Buffer.from(base64.slice(0, groups), 'base64'))
      base64Tail = base64.slice(groups)
    },
    finish: () => Buffer.concat([...decoded, Buffer.from(base64Tail, 'base64')]),
  }
}

const unescape = (raw: string): string =>
  raw.includes('\\')
    ? raw.replace(/\\u([0-9a-fA-F]{4})|\\(.)/g, (_, hex: string | undefined, plain: string) =>
        hex === undefined ? plain : String.fromCharCode(Number.parseInt(hex, 16)),
      )
    : raw

const isCompleteJson = (buffer: Buffer): boolean => {
  try {
    JSON.parse(buffer.toString('utf8'))
    return true
  } catch {
    return false
  }
}
