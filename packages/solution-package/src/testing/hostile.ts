import { customizations, solutionXml, solutionZip } from './solution-zip.ts'
import { rawZip, type RawEntry, zip64Extra } from './raw-zip.ts'

/** An archive that must be refused, named by the error that it must give. */
export interface HostileArchive {
  readonly what: string
  /** A part of the message. */
  readonly error: string
  readonly make: () => Buffer
}

const good = solutionZip()
function withEntry(...more: RawEntry[]): Buffer {
  return solutionZip({ more })
}
function withSections(sections: string, more: readonly RawEntry[] = []): Buffer {
  return solutionZip({ customizations: customizations(sections), more })
}
function withDocument(text: string | Uint8Array): Buffer {
  return solutionZip({ customizations: text })
}
function documentType(declarations: string, text: string): Buffer {
  return withDocument(
    `<!DOCTYPE ImportExportXml [${declarations}]><ImportExportXml><Languages>${text}</Languages></ImportExportXml>`,
  )
}

function hostile(what: string, error: string, make: () => Buffer): HostileArchive {
  return { what, error, make }
}

/** Containers that are damaged, incomplete, or say different things to different readers. */
const containers: readonly HostileArchive[] = [
  hostile('empty file', 'is empty: 0 bytes', () => Buffer.alloc(0)),
  hostile('text file', 'is not a zip archive', () => Buffer.from('Hello. '.repeat(50))),
  hostile('html error page', 'is not a zip archive', () => Buffer.from('<!DOCTYPE html><title>502</title>')),
  hostile('cut in the directory', 'is not a zip archive, or it is cut off', () => good.subarray(0, -30)),
  hostile('cut in the middle', 'is not a zip archive, or it is cut off', () => good.subarray(0, 200)),
  hostile('cut at the front', 'is cut', () => good.subarray(100)),
  hostile('without entries', 'a.zip has no solution.xml', () => rawZip([])),
  hostile('part of a split archive', 'is one part of a split archive', () =>
    solutionZip({ end: { disk: 1 } }),
  ),
  hostile('directory counts too many', 'entry 4 of 4 is missing', () => solutionZip({ end: { count: 4 } })),
  hostile('directory counts too few', 'its directory goes on after the 2 entries', () =>
    solutionZip({ end: { count: 2 } }),
  ),
  hostile('directory beyond the end', 'ends beyond the end of the file', () =>
    solutionZip({ end: { directoryOffset: 1_000_000 } }),
  ),
  hostile('directory cut inside a record', 'is cut', () => {
    const size = 46 + '[Content_Types].xml'.length - 5
    return solutionZip({ end: { count: 1, directorySize: size } })
  }),
  hostile('a second directory in the comment', 'has two directories', () =>
    solutionZip({ end: { comment: solutionZip().subarray(-22) } }),
  ),
  hostile('zip64 locator to nowhere', 'its zip64 directory is not where it should be', () =>
    solutionZip({ end: { zip64: { locatorOffset: 99_999_999n } } }),
  ),
  hostile('zip64 sizes beyond numbers', 'its zip64 directory has impossible sizes', () =>
    solutionZip({ end: { zip64: { count: 2n ** 63n } } }),
  ),
  hostile('four thousand million entries', 'says that it holds 4000000000 entries', () =>
    solutionZip({ end: { zip64: { count: 4_000_000_000n } } }),
  ),
  hostile('more entries than allowed', 'the limit is 100000', () =>
    rawZip(
      Array.from({ length: 100_001 }, (_, i) => ({ name: `a/${i}`, method: 0 })),
      { zip64: {} },
    ),
  ),
]

