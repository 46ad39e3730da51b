import type { HttpResponse } from '../contracts.ts'
import { TransportError } from '../errors.ts'

/** A page of 5,000 wide rows is a tenth of it; only the record of an import is larger. */
export const MAX_ANSWER_BYTES = 64 * 1_048_576

/** How much of a text patterns may look at, so that none of them can take long. */
export const WORDS = 4_096

/**
 * The body of an answer as text, up to a number of bytes; the rest is not read.
 * @param whole true where a part is of no use
 * @throws TransportError when the body broke off, or is larger where the whole was wanted
 */
export async function readText(
  response: HttpResponse,
  { maxBytes, whole, label }: { readonly maxBytes: number; readonly whole: boolean; readonly label: string },
): Promise<string> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of response.chunks()) {
    pieces.push(piece)
    size += piece.byteLength
    if (size <= maxBytes) continue
    if (!whole) break
    throw new TransportError(
      `${label}: the answer is larger than ${Math.round(maxBytes / 1_048_576)} MB, which no Dataverse sends.`,
      { code: 'TOO_LARGE', neverSent: false },
    )
  }
  return Buffer.concat(pieces).toString('utf8', 0, maxBytes)
}
