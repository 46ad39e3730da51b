import { type CompressedContent, Compressor, lengthOf } from './compressor.ts'
import { defaultZipLimits } from './limits.ts'
import { ZipError } from './zip-error.ts'

/** What is written can be read again. */
const { maxEntryBytes, maxTotalBytes } = defaultZipLimits

/** What the numbers of an archive can say without the extension for larger ones. */
const MAX_BYTES = 2 ** 32 - 1
const MAX_ENTRIES = 2 ** 16 - 1

const VERSION = 20
const NAME_IS_UTF8 = 0x800
const STORED = 0
const DEFLATED = 8
/** The first day that an archive can tell, so that the time of packing leaves no trace. */
const FIRST_DAY = (1 << 5) | 1

const LOCAL_LENGTH = 30
const CENTRAL_LENGTH = 46
const END_LENGTH = 22

/** An entry that is to be written. */
export interface CompressedEntry {
  readonly path: string
  readonly content: CompressedContent
}

/**
 * Writes an archive whose bytes depend on its entries and their order alone.
 * @throws ZipError when there are more entries or bytes than a plain archive can have
 */
export async function writeZip(
  entries: readonly { readonly path: string; readonly bytes: Uint8Array }[],
): Promise<Uint8Array> {
  const compressor = await Compressor.open()
  try {
    const contents = entries.map(async ({ path, bytes }) => ({
      path,
      content: await compressor.compress(bytes),
    }))
    await compressor.finish()
    return writeCompressed(await Promise.all(contents))
  } finally {
    await compressor.close()
  }
}

/**
 * Puts compressed contents together to an archive, with a fixed date and platform. Layout: PKWARE's APPNOTE, section
 * 4.3.
 * @throws ZipError when there are more entries or bytes than a plain archive can have
 */
export function writeCompressed(entries: readonly CompressedEntry[]): Uint8Array {
  if (entries.length > MAX_ENTRIES)
    throw new ZipError(`An archive can hold ${MAX_ENTRIES} files, not ${entries.length}.`)
  const pieces: Uint8Array[] = []
  const directory: Buffer[] = []
  let offset = 0
  let total = 0
  for (const { path, content } of entries) {
    if (content.size > maxEntryBytes) {
      throw new ZipError(
        `'${path}' has ${content.size} bytes; ${maxEntryBytes} is the most that is unpacked again.`,
      )
    }
    total += content.size
    if (total > maxTotalBytes) throw tooLarge(path)
    const storedLength = lengthOf(content.stored)
    const name = Buffer.from(path)
    const description = describe(name, path, content, storedLength)
    const local = Buffer.alloc(LOCAL_LENGTH)
    local.writeUInt32LE(0x04034b50, 0)
    description.copy(local, 4)
    const central = Buffer.alloc(CENTRAL_LENGTH)
    central.writeUInt32LE(0x02014b50, 0)
    central.writeUInt16LE(VERSION, 4)
    description.copy(central, 6)
    central.writeUInt32LE(offset, 42)
    pieces.push(local, name, ...content.stored)
    directory.push(central, name)
    offset += local.length + name.length + storedLength
    if (offset > MAX_BYTES) throw tooLarge(path)
  }
  const end = Buffer.alloc(END_LENGTH)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(
    directory.reduce((size, { length }) => size + length, 0),
    12,
  )
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...pieces, ...directory, end])
}

function tooLarge(path: string): ZipError {
  return new ZipError(
    `'${path}' makes the archive larger than ${Math.min(MAX_BYTES, maxTotalBytes)} bytes, which a plain archive cannot be.`,
  )
}

/** What stands both before an entry and in the directory. */
function describe(
  name: Buffer,
  path: string,
  { isDeflated, crc, size }: CompressedContent,
  storedLength: number,
): Buffer {
  const fields = Buffer.alloc(26)
  fields.writeUInt16LE(VERSION, 0)
  fields.writeUInt16LE(name.length === path.length ? 0 : NAME_IS_UTF8, 2)
  fields.writeUInt16LE(isDeflated ? DEFLATED : STORED, 4)
  fields.writeUInt16LE(FIRST_DAY, 8)
  fields.writeUInt32LE(crc, 10)
  fields.writeUInt32LE(storedLength, 14)
  fields.writeUInt32LE(size, 18)
  fields.writeUInt16LE(name.length, 22)
  return fields
}