/** Entries that lie about themselves. */
const entries: readonly HostileArchive[] = [
  hostile('same name twice', "holds the entry 'x/a.txt' twice", () =>
    withEntry({ name: 'x/a.txt', content: '1' }, { name: 'x/a.txt', content: '2' }),
  ),
  hostile('solution.xml twice', "holds the entry 'solution.xml' twice", () =>
    withEntry({ name: 'solution.xml', content: solutionXml }),
  ),
  hostile('solution.xml twice, in other case', 'differ by upper and lower case only', () =>
    withEntry({ name: 'Solution.xml', content: solutionXml }),
  ),
  hostile('names that differ by case', 'differ by upper and lower case only', () =>
    withEntry({ name: 'x/a.txt', content: '1' }, { name: 'X/A.txt', content: '2' }),
  ),
  hostile('names that are one when decoded', 'are the same file once their names are decoded', () =>
    withEntry({ name: 'x/a b.txt', content: '1' }, { name: 'x/a%20b.txt', content: '2' }),
  ),
  hostile('names that are one when resolved', 'are the same file once their names are decoded', () =>
    withEntry({ name: 'x/a.txt', content: '1' }, { name: 'x/y/../a.txt', content: '2' }),
  ),
  hostile('a file where a folder is', 'where x/a.txt/b.txt needs a folder', () =>
    withEntry({ name: 'x/a.txt', content: '1' }, { name: 'x/a.txt/b.txt', content: '2' }),
  ),
  hostile('encrypted', "'x/a.txt' is encrypted", () =>
    withEntry({ name: 'x/a.txt', content: 'secret', flags: 1 }),
  ),
  hostile('encrypted with strong encryption', "'x/a.txt' is encrypted", () =>
    withEntry({ name: 'x/a.txt', content: 'secret', flags: 0x41 }),
  ),
  hostile('encrypted by the local header only', 'stored in another way', () =>
    withEntry({ name: 'x/a.txt', content: 'secret', localFlags: 0x801 }),
  ),
  ...(
    [
      ['checksum', { localCrc: 1 }],
      ['size', { localSize: 5 }],
      ['compressed size', { localCompressedSize: 5 }],
    ] as const
  ).map(([what, lie]) =>
    hostile(`another ${what} in the local header`, 'its header has another size or checksum', () =>
      withEntry({ name: 'x/a.txt', content: '1', ...lie }),
    ),
  ),
  hostile('another way to read its name in the local header', 'stored in another way', () =>
    withEntry({ name: 'x/a.txt', content: '1', localFlags: 0 }),
  ),
  hostile('an extra field that reaches into the next entry', 'its data overlaps what comes after it', () =>
    withEntry({ name: 'x/a.txt', content: '1', localExtraLength: 20 }, { name: 'x/b.txt', content: '2' }),
  ),
  hostile('another name in the local header', 'its header has another name', () =>
    withEntry({ name: 'x/a.txt', content: '1', localName: 'x/b.txt' }),
  ),
  hostile('another method in the local header', 'stored in another way', () =>
    withEntry({ name: 'x/a.txt', content: '1', localMethod: 0 }),
  ),
  hostile('bzip2', 'is compressed with method 12', () => withEntry({ name: 'x/a.txt', method: 12 })),
  hostile('deflate64', 'is compressed with method 9', () => withEntry({ name: 'x/a.txt', method: 9 })),
  hostile('Zstandard', 'is compressed with method 93', () => withEntry({ name: 'x/a.txt', method: 93 })),
  hostile('symbolic link', 'is a link or a device', () =>
    withEntry({ name: 'x/a.txt', content: '/etc/passwd', madeOn: 3, attributes: 0xa1ff0000 }),
  ),
  hostile('symbolic link made on macOS', 'is a link or a device', () =>
    withEntry({ name: 'x/a.txt', content: '/etc/passwd', madeOn: 19, attributes: 0xa1ff0000 }),
  ),
  hostile('reparse point of NTFS', 'is a link or a device', () =>
    withEntry({ name: 'x/a.txt', content: 'C:\\', madeOn: 10, attributes: 0x400 }),
  ),
  hostile('character device', 'is a link or a device', () =>
    withEntry({ name: 'x/a.txt', madeOn: 3, attributes: 0x21ff0000 }),
  ),
  hostile('wrong checksum', 'its checksum is wrong', () =>
    withEntry({ name: 'x/a.txt', content: 'a', crc: 1 }),
  ),
  hostile('wrong checksum of a stored entry', 'its checksum is wrong', () =>
    withEntry({ name: 'x/a.txt', content: 'a', method: 0, crc: 1 }),
  ),
  hostile('wrong checksum of solution.xml', "the entry 'solution.xml' is damaged", () =>
    rawZip([
      { name: '[Content_Types].xml', content: '<Types><Default Extension="xml" /></Types>' },
      { name: 'solution.xml', content: solutionXml, crc: 7 },
      { name: 'customizations.xml', content: customizations('') },
    ]),
  ),
  hostile('longer than it says', 'cannot be inflated to the size that the directory says', () =>
    withEntry({ name: 'x/a.txt', content: 'a'.repeat(5000), size: 10 }),
  ),
  hostile('shorter than it says', 'it holds 5 bytes instead of 10', () =>
    withEntry({ name: 'x/a.txt', content: 'aaaaa', size: 10 }),
  ),
  hostile('stored with two sizes', 'is stored, but its two sizes differ', () =>
    withEntry({ name: 'x/a.txt', content: 'aaaaa', method: 0, size: 10 }),
  ),
  hostile('broken deflate data', 'cannot be inflated', () => {
    const bytes = withEntry({ name: 'x/a.txt', content: 'The quick brown fox.' })
    bytes.fill(0xff, bytes.indexOf('x/a.txt') + 7, bytes.indexOf('x/a.txt') + 15)
    return bytes
  }),
  hostile('data beyond the directory', 'ends beyond the start of the directory', () =>
    withEntry({ name: 'x/a.txt', content: 'a', compressedSize: 1_000_000 }),
  ),
  hostile('header where there is none', 'its header is not where the directory says', () =>
    rawZip([
      { name: '[Content_Types].xml', content: 'a', offset: 1 },
      { name: 'x/a.txt', content: 'a'.repeat(50), method: 0 },
    ]),
  ),
  hostile('two entries over the same bytes', 'overlap', () =>
    rawZip([
      { name: 'x/a.txt', content: 'a'.repeat(100) },
      { name: 'x/b.txt', content: 'a'.repeat(100), offset: 10 },
    ]),
  ),
  hostile('zip64 sizes that are not there', 'has sizes that do not fit together', () =>
    withEntry({ name: 'x/a.txt', content: 'a', size: 0xffffffff }),
  ),
  hostile('zip64 field that is cut', 'has sizes that do not fit together', () =>
    withEntry({
      name: 'x/a.txt',
      content: 'a',
      size: 0xffffffff,
      compressedSize: 0xffffffff,
      extra: zip64Extra([1n]),
    }),
  ),
  hostile('zip64 size of eight exabytes', 'has sizes that do not fit together', () =>
    withEntry({ name: 'x/a.txt', content: 'a', size: 0xffffffff, extra: zip64Extra([2n ** 63n]) }),
  ),
  hostile('an entry above the limit', 'the limit is', () =>
    withEntry({ name: 'x/a.txt', content: 'a', size: 0xffffffff, extra: zip64Extra([2n ** 33n]) }),
  ),
  hostile('many entries above the limit together', 'unpacks to more than', () =>
    withEntry(
      ...Array.from({ length: 4097 }, (_, i) => ({ name: `x/${i}.txt`, content: '', size: 1024 ** 2 })),
    ),
  ),
  hostile('zip bomb', 'It looks like a zip bomb', () =>
    withEntry({ name: 'x/a.txt', content: 'a', size: 500 * 1024 ** 2 }),
  ),
  hostile('name that is no UTF-8', "an entry's name is broken UTF-8", () =>
    withEntry({ name: Buffer.from([0x78, 0x2f, 0xc3, 0x28]) }),
  ),
  hostile('empty name', 'has no usable name', () => withEntry({ name: '' })),
  hostile('zero byte in the name', 'has no usable name', () => withEntry({ name: 'x/a.txt\0.xml' })),
]

