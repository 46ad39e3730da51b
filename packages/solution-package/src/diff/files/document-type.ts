/** Why a document type is refused. */
export const DOCUMENT_TYPE =
  'It has a document type (<!DOCTYPE), whose entities may say something else than a reader of the file sees. Remove it.'

/** The line of a document type, which stands before the root element of a well-formed document. */
export function documentTypeLine(bytes: Uint8Array): number | undefined {
  // Of a text in UTF-16 every other byte is 0.
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('latin1')
    .replaceAll('\0', '')
  if (!text.includes('<!DOCTYPE')) return undefined
  const before = /^[^<]*(?:<\?(?:(?!\?>)[^])*\?>[^<]*|<!--(?:(?!-->)[^])*-->[^<]*)*(?=<!DOCTYPE)/.exec(
    text,
  )?.[0]
  return before?.split('\n').length
}
