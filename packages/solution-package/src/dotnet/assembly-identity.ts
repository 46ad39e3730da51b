import { createHash } from 'node:crypto'
import { nodeErrorCode } from '../node-error.ts'

/**
 * The identity of a .NET assembly as .NET writes it: `Name, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null`.
 * Read from the metadata of the file (ECMA-335, partition II, sections 24 and 25).
 * @returns undefined for a file that is no assembly
 */
export function assemblyIdentity(bytes: Uint8Array): string | undefined {
  try {
    return readIdentity(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  } catch (error) {
    // A file that ends too early or points outside of itself is no assembly.
    const code = nodeErrorCode(error)
    if (code === 'ERR_OUT_OF_RANGE' || code === 'ERR_BUFFER_OUT_OF_BOUNDS') return undefined
    throw error
  }
}

function readIdentity(file: Buffer): string | undefined {
  const metadata = findMetadata(file)
  if (metadata === undefined) return undefined
  const streams = readStreams(file, metadata)
  const tables = streams.get('#~') ?? streams.get('#-')
  const strings = streams.get('#Strings')
  const blobs = streams.get('#Blob')
  if (tables === undefined || strings === undefined || blobs === undefined) return undefined
  const layout = readLayout(file, tables)
  const row = layout.assemblyRow
  if (row === undefined) return undefined
  const version = [4, 6, 8, 10].map((offset) => file.readUInt16LE(row + offset)).join('.')
  let at = row + 16
  const keyAt = readIndex(file, at, layout.wideBlobs)
  at += layout.wideBlobs ? 4 : 2
  const nameAt = readIndex(file, at, layout.wideStrings)
  at += layout.wideStrings ? 4 : 2
  const cultureAt = readIndex(file, at, layout.wideStrings)
  const name = readString(file, strings + nameAt)
  const culture = readString(file, strings + cultureAt) || 'neutral'
  return `${name}, Version=${version}, Culture=${culture}, PublicKeyToken=${publicKeyToken(readBlob(file, blobs + keyAt))}`
}

/** The file offset of the metadata, found through the PE and CLI headers. */
function findMetadata(file: Buffer): number | undefined {
  if (file.length < 0x40 || file.readUInt16LE(0) !== 0x5a4d) return undefined
  const pe = file.readUInt32LE(0x3c)
  if (file.readUInt32LE(pe) !== 0x4550) return undefined
  const sectionCount = file.readUInt16LE(pe + 6)
  const optionalSize = file.readUInt16LE(pe + 20)
  const optional = pe + 24
  const isPe32Plus = file.readUInt16LE(optional) === 0x20b
  // The CLI header is the fifteenth data directory.
  const cliAddress = file.readUInt32LE(optional + (isPe32Plus ? 112 : 96) + 14 * 8)
  if (cliAddress === 0) return undefined
  const offsetOf = (address: number): number | undefined => {
    for (let i = 0; i < sectionCount; i++) {
      const section = optional + optionalSize + i * 40
      const start = file.readUInt32LE(section + 12)
      const size = Math.max(file.readUInt32LE(section + 8), file.readUInt32LE(section + 16))
      if (address >= start && address < start + size) return address - start + file.readUInt32LE(section + 20)
    }
    return undefined
  }
  const cli = offsetOf(cliAddress)
  const metadata = cli === undefined ? undefined : offsetOf(file.readUInt32LE(cli + 8))
  return metadata !== undefined && file.readUInt32LE(metadata) === 0x424a5342 ? metadata : undefined
}

function readStreams(file: Buffer, metadata: number): Map<string, number> {
  const streams = new Map<string, number>()
  let at = metadata + 16 + file.readUInt32LE(metadata + 12)
  const count = file.readUInt16LE(at + 2)
  at += 4
  for (let i = 0; i < count; i++) {
    const name = readString(file, at + 8)
    streams.set(name, metadata + file.readUInt32LE(at))
    at += 8 + (Math.floor(name.length / 4) + 1) * 4
  }
  return streams
}

/**
 * The columns of the tables that stand before Assembly (0x20): numbers are bytes, `s`, `g` and `b` indexes into the
 * heaps, `t` followed by table numbers an index into those tables, with the number of bits that tell which.
 */
type Column = 2 | 4 | 's' | 'g' | 'b' | { readonly tables: readonly number[]; readonly tagBits: number }

function into(table: number): Column {
  return { tables: [table], tagBits: 0 }
}
const TYPE_DEF_OR_REF: Column = { tables: [0x02, 0x01, 0x1b], tagBits: 2 }
const HAS_CONSTANT: Column = { tables: [0x04, 0x08, 0x17], tagBits: 2 }
const HAS_CUSTOM_ATTRIBUTE: Column = {
  tables: [
    0x06, 0x04, 0x01, 0x02, 0x08, 0x09, 0x0a, 0x00, 0x0e, 0x17, 0x14, 0x11, 0x1a, 0x1b, 0x20, 0x23, 0x26,
    0x27, 0x28, 0x2a, 0x2c, 0x2b,
  ],
  tagBits: 5,
}
const HAS_FIELD_MARSHAL: Column = { tables: [0x04, 0x08], tagBits: 1 }
const HAS_SECURITY: Column = { tables: [0x02, 0x06, 0x20], tagBits: 2 }
const MEMBER_REF_PARENT: Column = { tables: [0x02, 0x01, 0x1a, 0x06, 0x1b], tagBits: 3 }
const HAS_SEMANTICS: Column = { tables: [0x14, 0x17], tagBits: 1 }
const METHOD_DEF_OR_REF: Column = { tables: [0x06, 0x0a], tagBits: 1 }
const MEMBER_FORWARDED: Column = { tables: [0x04, 0x06], tagBits: 1 }
const ATTRIBUTE_TYPE: Column = { tables: [0x06, 0x0a], tagBits: 3 }
const RESOLUTION_SCOPE: Column = { tables: [0x00, 0x1a, 0x23, 0x01], tagBits: 2 }

const ASSEMBLY = 0x20
const COLUMNS: readonly (readonly Column[])[] = [
  /* 00 Module */ [2, 's', 'g', 'g', 'g'],
  /* 01 TypeRef */ [RESOLUTION_SCOPE, 's', 's'],
  /* 02 TypeDef */ [4, 's', 's', TYPE_DEF_OR_REF, into(0x04), into(0x06)],
  /* 03 FieldPtr */ [into(0x04)],
  /* 04 Field */ [2, 's', 'b'],
  /* 05 MethodPtr */ [into(0x06)],
  /* 06 MethodDef */ [4, 2, 2, 's', 'b', into(0x08)],
  /* 07 ParamPtr */ [into(0x08)],
  /* 08 Param */ [2, 2, 's'],
  /* 09 InterfaceImpl */ [into(0x02), TYPE_DEF_OR_REF],
  /* 0a MemberRef */ [MEMBER_REF_PARENT, 's', 'b'],
  /* 0b Constant */ [2, HAS_CONSTANT, 'b'],
  /* 0c CustomAttribute */ [HAS_CUSTOM_ATTRIBUTE, ATTRIBUTE_TYPE, 'b'],
  /* 0d FieldMarshal */ [HAS_FIELD_MARSHAL, 'b'],
  /* 0e DeclSecurity */ [2, HAS_SECURITY, 'b'],
  /* 0f ClassLayout */ [2, 4, into(0x02)],
  /* 10 FieldLayout */ [4, into(0x04)],
  /* 11 StandAloneSig */ ['b'],
  /* 12 EventMap */ [into(0x02), into(0x14)],
  /* 13 EventPtr */ [into(0x14)],
  /* 14 Event */ [2, 's', TYPE_DEF_OR_REF],
  /* 15 PropertyMap */ [into(0x02), into(0x17)],
  /* 16 PropertyPtr */ [into(0x17)],
  /* 17 Property */ [2, 's', 'b'],
  /* 18 MethodSemantics */ [2, into(0x06), HAS_SEMANTICS],
  /* 19 MethodImpl */ [into(0x02), METHOD_DEF_OR_REF, METHOD_DEF_OR_REF],
  /* 1a ModuleRef */ ['s'],
  /* 1b TypeSpec */ ['b'],
  /* 1c ImplMap */ [2, MEMBER_FORWARDED, 's', into(0x1a)],
  /* 1d FieldRVA */ [4, into(0x04)],
  /* 1e ENCLog */ [4, 4],
  /* 1f ENCMap */ [4],
]

interface TablesLayout {
  readonly wideStrings: boolean
  readonly wideBlobs: boolean
  /** The file offset of the row of the Assembly table. */
  readonly assemblyRow: number | undefined
}

function readLayout(file: Buffer, tables: number): TablesLayout {
  const heapSizes = file.readUInt8(tables + 6)
  const wide = { s: (heapSizes & 1) !== 0, g: (heapSizes & 2) !== 0, b: (heapSizes & 4) !== 0 }
  const valid = file.readBigUInt64LE(tables + 8)
  const rows: number[] = []
  let at = tables + 24
  for (let table = 0; table < 64; table++) {
    const present = (valid & (1n << BigInt(table))) !== 0n
    rows.push(present ? file.readUInt32LE(at) : 0)
    if (present) at += 4
  }
  const sizeOf = (column: Column): number => {
    if (typeof column === 'number') return column
    if (typeof column === 'string') return wide[column] ? 4 : 2
    const most = Math.max(...column.tables.map((table) => rows[table] ?? 0))
    return most >= 1 << (16 - column.tagBits) ? 4 : 2
  }
  for (const [table, columns] of COLUMNS.entries()) {
    at += (rows[table] ?? 0) * columns.reduce<number>((size, column) => size + sizeOf(column), 0)
  }
  const hasAssembly = (rows[ASSEMBLY] ?? 0) > 0
  return { wideStrings: wide.s, wideBlobs: wide.b, assemblyRow: hasAssembly ? at : undefined }
}

function readIndex(file: Buffer, at: number, isWide: boolean): number {
  return isWide ? file.readUInt32LE(at) : file.readUInt16LE(at)
}

function readString(file: Buffer, at: number): string {
  const end = file.indexOf(0, at)
  return file.toString('utf8', at, end < 0 ? file.length : end)
}

/** A blob begins with its length in one, two or four bytes. */
function readBlob(file: Buffer, at: number): Buffer {
  const first = file.readUInt8(at)
  if ((first & 0x80) === 0) return file.subarray(at + 1, at + 1 + first)
  if ((first & 0xc0) === 0x80) return file.subarray(at + 2, at + 2 + (file.readUInt16BE(at) & 0x3fff))
  return file.subarray(at + 4, at + 4 + (file.readUInt32BE(at) & 0x1fffffff))
}

/** The last eight bytes of the key's SHA-1, backwards. */
function publicKeyToken(key: Buffer): string {
  if (key.length === 0) return 'null'
  return Buffer.from(createHash('sha1').update(key).digest().subarray(-8).toReversed()).toString('hex')
}
