import { UserError } from '@dsa/user-error'
import { TransportError } from '../errors.ts'

const QUOTE = 0x22

/** Before the value stand its name and the address of its description. */
const MAX_BEFORE = 65_536
/** Base64 of an archive of 384 MB, several times what the service makes. */
const MAX_VALUE = 512 * 1_048_576

/**
 * Reads one `Edm.Binary` property out of a flat JSON answer while it arrives, so that an archive of 100 MB is held
 * once, decoded, and not as JSON text as well.
 * @param property the name, such as `ExportSolutionFile`
 * @throws TransportError when the answer ends before the value does, or never ends
 * @throws UserError when the answer has no such property
 */
export async function readBase64Property(
  chunks: AsyncIterable<Uint8Array>,
  property: string,
): Promise<Uint8Array> {
  const value = base64Decoder()
  let before: Buffer | undefined = Buffer.alloc(0)
  let size = 0
  let closed = false
  let rest = 0

  for await (const chunk of chunks) {
    if (closed) {
      // The rest is read so that the connection can be used again, unless it never ends.
      rest += chunk.byteLength
      if (rest > MAX_BEFORE) break
      continue
    }
    let piece = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    if (before !== undefined) {
      before = Buffer.concat([before, piece])
      const start = valueStart(before, property)
      if (start === undefined) {
        if (before.length > MAX_BEFORE) throw missing(property)
        continue
      }
      piece = before.subarray(start)
      before = undefined
    }
    size += piece.length
    if (size > MAX_VALUE) throw broken(`The answer is larger than ${MAX_VALUE / 1_048_576} MB`, 'TOO_LARGE')
    // An escaped quote cannot stand in base64, so the first one ends the value.
    const end = piece.indexOf(QUOTE)
    closed = end !== -1
    value.push(piece.toString('latin1', 0, closed ? end : piece.length))
  }
  if (before !== undefined && isCompleteJson(before)) throw missing(property)
  if (!closed) throw broken(`The answer broke off inside '${property}'`, 'TRUNCATED')
  return value.finish()
}

function missing(property: string): UserError {
  return new UserError(
    `The answer of the service has no '${property}'. Run the step again; if it stays so, tell Microsoft support.`,
  )
}

function broken(words: string, code: string): TransportError {
  return new TransportError(`${words}.`, { code, neverSent: false })
}

function valueStart(buffer: Buffer, property: string): number | undefined {
  const name = JSON.stringify(property)
  const at = buffer.subarray(0, MAX_BEFORE).indexOf(name)
  if (at === -1) return undefined
  const rest = buffer.toString('latin1', at + name.length, at + name.length + 64)
  const colon = /^\s*:\s*"/.exec(rest)
  return colon === null ? undefined : at + name.length + colon[0].length
}

/** Decodes JSON text of base64 as it comes: `+` and `/` may be written as `\u002B` and `\/`. */
function base64Decoder(): { push(raw: string): void; finish(): Uint8Array } {
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

function unescape(raw: string): string {
  return raw.includes('\\')
    ? raw.replace(/\\u([0-9a-fA-F]{4})|\\(.)/g, (_, hex: string | undefined, plain: string) =>
        hex === undefined ? plain : String.fromCharCode(Number.parseInt(hex, 16)),
      )
    : raw
}

function isCompleteJson(buffer: Buffer): boolean {
  try {
    JSON.parse(buffer.toString('utf8'))
    return true
  } catch {
    return false
  }
}
