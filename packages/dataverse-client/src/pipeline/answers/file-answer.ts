import { readBase64Property } from './base64-answer.ts'
import type { HttpResponse } from '../contracts.ts'
import { TransportError } from '../errors.ts'

/** Several times what the service takes for a solution. */
const MAX_FILE = 512 * 1_048_576

/**
 * The content of a file column, `undefined` when it is empty. With `/$value` the service answers with the bytes; a recipe
 * of its documentation reads them in base64 as the property `value`, so both are read
 * (https://learn.microsoft.com/power-apps/developer/data-platform/file-column-data).
 * @throws TransportError when it broke off or is too large
 */
export async function readFileAnswer(response: HttpResponse, label: string): Promise<Uint8Array | undefined> {
  if (response.status === 204) return undefined
  const isJson = (response.headers.get('content-type') ?? '').toLowerCase().includes('json')
  const bytes = isJson
    ? await readBase64Property(response.chunks(), 'value')
    : await readBytes(response, label)
  const size = Number(response.headers.get('x-ms-file-size') ?? bytes.length)
  if (bytes.length === size) return bytes
  throw new TransportError(`${label}: the file has ${size} bytes, and ${bytes.length} arrived.`, {
    code: 'TRUNCATED',
    neverSent: false,
  })
}

async function readBytes(response: HttpResponse, label: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of response.chunks()) {
    size += piece.byteLength
    if (size > MAX_FILE)
      throw new TransportError(`${label}: the file is larger than ${MAX_FILE / 1_048_576} MB.`, {
        code: 'TOO_LARGE',
        neverSent: false,
      })
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}
