/** Bytes of an archive, wherever they are: in memory, or in a file of which parts are read as they are needed. */
export interface ZipSource {
  /** Bytes. */
  readonly length: number
  /** At most `length` bytes from `offset`; fewer where the archive ends. */
  read(offset: number, length: number): Buffer
}

export function memorySource(bytes: Uint8Array): ZipSource {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return { length: buffer.length, read: (offset, length) => buffer.subarray(offset, offset + length) }
}
