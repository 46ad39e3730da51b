import { inflateRawSync } from 'node:zlib'
import { localHeaderLength, readCentralDirectory, type CentralRecord } from './central-directory.ts'
import { crc32 } from './crc32.ts'
import { defaultZipLimits, ratioCountsFrom, type ZipLimits } from './limits.ts'
import { ZipError } from './zip-error.ts'
import { memorySource, type ZipSource } from './zip-source.ts'

const localSignature = 0x04034b50
/** Encrypted, sizes after the data, name in UTF-8: what a reader goes by. */
const decisiveFlags = 0x809
const sizesFollow = 8
/** Bytes of an entry that are taken as a text; Node's texts end at half a gigabyte. */
const MAX_AS_TEXT = 2 ** 26
/** Stands for a number that the zip64 extra field has. */
const inExtraField = 0xffffffff

/** One entry of an archive, inflated when it is read. The name is as stored; a folder's ends in `/`. */
export interface ZipEntry {
  readonly name: string
  /** Bytes after inflating, as the central directory says and `read` checks. */
  readonly size: number
  /**
   * When it was written, in milliseconds since 1970. An archive has no time zone; its digits are taken as UTC, which
   * Dataverse writes. Undefined where the year is 1980: that is what writers put who want no time in the archive.
   */
  readonly writtenMs?: number | undefined
  /**
   * How the entry is stored, with its bytes: where two have the same, their contents are the same, which is known without
   * inflating them. Undefined for one too large for a text. Throws `ZipError` when its header is not what the archive
   * says.
   */
  stored?(): string | undefined
  /** The content. Throws `ZipError` when its size or checksum is not what the archive says. */
  read(): Uint8Array
}

/**
 * Reads the directory of a zip archive and checks it as a whole; contents are inflated lazily.
 *
 * @param archive the whole archive, or where to read it from: then only its directory is in memory
 * @param options `label` names the archive in messages (a file name); `limits` override the defaults
 * @returns the entries in the order of the central directory, folder entries included
 * @throws ZipError for anything that is no plain, complete, unencrypted archive, or that is over a limit
 */
export function openZip(
  archive: Uint8Array | ZipSource,
  options: { readonly limits?: Partial<ZipLimits>; readonly label?: string } = {},
): readonly ZipEntry[] {
  const label = options.label ?? 'The archive'
  const limits = { ...defaultZipLimits, ...options.limits }
  const source = 'byteLength' in archive ? memorySource(archive) : archive
  const records = readCentralDirectory(source, label, limits.maxEntries)
  refuseDuplicates(records, label)
  refuseSizes(records, label, limits)
  const ends = endsOf(records, source.length, label)
  return records.map((record) => ({
    name: record.name,
    size: record.size,
    writtenMs: record.writtenMs,
    stored: () => {
      if (record.compressedSize > MAX_AS_TEXT) return undefined
      const bytes = readStored(source, record, ends.get(record) ?? 0, label)
      return `${record.method} ${record.crc} ${record.size} ${bytes.toString('latin1')}`
    },
    read: () => readContent(source, record, ends.get(record) ?? 0, label),
  }))
}

function refuseDuplicates(records: readonly CentralRecord[], label: string): void {
  const seen = new Set<string>()
  for (const { name } of records) {
    if (seen.has(name)) {
      throw new ZipError(
        `${label} holds the entry '${name}' twice. Readers disagree on which one counts, so the archive is refused. Export or pack the solution again.`,
      )
    }
    seen.add(name)
  }
}

function refuseSizes(records: readonly CentralRecord[], label: string, limits: ZipLimits): void {
  let total = 0
  for (const { name, size, compressedSize } of records) {
    total += size
    if (size > limits.maxEntryBytes) {
      throw new ZipError(
        `${label}: the entry '${name}' unpacks to ${size} bytes; the limit is ${limits.maxEntryBytes}.`,
      )
    }
    if (total > limits.maxTotalBytes) {
      throw new ZipError(
        `${label} unpacks to more than ${limits.maxTotalBytes} bytes; '${name}' crosses the limit.`,
      )
    }
    if (size > ratioCountsFrom(limits.maxRatio) && size > compressedSize * limits.maxRatio) {
      throw new ZipError(
        `${label}: the entry '${name}' unpacks ${compressedSize} bytes to ${size}, over the limit of ${limits.maxRatio} to 1. It looks like a zip bomb. If it is none, raise the limit (max-compression-ratio of unpacking).`,
      )
    }
  }
}

