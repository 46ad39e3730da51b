/** Test support: gives every entry of an archive one time, in UTC, as an export does. */
export function writtenOn(archive: Uint8Array, ms: number): Uint8Array {
  const bytes = Buffer.from(archive)
  const at = new Date(ms)
  const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate()
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1)
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]))
  let record = bytes.readUInt32LE(end + 16)
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    bytes.writeUInt16LE(time, record + 12)
    bytes.writeUInt16LE(date, record + 14)
    record +=
      46 + bytes.readUInt16LE(record + 28) + bytes.readUInt16LE(record + 30) + bytes.readUInt16LE(record + 32)
  }
  return bytes
}
