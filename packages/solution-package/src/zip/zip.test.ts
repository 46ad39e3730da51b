import { createHash } from 'node:crypto'
import { type RawEntry, rawZip, zip64Extra } from '../testing/raw-zip.ts'
import { openZip, writeZip, ZipError } from './index.ts'

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const contents = (bytes: Uint8Array): Record<string, string> =>
  Object.fromEntries(openZip(bytes).map((entry) => [entry.name, text(entry.read())]))

describe('openZip', () => {
  test('reads stored and deflated entries, in the order of the directory', () => {
    const zip = rawZip([
      { name: 'b.txt', content: 'deflated '.repeat(100) },
      { name: 'folder/', method: 0 },
      { name: 'a.txt', content: 'stored', method: 0 },
      { name: 'empty.txt', content: '' },
    ])
    expect(openZip(zip).map(({ name, size }) => [name, size])).toEqual([
      ['b.txt', 900],
      ['folder/', 0],
      ['a.txt', 6],
      ['empty.txt', 0],
    ])
    expect(contents(zip)['b.txt']).toBe('deflated '.repeat(100))
    expect(contents(zip)['a.txt']).toBe('stored')
    expect(contents(zip)['empty.txt']).toBe('')
  })

  test('tells without inflating that two entries hold the same', () => {
    const stored = (entry: Partial<RawEntry>) => openZip(rawZip([{ name: 'a', ...entry }]))[0]?.stored?.()
    const one = stored({ content: 'the same' })
    expect(one).toBeDefined()
    expect(stored({ content: 'the same', written: [1, 1] })).toBe(one)
    expect(stored({ content: 'not same' })).not.toBe(one)
    // Of what is stored in another way, or says another checksum, it tells nothing.
    expect(stored({ content: 'the same', method: 0 })).not.toBe(one)
    expect(stored({ content: 'the same', crc: 1 })).not.toBe(one)
    expect(() => stored({ content: 'the same', localMethod: 0 })).toThrow(ZipError)
  })

  test('tells when an entry was written, and that 1980 and impossible days mean nothing', () => {
    const written = (year: number, month: number, day: number) =>
      [((year - 1980) << 9) | (month << 5) | day, (16 << 11) | (26 << 5) | 3] as const
    const zip = rawZip([
      { name: 'exported', written: written(2025, 12, 17) },
      { name: 'first day', written: written(1980, 1, 1) },
      { name: 'no day', written: written(2025, 0, 0) },
      { name: 'nothing' },
    ])
    expect(openZip(zip).map(({ writtenMs }) => writtenMs)).toEqual([
      Date.UTC(2025, 11, 17, 16, 26, 6),
      undefined,
      undefined,
      undefined,
    ])
  })

  test('reads an archive with a comment, with an odd one too', () => {
    expect(
      contents(rawZip([{ name: 'a', content: '1' }], { comment: Buffer.from('PK\x05\x06 by me') })),
    ).toEqual({
      a: '1',
    })
  })

  test('reads zip64 sizes, offsets and directories', () => {
    const plain = { name: 'a.txt', content: 'hello', method: 0 }
    const large = {
      ...plain,
      name: 'b.txt',
      size: 0xffffffff,
      compressedSize: 0xffffffff,
      offset: 0xffffffff,
      extra: Buffer.concat([Buffer.from([0x99, 0x99, 2, 0, 1, 2]), zip64Extra([5n, 5n, 40n])]),
    }
    expect(contents(rawZip([plain, large], { zip64: {} }))).toEqual({ 'a.txt': 'hello', 'b.txt': 'hello' })
  })

  test('takes a name as UTF-8 with and without the flag, and as Latin-1 where it is neither', () => {
    const names = openZip(
      rawZip([
        { name: 'ä.txt', flags: 0x800 },
        { name: 'ö.txt', flags: 0 },
        { name: Buffer.from('ü.txt', 'latin1'), flags: 0 },
      ]),
    ).map(({ name }) => name)
    expect(names).toEqual(['ä.txt', 'ö.txt', 'ü.txt'])
  })

  test('inflates an entry only when it is read, and names it when it is damaged', () => {
    const [good, bad] = openZip(
      rawZip([
        { name: 'good', content: '1' },
        { name: 'bad', content: '2', crc: 0 },
      ]),
      {
        label: 'orders.zip',
      },
    )
    expect(text(good?.read() ?? new Uint8Array())).toBe('1')
    expect(() => bad?.read()).toThrow(ZipError)
    expect(() => bad?.read()).toThrow("orders.zip: the entry 'bad' is damaged: its checksum is wrong.")
  })

  test('does not inflate beyond the size that the directory says', () => {
    const [bomb] = openZip(rawZip([{ name: 'bomb', content: 'a'.repeat(10_000_000), size: 100 }]))
    expect(() => bomb?.read()).toThrow('cannot be inflated to the size')
  })

  test.each([
    [{ maxEntries: 1 }, 'the limit is 1'],
    [{ maxEntryBytes: 9 }, "the entry 'a' unpacks to 10 bytes; the limit is 9"],
    [{ maxTotalBytes: 19 }, "unpacks to more than 19 bytes; 'b' crosses the limit"],
  ])('keeps the limit %j', (limits, message) => {
    const zip = rawZip([
      { name: 'a', content: '1234567890' },
      { name: 'b', content: '1234567890' },
    ])
    expect(openZip(zip)).toHaveLength(2)
    expect(() => openZip(zip, { limits })).toThrow(message)
  })

  test('keeps the limit of the ratio, which is adjustable', () => {
    const zip = rawZip([{ name: 'a', content: 'a'.repeat(2_000_000) }])
    expect(() => openZip(zip, { limits: { maxRatio: 100 } })).toThrow('over the limit of 100 to 1')
    expect(openZip(zip, { limits: { maxRatio: 2000 } })).toHaveLength(1)
  })

  test('reads a view into a larger buffer', () => {
    const zip = rawZip([{ name: 'a', content: '1' }])
    const buffer = new Uint8Array(zip.length + 20)
    buffer.set(zip, 10)
    expect(contents(buffer.subarray(10, 10 + zip.length))).toEqual({ a: '1' })
  })
})

