import { availableParallelism } from 'node:os'
import { deflate, deflateSync } from 'fflate'
import { crc32 } from './crc32.ts'
import { ZipError } from './zip-error.ts'

// Another level would change the bytes of every archive.
const options = { level: 6 } as const

/** Entries from this size on are deflated in threads beside the others; a thread takes some 50 ms to start. */
const LARGE = 2 ** 22
/** More would wait for each other, and each has its own copy of an entry. */
const THREADS = Math.min(4, availableParallelism())
/** What the numbers of an archive can say without the extension for larger ones. */
const MAX_BYTES = 2 ** 32 - 1
const MAX_ENTRIES = 2 ** 16 - 1

const VERSION = 20
const NAME_IS_UTF8 = 0x800
const DEFLATED = 8
/** The first day that an archive can tell, so that the time of packing leaves no trace. */
const FIRST_DAY = (1 << 5) | 1

const LOCAL_LENGTH = 30
const CENTRAL_LENGTH = 46
const END_LENGTH = 22

/**
 * Writes an archive whose bytes depend on its entries and their order alone: fixed date, level and platform, and
 * deflate by JavaScript, since the output of zlib differs between its versions. Layout: PKWARE's APPNOTE, section 4.3.
 * @throws ZipError when there are more entries or bytes than a plain archive can have
 */
export async function writeZip(
  entries: readonly { readonly path: string; readonly bytes: Uint8Array }[],
): Promise<Uint8Array> {
  if (entries.length > MAX_ENTRIES)
    throw new ZipError(`An archive can hold ${MAX_ENTRIES} files, not ${entries.length}.`)
  const contents = await deflateAll(entries.map(({ bytes }) => bytes))
  const pieces: Uint8Array[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [i, { path, bytes }] of entries.entries()) {
    if (bytes.length > MAX_BYTES) throw tooLarge(path)
    const content = contents[i] ?? new Uint8Array()
    const name = Buffer.from(path)
    const description = describe(name, path, bytes, content)
    const local = Buffer.alloc(LOCAL_LENGTH)
    local.writeUInt32LE(0x04034b50, 0)
    description.copy(local, 4)
    const central = Buffer.alloc(CENTRAL_LENGTH)
    central.writeUInt32LE(0x02014b50, 0)
    central.writeUInt16LE(VERSION, 4)
    description.copy(central, 6)
    central.writeUInt32LE(offset, 42)
    pieces.push(local, name, content)
    directory.push(central, name)
    offset += local.length + name.length + content.length
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
    `"${path}" makes the archive larger than ${MAX_BYTES} bytes, which a plain archive cannot be.`,
  )
}

/** What stands both before an entry and in the directory. */
function describe(name: Buffer, path: string, bytes: Uint8Array, content: Uint8Array): Buffer {
  const fields = Buffer.alloc(26)
  fields.writeUInt16LE(VERSION, 0)
  fields.writeUInt16LE(name.length === path.length ? 0 : NAME_IS_UTF8, 2)
  fields.writeUInt16LE(DEFLATED, 4)
  fields.writeUInt16LE(FIRST_DAY, 8)
  fields.writeUInt32LE(crc32(bytes), 10)
  fields.writeUInt32LE(content.length, 14)
  fields.writeUInt32LE(bytes.length, 18)
  fields.writeUInt16LE(name.length, 22)
  return fields
}

async function deflateAll(all: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
  const deflated: Uint8Array[] = []
  const large = [...all.entries()].filter(([, { length }]) => length >= LARGE)
  const thread = async (): Promise<void> => {
    for (let next = large.shift(); next !== undefined; next = large.shift()) {
      const [i, bytes] = next
      deflated[i] = await inThread(bytes)
    }
  }
  const threads = Array.from({ length: THREADS }, thread)
  for (const [i, bytes] of all.entries()) {
    if (bytes.length < LARGE) deflated[i] = deflateSync(bytes, options)
  }
  await Promise.all(threads)
  return deflated
}

async function inThread(bytes: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    deflate(bytes, options, (error, content) => (error === null ? resolve(content) : reject(error)))
  })
}
