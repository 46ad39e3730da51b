import { withVersion } from './source-version.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const manifest = (version: string): string =>
  `<?xml version="1.0" encoding="utf-8"?>\r\n<ImportExportXml><!-- <Version>9.9</Version> -->\r\n  <SolutionManifest>\r\n    <UniqueName>é</UniqueName>\r\n    <Version>${version}</Version>\r\n    <Managed>2</Managed>\r\n  </SolutionManifest>\r\n</ImportExportXml>`

test.each(['', '\u{feff}'])('only the version changes (byte order mark: %j)', (mark) => {
  const changed = withVersion(bytes(mark + manifest('1.0.0.0')), '2.1.0.0')
  expect(Buffer.from(changed).equals(Buffer.from(mark + manifest('2.1.0.0')))).toBe(true)
})

test('a manifest without a version is refused', () => {
  const without = manifest('1.0').replace('    <Version>1.0</Version>\r\n', '')
  expect(() => withVersion(bytes(without), '2.0')).toThrow('has no Version')
})

test('a document of another encoding becomes UTF-8, and says so', () => {
  const text = `<?xml version="1.0" encoding="utf-16"?><a><SolutionManifest><Version>1.0</Version></SolutionManifest></a>`
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])
  const changed = Buffer.from(withVersion(new Uint8Array(utf16), '2.0')).toString('utf8')
  expect(changed).toBe(text.replace('utf-16', 'utf-8').replace('1.0<', '2.0<'))
})
