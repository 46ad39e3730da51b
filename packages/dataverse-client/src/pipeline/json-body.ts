import type { StreamedBody } from './contracts.ts'

/** A multiple of three, so that the base64 of the pieces joins without padding in between. */
const PIECE = 3 * 256 * 1024

/**
 * Writes the parameters of an action. A `Uint8Array` at the top level is an `Edm.Binary` (standard base64); it is
 * encoded piece by piece while it is sent, so that an archive of 100 MB is never copied as a whole.
 */
export function jsonBody(parameters: Readonly<Record<string, unknown>>): string | StreamedBody {
  const entries = Object.entries(parameters).filter(([, value]) => value !== undefined)
  if (!entries.some(([, value]) => value instanceof Uint8Array))
    return JSON.stringify(Object.fromEntries(entries))

  const parts = entries.flatMap(([key, value], index): (string | Uint8Array)[] => {
    const name = `${index === 0 ? '' : ','}${JSON.stringify(key)}:`
    return value instanceof Uint8Array ? [`${name}"`, value, '"'] : [`${name}${JSON.stringify(value)}`]
  })
  const encoder = new TextEncoder()
  const sequence = ['{', ...parts, '}'].map((part) =>
    typeof part === 'string' ? encoder.encode(part) : base64(part),
  )
  return {
    byteLength: sequence.reduce((sum, part) => sum + part.byteLength, 0),
    *chunks() {
      for (const part of sequence) {
        if (part instanceof Uint8Array) yield part
        else yield* part.chunks()
      }
    },
  }
}

function base64(bytes: Uint8Array): StreamedBody {
  return {
    byteLength: Math.ceil(bytes.byteLength / 3) * 4,
    *chunks() {
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      for (let start = 0; start < buffer.length; start += PIECE) {
        yield Buffer.from(buffer.toString('base64', start, Math.min(start + PIECE, buffer.length)), 'latin1')
      }
    },
  }
}
