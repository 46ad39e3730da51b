import { findDirectory } from './end-of-directory.ts'
import { ZipError } from './zip-error.ts'
import type { ZipSource } from './zip-source.ts'

/** What the central directory says of one entry (PKWARE APPNOTE 4.3.12). */
export interface CentralRecord {
  readonly name: string
  /** 0 stored, 8 deflated; everything else is refused. */
  readonly method: number
  readonly crc: number
  /** Flags that say how to read the name and the data; the local header has to repeat them. */
  readonly flags: number
  /** As stored. */
  readonly nameBytes: Uint8Array
  readonly compressedSize: number
  readonly size: number
  /** Where the local header stands in the file. */
  readonly offset: number
  /** See `ZipEntry`. */
  readonly writtenMs: number | undefined
}

const centralSignature = 0x02014b50
/** Without the name and the extra field. */
export const localHeaderLength = 30
const utf8 = new TextDecoder('utf-8', { fatal: true })

/** @throws ZipError when the archive is none, is cut, encrypted, split, links, or uses an unknown method. */
export function readCentralDirectory(
  source: ZipSource,
  label: string,
  maxEntries: number,
): readonly CentralRecord[] {
  const { count, offset, size } = findDirectory(source, label)
  if (count > maxEntries) {
    throw new ZipError(`${label} says that it holds ${count} entries; the limit is ${maxEntries}.`)
  }
  if (offset + size > source.length) {
    throw new ZipError(`${label} is cut: its directory ends beyond the end of the file. Download it again.`)
  }
  const buffer = source.read(offset, size)
  const records: CentralRecord[] = []
  let at = 0
  for (let i = 0; i < count; i++) {
    if (at + 46 > size || buffer.readUInt32LE(at) !== centralSignature) {
      throw new ZipError(`${label} is damaged: entry ${i + 1} of ${count} is missing from its directory.`)
    }
    const nameLength = buffer.readUInt16LE(at + 28)
    const extraLength = buffer.readUInt16LE(at + 30)
    const next = at + 46 + nameLength + extraLength + buffer.readUInt16LE(at + 32)
    if (next > size) throw new ZipError(`${label} is damaged: entry ${i + 1} of its directory is cut.`)
    const record = readRecord(buffer, at, nameLength, extraLength, label)
    if (record.offset + localHeaderLength + nameLength + record.compressedSize > offset) {
      throw new ZipError(
        `${label} is damaged: the entry '${record.name}' ends beyond the start of the directory. Download it again.`,
      )
    }
    records.push(record)
    at = next
  }
  // A count that is too low hides entries from this reader, and shows them to others.
  if (at !== size) {
    throw new ZipError(
      `${label} is damaged: its directory goes on after the ${count} entries that it counts.`,
    )
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
  const refuse = (why: string): ZipError => new ZipError(`${label}: the entry '${name}' ${why}.`)
  if (name === '' || name.includes('\0')) throw refuse('has no usable name')
  if (flags & 0x2041) throw refuse('is encrypted. Dataverse exports plain archives; remove the password')
  const method = buffer.readUInt16LE(at + 10)
  if (method !== 0 && method !== 8) throw refuse(`is compressed with method ${method}; only deflate is known`)
  if (isLink(buffer.readUInt32LE(at + 38), buffer[at + 5])) throw refuse('is a link or a device, not a file')
  const fields = zip64Fields(buffer, at, nameLength, extraLength)
  if (!fields) throw refuse('has sizes that do not fit together')
  if (method === 0 && fields.compressedSize !== fields.size)
    throw refuse('is stored, but its two sizes differ')
  const writtenMs = momentOf(buffer.readUInt16LE(at + 14), buffer.readUInt16LE(at + 12))
  return { name, nameBytes, flags, method, crc: buffer.readUInt32LE(at + 16), writtenMs, ...fields }
}

/** Date and time as MS-DOS has them: days since 1980 in fields, steps of two seconds, no time zone. */
function momentOf(date: number, time: number): number | undefined {
  const [year, month, day] = [1980 + (date >>> 9), (date >>> 5) & 0xf, date & 0x1f]
  if (month === 0 || day === 0 || year === 1980) return undefined
  return Date.UTC(year, month - 1, day, time >>> 11, (time >>> 5) & 0x3f, (time & 0x1f) * 2)
}

/**
 * Whether an entry is neither file nor folder, from its external attributes: the mode where the writer's system is
 * Unix (3) or macOS (19), a reparse point where it is DOS (0) or NTFS (10).
 */
function isLink(attributes: number, system: number | undefined): boolean {
  const unixType = (attributes >>> 28) & 0xf
  const isUnix = system === 3 || system === 19
  if (isUnix) return unixType !== 0 && unixType !== 8 && unixType !== 4
  return (system === 0 || system === 10) && (attributes & 0x400) !== 0
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