/** Names that leave the folder, or that no file can have. */
const names: readonly HostileArchive[] = [
  ['parent folder', '../evil.txt'],
  ['parent folder behind a folder', 'x/../../evil.txt'],
  ['parent folder, encoded', '%2e%2e/evil.txt'],
  ['parent folder with an encoded slash', '..%2fevil.txt'],
  ['absolute path', '/etc/evil.txt'],
  ['absolute path, encoded', '%2fetc/evil.txt'],
  ['network path', '//server/share/evil.txt'],
  ['nothing but the parent', '..'],
].map(([what = '', name = '']) =>
  hostile(what, 'points outside the folder that it is unpacked to', () => withEntry({ name, content: 'x' })),
)

const unstorable: readonly HostileArchive[] = [
  hostile('zero byte, encoded', 'does not allow "\\u0000"', () =>
    withEntry({ name: 'x/a%00.txt', content: 'x' }),
  ),
  hostile('name of 300 letters', 'is longer than 255', () =>
    withEntry({ name: `x/${'a'.repeat(300)}.txt`, content: 'x' }),
  ),
  hostile('path of 40,000 letters', 'the limit of this system', () =>
    withEntry({ name: `${'abcdefghi/'.repeat(4000)}a.txt`, content: 'x' }),
  ),
  hostile('hook of Git', 'reaches into a .git folder', () =>
    withEntry({ name: '.git/hooks/post-checkout.txt', content: '#!/bin/sh' }),
  ),
  hostile('hook of Git in other case', 'reaches into a .git folder', () =>
    withEntry({ name: 'x/.GIT/hooks/post-checkout.txt', content: '#!/bin/sh' }),
  ),
]

function webResource(name: string): string {
  return `<WebResources><WebResource><WebResourceId>{11111111-1111-1111-1111-111111111111}</WebResourceId><Name>${name}</Name><FileName>/WebResources/a</FileName></WebResource></WebResources>`
}

/** Names of components, which become names of files. */
const componentNames: readonly HostileArchive[] = [
  hostile('web resource in the parent folder', 'leads out of the folder', () =>
    withSections(webResource('../../../evil.js'), [{ name: 'WebResources/a', content: 'x' }]),
  ),
]

