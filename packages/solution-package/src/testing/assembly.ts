/**
 * The least that a .NET assembly is: PE and CLI headers and a metadata with the Module and Assembly tables.
 * @param publicKey the key, or nothing for an assembly without a strong name
 */
export function assembly(
  name: string,
  version: readonly [number, number, number, number],
  publicKey: Buffer,
): Buffer {
  const strings = Buffer.from(`\0Mod\0${name}\0`, 'utf8')
  const blobs = Buffer.concat([Buffer.from([0, publicKey.length]), publicKey])
  const tables = Buffer.alloc(24 + 8 + 10 + 22)
  tables.writeUInt8(2, 4)
  tables.writeBigUInt64LE((1n << 0x20n) | 1n, 8)
  tables.writeUInt32LE(1, 24)
  tables.writeUInt32LE(1, 28)
  tables.writeUInt16LE(1, 34)
  const row = 42
  for (const [i, part] of version.entries()) tables.writeUInt16LE(part, row + 4 + i * 2)
  tables.writeUInt16LE(1, row + 16)
  tables.writeUInt16LE(5, row + 18)

  const streams: [string, Buffer][] = [
    ['#~', tables],
    ['#Strings', strings],
    ['#Blob', blobs],
    ['#GUID', Buffer.alloc(16)],
  ]
  const headers = streams.map(([stream, content]) => {
    const header = Buffer.alloc(8 + (Math.floor(stream.length / 4) + 1) * 4)
    header.writeUInt32LE(content.length, 4)
    header.write(stream, 8)
    return header
  })
  const root = Buffer.alloc(16 + 8 + 4)
  root.writeUInt32LE(0x424a5342, 0)
  root.writeUInt32LE(8, 12)
  root.write('v4.0', 16)
  root.writeUInt16LE(streams.length, 26)
  let offset = root.length + headers.reduce((size, header) => size + header.length, 0)
  for (const [i, header] of headers.entries()) {
    header.writeUInt32LE(offset, 0)
    offset += streams[i]?.[1].length ?? 0
  }
  const metadata = Buffer.concat([root, ...headers, ...streams.map(([, content]) => content)])

  const start = 0x200
  const pe = Buffer.alloc(start)
  pe.write('MZ')
  pe.writeUInt32LE(0x80, 0x3c)
  pe.write('PE\0\0', 0x80)
  pe.writeUInt16LE(1, 0x86)
  pe.writeUInt16LE(0xe0, 0x94)
  pe.writeUInt16LE(0x10b, 0x98)
  pe.writeUInt32LE(0x2000, 0x98 + 96 + 14 * 8)
  const section = 0x98 + 0xe0
  pe.writeUInt32LE(0x1000, section + 8)
  pe.writeUInt32LE(0x2000, section + 12)
  pe.writeUInt32LE(72 + metadata.length, section + 16)
  pe.writeUInt32LE(start, section + 20)
  const cli = Buffer.alloc(72)
  cli.writeUInt32LE(0x2000 + 72, 8)
  cli.writeUInt32LE(metadata.length, 12)
  return Buffer.concat([pe, cli, metadata])
}
