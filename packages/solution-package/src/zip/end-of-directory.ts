import { whatItIs } from './not-a-zip.ts'
import { ZipError } from './zip-error.ts'
import type { ZipSource } from './zip-source.ts'

/** Where the central directory stands, and how many entries it counts. */
export interface DirectoryPlace {
  readonly count: number
  /** From the start of the file. */
  readonly offset: number
  /** Bytes. */
  readonly size: number
}

const endSignature = 0x06054b50
const zip64EndSignature = 0x06064b50
const zip64LocatorSignature = 0x07064b50
const endLength = 22
const maxCommentLength = 0xffff
const locatorLength = 20

/**
 * Reads the record at the end of an archive (PKWARE APPNOTE 4.3.14 to 4.3.16).
 *
 * @throws ZipError when there is none, when there are two, or when it speaks of other disks
 */
export function findDirectory(source: ZipSource, label: string): DirectoryPlace {
  if (source.length === 0) throw new ZipError(`${label} is empty: 0 bytes.`)
  const tailLength = Math.min(source.length, locatorLength + endLength + maxCommentLength)
  const buffer = source.read(source.length - tailLength, tailLength)
  const [at, inComment] = endRecords(buffer)
  if (at === undefined) {
    throw new ZipError(`${label} is not a zip archive, ${whatItIs(source)}`)
  }
  if (inComment !== undefined) {
    throw new ZipError(
      `${label} has two directories, one of them in its comment. Readers disagree on which one counts, so the archive is refused.`,
    )
  }
  const disks = buffer.readUInt16LE(at + 4) + buffer.readUInt16LE(at + 6)
  if (disks !== 0 && disks !== 2 * 0xffff) {
    throw new ZipError(`${label} is one part of a split archive; join the parts first.`)
  }
  const found = {
    count: buffer.readUInt16LE(at + 10),
    size: buffer.readUInt32LE(at + 12),
    offset: buffer.readUInt32LE(at + 16),
  }
  const isZip64 = found.count === 0xffff || found.size === 0xffffffff || found.offset === 0xffffffff
  return isZip64 ? (findZip64Directory(source, buffer, at, label) ?? found) : found
}

/** Offsets of all records that could be the last one, from the end of the file backwards. */
function endRecords(buffer: Buffer): readonly number[] {
  const found: number[] = []
  // It may be followed by a comment of up to 65,535 bytes.
  const lowest = Math.max(0, buffer.length - endLength - maxCommentLength)
  for (let at = buffer.length - endLength; at >= lowest; at--) {
    if (buffer.readUInt32LE(at) !== endSignature) continue
    if (at + endLength + buffer.readUInt16LE(at + 20) === buffer.length) found.push(at)
  }
  return found
}

function findZip64Directory(
  source: ZipSource,
  tail: Buffer,
  endAt: number,
  label: string,
): DirectoryPlace | undefined {
  const locator = endAt - locatorLength
  if (locator < 0 || tail.readUInt32LE(locator) !== zip64LocatorSignature) return undefined
  const at = Number(tail.readBigUInt64LE(locator + 8))
  const record = Number.isSafeInteger(at) ? source.read(at, 56) : Buffer.alloc(0)
  if (record.length < 56 || record.readUInt32LE(0) !== zip64EndSignature) {
    throw new ZipError(`${label} is damaged: its zip64 directory is not where it should be.`)
  }
  const field = (from: number): number => Number(record.readBigUInt64LE(from))
  const found = { count: field(32), size: field(40), offset: field(48) }
  if (!Object.values(found).every(Number.isSafeInteger)) {
    throw new ZipError(`${label} is damaged: its zip64 directory has impossible sizes.`)
  }
  return found
}