/** XML that reaches out, grows, or is none. */
const documents: readonly HostileArchive[] = [
  hostile('without [Content_Types].xml', 'no readable [Content_Types].xml', () =>
    solutionZip({ contentTypes: undefined }),
  ),
  hostile('broken [Content_Types].xml', 'no readable [Content_Types].xml', () =>
    solutionZip({ contentTypes: '<Types><Default' }),
  ),
  hostile('[Content_Types].xml without xml', "lists neither the extension 'xml'", () =>
    solutionZip({ contentTypes: '<Types><Default Extension="txt" /></Types>' }),
  ),
  hostile('without solution.xml', 'a.zip has no solution.xml', () => solutionZip({ solution: undefined })),
  hostile('without customizations.xml', 'a.zip has no customizations.xml', () =>
    solutionZip({ customizations: undefined }),
  ),
  hostile('empty customizations.xml', 'is empty', () => withDocument('')),
  hostile('no XML', 'customizations.xml', () => withDocument('{"a": 1}')),
  hostile('unclosed element', 'customizations.xml', () => withDocument('<a><b></a>')),
  hostile('two roots', 'customizations.xml', () => withDocument('<a/><b/>')),
  hostile('attribute twice', 'customizations.xml', () => withDocument('<a b="1" b="2"/>')),
  hostile('control character', 'customizations.xml', () => withDocument('<a>\u0001</a>')),
  hostile('reference to a control character', 'customizations.xml', () => withDocument('<a>&#1;</a>')),
  hostile('unknown entity', 'customizations.xml', () => withDocument('<a>&nothing;</a>')),
  hostile('broken UTF-8', 'customizations.xml', () =>
    withDocument(Buffer.from([0x3c, 0x61, 0x3e, 0xc3, 0x28, 0x3c, 0x2f, 0x61, 0x3e])),
  ),
  hostile('broken UTF-16', 'customizations.xml', () =>
    withDocument(Buffer.from([0xff, 0xfe, 0x3c, 0x00, 0x00, 0xd8, 0x61, 0x00, 0x2f])),
  ),
  hostile('unknown encoding', 'customizations.xml', () =>
    withDocument('<?xml version="1.0" encoding="x-none"?><a/>'),
  ),
  hostile('external entity', 'customizations.xml', () =>
    documentType('<!ENTITY e SYSTEM "file:///etc/passwd">', '&e;'),
  ),
  hostile('external document type', 'customizations.xml', () =>
    withDocument('<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd"><a>&e;</a>'),
  ),
  hostile('external parameter entity', 'customizations.xml', () =>
    documentType('<!ENTITY % p SYSTEM "http://127.0.0.1/a.dtd">%p;', '&e;'),
  ),
  hostile('a billion laughs', 'customizations.xml', () =>
    documentType(
      `<!ENTITY l0 "lol">${Array.from({ length: 10 }, (_, i) => `<!ENTITY l${i + 1} '${`&l${i};`.repeat(10)}'>`).join('')}`,
      '&l10;',
    ),
  ),
  hostile('quadratic growth of one entity', 'customizations.xml', () =>
    documentType(`<!ENTITY e '${'a'.repeat(10_000)}'>`, '&e;'.repeat(10_000)),
  ),
  hostile('entity that contains itself', 'customizations.xml', () =>
    documentType('<!ENTITY a "&b;"><!ENTITY b "&a;">', '&a;'),
  ),
  hostile('nested a hundred thousand deep', 'customizations.xml', () =>
    withDocument(`${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}`),
  ),
  hostile('an attribute of ten million characters', 'customizations.xml', () =>
    withDocument(`<a b="${'Lorem ipsum dolor, '.repeat(530_000)}"/>`),
  ),
  hostile('solution.xml without a name', 'UniqueName', () =>
    solutionZip({ solution: '<ImportExportXml><SolutionManifest /></ImportExportXml>' }),
  ),
  hostile('a name that becomes a line of the log', '<UniqueName> has a line break or another control', () =>
    solutionZip({ solution: solutionXml.replace('>Hostile<', '>Hostile&#13;::stop-commands::x<') }),
  ),
  hostile('a version that becomes a line of the log', '<Version> has a line break or another control', () =>
    solutionZip({ solution: solutionXml.replace('>1.0.0.0<', '>&#x85;::stop-commands::x<') }),
  ),
  hostile('solution.xml with an odd type', 'Managed', () =>
    solutionZip({ solution: solutionXml.replace('<Managed>0<', '<Managed>perhaps<') }),
  ),
]

export const hostileArchives: readonly HostileArchive[] = [
  ...containers,
  ...entries,
  ...names,
  ...unstorable,
  ...componentNames,
  ...documents,
]