describe('writeZip', () => {
  const entries = [
    { path: 'customizations.xml', bytes: Buffer.from('<a/>'.repeat(1000)) },
    { path: 'x/ä b.txt', bytes: Buffer.from('Grüße') },
    { path: 'empty', bytes: new Uint8Array() },
  ]

  test('writes what openZip reads, in the order given', async () => {
    const zip = await writeZip(entries)
    expect(contents(zip)).toEqual({
      'customizations.xml': '<a/>'.repeat(1000),
      'x/ä b.txt': 'Grüße',
      empty: '',
    })
    expect(openZip(zip).map(({ name }) => name)).toEqual(entries.map(({ path }) => path))
    expect(openZip(zip).map(({ writtenMs }) => writtenMs)).toEqual(entries.map(() => undefined))
  })

  // A change of this hash changes the hash of every archive that users have packed. It has to be a decision.
  test('gives the same bytes on every system and Node version', async () => {
    const sha256 = createHash('sha256')
      .update(await writeZip(entries))
      .digest('hex')
    expect(sha256).toBe('f78e8518d3ee30dcb621455950ea8b991438548f0d2fbe70b213d29bcf2d0fbf')
  })

  test('gives the same bytes for large entries, which are deflated in pieces', async () => {
    const lines = Array.from({ length: 40_000 }, (_, n) => `<row id="${n}" check="${(n * 7919) % 1009}" />`)
    const rows = lines.join('\n')
    const zip = await writeZip([
      { path: 'small', bytes: Buffer.from('1') },
      { path: 'large', bytes: Buffer.from(rows) },
      { path: 'larger', bytes: Buffer.from(rows + rows) },
    ])
    expect(contents(zip)).toEqual({ small: '1', large: rows, larger: rows + rows })
    expect(createHash('sha256').update(zip).digest('hex')).toBe(
      '3c9f780835fd0ab1836fefb120745b2488026fbe2b33cbbc185f840e1635065a',
    )
  })

  test('stores what is compressed already, and what deflating makes no smaller', async () => {
    const noise = Buffer.alloc(300_000)
    for (let at = 0; at < noise.length; at += 32)
      createHash('sha256').update(`${at}`).digest().copy(noise, at)
    const rows = Buffer.from('<row />\n'.repeat(40_000))
    const written = await writeZip([
      { path: 'app.msapp', bytes: noise },
      { path: 'short', bytes: noise.subarray(0, 40) },
      { path: 'empty', bytes: new Uint8Array() },
      { path: 'archive that stores', bytes: rawZip([{ name: 'a', content: rows, method: 0 }]) },
      { path: 'text after noise', bytes: Buffer.concat([noise.subarray(0, 100_000), rows]) },
    ])
    const zip = Buffer.from(written)
    const methods = Object.fromEntries(
      openZip(zip).map(({ name }) => {
        const at = zip.lastIndexOf(Buffer.from(name))
        return [name, zip.readUInt16LE(at - 46 + 10)]
      }),
    )
    expect(methods).toEqual({
      'app.msapp': 0,
      short: 0,
      empty: 0,
      'archive that stores': 8,
      'text after noise': 8,
    })
    expect(openZip(zip).map((entry) => entry.read().length)).toEqual([300_000, 40, 0, 320_100, 420_000])
  })

  test('refuses more entries than a plain archive can have', async () => {
    const many = Array.from({ length: 65_536 }, (_, n) => ({ path: `f/${n}`, bytes: new Uint8Array() }))
    await expect(writeZip(many)).rejects.toThrow(new ZipError('An archive can hold 65535 files, not 65536.'))
  })
})