/**
 * Where each entry has to end. Entries that share bytes are the trick of the best zip bombs; a plain archive never has
 * them.
 */
function endsOf(
  records: readonly CentralRecord[],
  length: number,
  label: string,
): ReadonlyMap<CentralRecord, number> {
  const ordered = records.toSorted((a, b) => a.offset - b.offset)
  return new Map(
    ordered.map((record, i) => {
      const next = ordered[i + 1]
      if (next && record.offset + localHeaderLength + record.compressedSize > next.offset) {
        throw new ZipError(
          `${label}: the entries '${record.name}' and '${next.name}' overlap. The archive is damaged or made to do harm.`,
        )
      }
      return [record, next?.offset ?? length]
    }),
  )
}

function damagedEntry({ name }: CentralRecord, label: string, why: string, cause?: unknown): ZipError {
  return new ZipError(
    `${label}: the entry '${name}' is damaged: ${why}. Export or download the archive again.`,
    { cause },
  )
}

/** The bytes of an entry as they stand in the archive, where its header agrees with the directory. */
function readStored(source: ZipSource, record: CentralRecord, end: number, label: string): Buffer {
  const damaged = (why: string): ZipError => damagedEntry(record, label, why)
  const header = source.read(record.offset, localHeaderLength + record.nameBytes.length)
  if (header.length < localHeaderLength || header.readUInt32LE(0) !== localSignature) {
    throw damaged('its header is not where the directory says')
  }
  // Some readers go by the local header. An archive that tells each of them something else is refused.
  const nameLength = header.readUInt16LE(26)
  const isSameName =
    nameLength === record.nameBytes.length &&
    Buffer.compare(header.subarray(localHeaderLength), record.nameBytes) === 0
  if (!isSameName) throw damaged('its header has another name than the directory')
  const flags = header.readUInt16LE(6)
  if (header.readUInt16LE(8) !== record.method || (flags ^ record.flags) & decisiveFlags) {
    throw damaged('its header says that it is stored in another way than the directory says')
  }
  const stated = [
    [header.readUInt32LE(14), record.crc],
    [header.readUInt32LE(18), record.compressedSize],
    [header.readUInt32LE(22), record.size],
  ] as const
  const mayBeZero = (flags & sizesFollow) !== 0
  for (const [i, [found, expected]] of stated.entries()) {
    if (found === expected || (mayBeZero && found === 0) || (i > 0 && found === inExtraField)) continue
    throw damaged('its header has another size or checksum than the directory')
  }
  const start = record.offset + localHeaderLength + nameLength + header.readUInt16LE(28)
  if (start + record.compressedSize > end) throw damaged('its data overlaps what comes after it')
  const stored = source.read(start, record.compressedSize)
  if (stored.length < record.compressedSize) throw damaged('its data ends beyond the end of the file')
  return stored
}

function readContent(source: ZipSource, record: CentralRecord, end: number, label: string): Uint8Array {
  const damaged = (why: string, cause?: unknown): ZipError => damagedEntry(record, label, why, cause)
  const stored = readStored(source, record, end, label)
  let content: Uint8Array
  if (record.method === 0) content = stored
  else {
    try {
      // One byte more than promised is enough to see a lie, and keeps a bomb from being inflated at all.
      // The one chunk holds everything, so that nothing is copied; zlib refuses chunks below 64 bytes.
      const chunkSize = Math.max(record.size + 1, 64)
      content = inflateRawSync(stored, { maxOutputLength: Math.max(record.size, 1), chunkSize })
    } catch (cause) {
      throw damaged('its data cannot be inflated to the size that the directory says', cause)
    }
  }
  if (content.length !== record.size)
    throw damaged(`it holds ${content.length} bytes instead of ${record.size}`)
  if (crc32(content) !== record.crc) throw damaged('its checksum is wrong')
  return content
}
