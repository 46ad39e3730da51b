import { ZipError } from './zip-error.ts'

/** What the central directory says of one entry (PKWARE APPNOTE 4.3.12). */
export interface CentralRecord {
  readonly name: string
  /** 0 stored, 8 deflated; everything else is refused. */
  readonly method: number
  readonly crc: number
  readonly compressedSize: number
  readonly size: number
  /** Where the local header stands in the file. */
  readonly offset: number
}

const endSignature = 0x06054b50
const zip64EndSignature = 0x06064b50
const zip64LocatorSignature = 0x07064b50
const centralSignature = 0x02014b50
const endLength = 22
const utf8 = new TextDecoder('utf-8', { fatal: true })

/** @throws ZipError when the archive is none, is cut, encrypted, split, links, or uses an unknown method. */
export function readCentralDirectory(
  buffer: Buffer,
  label: string,
  maxEntries: number,
): readonly CentralRecord[] {
  const { count, offset, size } = findDirectory(buffer, label)
  if (count > maxEntries) {
    throw new ZipError(`${label} says that it holds ${count} entries; the limit is ${maxEntries}.`)
  }
  if (offset + size > buffer.length) {
    throw new ZipError(`${label} is cut: its directory ends beyond the end of the file. Download it again.`)
  }
  const records: CentralRecord[] = []
  let at = offset
  for (let i = 0; i < count; i++) {
    if (at + 46 > offset + size || buffer.readUInt32LE(at) !== centralSignature) {
      throw new ZipError(`${label} is damaged: entry ${i + 1} of ${count} is missing from its directory.`)
    }
    const nameLength = buffer.readUInt16LE(at + 28)
    const extraLength = buffer.readUInt16LE(at + 30)
    const next = at + 46 + nameLength + extraLength + buffer.readUInt16LE(at + 32)
    if (next > offset + size)
      throw new ZipError(`${label} is damaged: entry ${i + 1} of its directory is cut.`)
    records.push(readRecord(buffer, at, nameLength, extraLength, label))
    at = next
  }
  return records
}

function readRecord(
  buffer: Buffer,
  at: number,
  nameLength: number,
  extraLength: number,
  label: string,
): CentralRecord {
  const nameBytes = buffer.subarray(at + 46, at + 46 + nameLength)
  const flags = buffer.readUInt16LE(at + 8)
  const name = decodeName(nameBytes, (flags & 0x800) !== 0, label)
  const refuse = (why: string): ZipError => new ZipError(`${label}: the entry "${name}" ${why}.`)
  if (name === '' || name.includes('\0')) throw refuse('has no usable name')
  if (flags & 0x2041) throw refuse('is encrypted. Dataverse exports plain archives; remove the password')
  const method = buffer.readUInt16LE(at + 10)
  if (method !== 0 && method !== 8) throw refuse(`is compressed with method ${method}; only deflate is known`)
  const unixType = (buffer.readUInt32LE(at + 38) >>> 28) & 0xf
  if (buffer[at + 5] === 3 && unixType !== 0 && unixType !== 8 && unixType !== 4) {
    throw refuse('is a link or a device, not a file')
  }
  const fields = zip64Fields(buffer, at, nameLength, extraLength)
  if (!fields) throw refuse('has sizes that do not fit together')
  if (method === 0 && fields.compressedSize !== fields.size)
    throw refuse('is stored, but its two sizes differ')
  return { name, method, crc: buffer.readUInt32LE(at + 16), ...fields }
}

/** Without the UTF-8 flag a name is CP437 by the letter, but every writer of solutions means UTF-8. */
function decodeName(bytes: Uint8Array, declaredUtf8: boolean, label: string): string {
  try {
    return utf8.decode(bytes)
  } catch (cause) {
    if (!declaredUtf8) return Buffer.from(bytes).toString('latin1')
    throw new ZipError(`${label}: an entry's name is broken UTF-8.`, { cause })
  }
}

/** A value of all ones in the record stands in the zip64 extra field instead, in this order. */
function zip64Fields(
  buffer: Buffer,
  at: number,
  nameLength: number,
  extraLength: number,
): Pick<CentralRecord, 'size' | 'compressedSize' | 'offset'> | undefined {
  let size = buffer.readUInt32LE(at + 24)
  let compressedSize = buffer.readUInt32LE(at + 20)
  let offset = buffer.readUInt32LE(at + 42)
  if (size !== 0xffffffff && compressedSize !== 0xffffffff && offset !== 0xffffffff) {
    return { size, compressedSize, offset }
  }
  let extra = at + 46 + nameLength
  const end = extra + extraLength
  while (extra + 4 <= end) {
    const next = extra + 4 + buffer.readUInt16LE(extra + 2)
    if (next > end) return undefined
    if (buffer.readUInt16LE(extra) === 1) {
      let value = extra + 4
      const take = (): number => {
        if (value + 8 > next) return Number.NaN
        const taken = Number(buffer.readBigUInt64LE(value))
        value += 8
        return taken
      }
      if (size === 0xffffffff) size = take()
      if (compressedSize === 0xffffffff) compressedSize = take()
      if (offset === 0xffffffff) offset = take()
      return [size, compressedSize, offset].every(Number.isSafeInteger)
        ? { size, compressedSize, offset }
        : undefined
    }
    extra = next
  }
  return undefined
}

function findDirectory(buffer: Buffer, label: string): { count: number; offset: number; size: number } {
  if (buffer.length === 0) throw new ZipError(`${label} is empty: 0 bytes.`)
  // The end record may be followed by a comment of up to 65,535 bytes.
  const lowest = Math.max(0, buffer.length - endLength - 0xffff)
  for (let at = buffer.length - endLength; at >= lowest; at--) {
    if (buffer.readUInt32LE(at) !== endSignature) continue
    if (at + endLength + buffer.readUInt16LE(at + 20) !== buffer.length) continue
    const disks = buffer.readUInt16LE(at + 4) + buffer.readUInt16LE(at + 6)
    const found = {
      count: buffer.readUInt16LE(at + 10),
      size: buffer.readUInt32LE(at + 12),
      offset: buffer.readUInt32LE(at + 16),
    }
    if (disks !== 0 && disks !== 2 * 0xffff)
      throw new ZipError(`${label} is one part of a split archive; join the parts first.`)
    const isZip64 = found.count === 0xffff || found.size === 0xffffffff || found.offset === 0xffffffff
    return isZip64 ? (findZip64Directory(buffer, at, label) ?? found) : found
  }
  throw new ZipError(
    `${label} is not a zip archive, or it is cut off: there is no directory at its end. Check that it is the exported solution (.zip) and was downloaded completely.`,
  )
}

function findZip64Directory(
  buffer: Buffer,
  endAt: number,
  label: string,
): { count: number; offset: number; size: number } | undefined {
  const locator = endAt - 20
  if (locator < 0 || buffer.readUInt32LE(locator) !== zip64LocatorSignature) return undefined
  const at = Number(buffer.readBigUInt64LE(locator + 8))
  if (!Number.isSafeInteger(at) || at + 56 > buffer.length || buffer.readUInt32LE(at) !== zip64EndSignature) {
    throw new ZipError(`${label} is damaged: its zip64 directory is not where it should be.`)
  }
  const field = (from: number): number => Number(buffer.readBigUInt64LE(at + from))
  const found = { count: field(32), size: field(40), offset: field(48) }
  if (!Object.values(found).every(Number.isSafeInteger)) {
    throw new ZipError(`${label} is damaged: its zip64 directory has impossible sizes.`)
  }
  return found
}
