import { deflateRawSync } from 'node:zlib'
import { crc32 } from '../zip/crc32.ts'

/** An entry as it is to be written, with anything that an honest writer would not say about it. */
export interface RawEntry {
  readonly name: string | Uint8Array
  readonly content?: string | Uint8Array
  /** 8 (deflate) unless given; the content is deflated for 8 only. */
  readonly method?: number
  readonly flags?: number
  /** 3 is Unix. */
  readonly madeOn?: number
  readonly attributes?: number
  readonly crc?: number
  /** Of the content, as the directory says it. */
  readonly size?: number
  readonly compressedSize?: number
  /** Date and time as MS-DOS packs them. */
  readonly written?: readonly [date: number, time: number]
  /** Where the directory says that the entry stands. */
  readonly offset?: number
  /** Extra field of the directory. */
  readonly extra?: Uint8Array
  readonly localName?: string
  readonly localMethod?: number
  readonly localFlags?: number
  readonly localCrc?: number
  readonly localSize?: number
  readonly localCompressedSize?: number
  /** Extra field before the data. */
  readonly localExtra?: Uint8Array
  /** What the local header says of its length. */
  readonly localExtraLength?: number
}

export interface RawEnd {
  readonly comment?: Uint8Array
  readonly count?: number
  readonly directorySize?: number
  readonly directoryOffset?: number
  readonly disk?: number
  /** Also writes the records of zip64, with these words about them. */
  readonly zip64?: { readonly count?: bigint; readonly locatorOffset?: bigint }
}

function bytesOf(text: string | Uint8Array): Buffer {
  return Buffer.from(text)
}

/** Writes a zip archive field by field, so that each of them can lie. */
export function rawZip(entries: readonly RawEntry[], end: RawEnd = {}): Buffer {
  const pieces: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const entry of entries) {
    const { local, central } = records(entry, at)
    pieces.push(local)
    directory.push(central)
    at += local.length
  }
  const listing = Buffer.concat(directory)
  const offset = end.directoryOffset ?? at
  const size = end.directorySize ?? listing.length
  const count = end.count ?? entries.length
  const zip64 = end.zip64 ? zip64Records(at + listing.length, { count, size, offset }, end.zip64) : []
  return Buffer.concat([...pieces, listing, ...zip64, endRecord(end, { count, size, offset })])
}

function records(entry: RawEntry, at: number): { local: Buffer; central: Buffer } {
  const { method = 8, flags = 0x800 } = entry
  const content = bytesOf(entry.content ?? '')
  const data = method === 8 ? deflateRawSync(content) : content
  const crc = entry.crc ?? crc32(content)
  const size = entry.size ?? content.length
  const compressedSize = entry.compressedSize ?? data.length
  const name = bytesOf(entry.name)
  const localName = bytesOf(entry.localName ?? entry.name)
  const extra = bytesOf(entry.extra ?? '')

  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(20, 4)
  local.writeUInt16LE(entry.localFlags ?? flags, 6)
  local.writeUInt16LE(entry.localMethod ?? method, 8)
  local.writeUInt32LE(entry.localCrc ?? crc, 14)
  local.writeUInt32LE(entry.localCompressedSize ?? compressedSize, 18)
  local.writeUInt32LE(entry.localSize ?? size, 22)
  local.writeUInt16LE(localName.length, 26)
  const localExtra = bytesOf(entry.localExtra ?? '')
  local.writeUInt16LE(entry.localExtraLength ?? localExtra.length, 28)

  const central = Buffer.alloc(46)
  central.writeUInt32LE(0x02014b50, 0)
  central[4] = 20
  central[5] = entry.madeOn ?? 0
  central.writeUInt16LE(20, 6)
  central.writeUInt16LE(flags, 8)
  central.writeUInt16LE(method, 10)
  const [date, time] = entry.written ?? [0, 0]
  central.writeUInt16LE(time, 12)
  central.writeUInt16LE(date, 14)
  central.writeUInt32LE(crc, 16)
  central.writeUInt32LE(compressedSize, 20)
  central.writeUInt32LE(size, 24)
  central.writeUInt16LE(name.length, 28)
  central.writeUInt16LE(extra.length, 30)
  central.writeUInt32LE(entry.attributes ?? 0, 38)
  central.writeUInt32LE(entry.offset ?? at, 42)
  return {
    local: Buffer.concat([local, localName, localExtra, data]),
    central: Buffer.concat([central, name, extra]),
  }
}

interface Listing {
  readonly count: number
  readonly size: number
  readonly offset: number
}

function zip64Records(at: number, listing: Listing, lies: NonNullable<RawEnd['zip64']>): Buffer[] {
  const record = Buffer.alloc(56)
  record.writeUInt32LE(0x06064b50, 0)
  record.writeBigUInt64LE(44n, 4)
  record.writeBigUInt64LE(lies.count ?? BigInt(listing.count), 24)
  record.writeBigUInt64LE(lies.count ?? BigInt(listing.count), 32)
  record.writeBigUInt64LE(BigInt(listing.size), 40)
  record.writeBigUInt64LE(BigInt(listing.offset), 48)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(lies.locatorOffset ?? BigInt(at), 8)
  locator.writeUInt32LE(1, 16)
  return [record, locator]
}

function endRecord({ comment, disk = 0, zip64 }: RawEnd, { count, size, offset }: Listing): Buffer {
  const text = bytesOf(comment ?? '')
  const record = Buffer.alloc(22)
  record.writeUInt32LE(0x06054b50, 0)
  record.writeUInt16LE(disk, 4)
  record.writeUInt16LE(disk, 6)
  record.writeUInt16LE(zip64 ? 0xffff : count, 8)
  record.writeUInt16LE(zip64 ? 0xffff : count, 10)
  record.writeUInt32LE(zip64 ? 0xffffffff : size, 12)
  record.writeUInt32LE(zip64 ? 0xffffffff : offset, 16)
  record.writeUInt16LE(text.length, 20)
  return Buffer.concat([record, text])
}

/** The zip64 extra field: values that the record itself has all ones for. */
export function zip64Extra(values: readonly bigint[]): Buffer {
  const extra = Buffer.alloc(4 + 8 * values.length)
  extra.writeUInt16LE(1, 0)
  extra.writeUInt16LE(8 * values.length, 2)
  for (const [i, value] of values.entries()) extra.writeBigUInt64LE(value, 4 + 8 * i)
  return extra
}
