import { CONSTANT_SECTIONS, openPackage, type PackageParts, type ZipEntry } from '../index.ts'

export interface SolutionFixture {
  /** Sections of customizations.xml; those of every export are added empty where they are not given. */
  readonly sections?: string
  readonly rootComponents?: string
  readonly missingDependencies?: string
  readonly managed?: string
  readonly files?: Readonly<Record<string, string>>
  /** The whole documents instead. */
  readonly customizations?: string
  readonly solution?: string
}

export const XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'

export function customizationsXml(sections: string): string {
  const empty = CONSTANT_SECTIONS.filter((name) => !new RegExp(`<${name}[\\s/>]`).test(sections)).map(
    (name) => `<${name} />`,
  )
  return `<ImportExportXml ${XSI}>${empty.join('')}${sections}<Languages><Language>1033</Language></Languages></ImportExportXml>`
}

export function solutionXml({
  rootComponents = '',
  missingDependencies = '',
  managed = '0',
}: SolutionFixture): string {
  return `<ImportExportXml version="9.2.24.1" ${XSI}><SolutionManifest><UniqueName>gadgets</UniqueName>
<LocalizedNames><LocalizedName description="Gadgets" languagecode="1033" /></LocalizedNames><Version>1.2.3.4</Version>
<Managed>${managed}</Managed><Publisher><UniqueName>gear</UniqueName><CustomizationPrefix>gear</CustomizationPrefix></Publisher>
<RootComponents>${rootComponents}</RootComponents><MissingDependencies>${missingDependencies}</MissingDependencies>
</SolutionManifest></ImportExportXml>`
}

/** The files of an archive, by name. */
export function archiveFiles(fixture: SolutionFixture): Record<string, string> {
  return {
    'solution.xml': fixture.solution ?? solutionXml(fixture),
    'customizations.xml': fixture.customizations ?? customizationsXml(fixture.sections ?? ''),
    ...fixture.files,
  }
}

/** A package without an archive around it, in the order of the files. */
export function packageOf(files: Readonly<Record<string, string>>): PackageParts {
  const overrides = Object.keys(files).map(
    (name) => `<Override PartName="/${escape(name)}" ContentType="a/b" />`,
  )
  const types = `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">${overrides.join('')}</Types>`
  const entries = Object.entries({ '[Content_Types].xml': types, ...files }).map(([name, text]): ZipEntry => {
    const bytes = Buffer.from(text, 'utf8')
    return { name, size: bytes.length, read: () => bytes }
  })
  return openPackage(entries)
}

export function parts(fixture: SolutionFixture = {}): PackageParts {
  return packageOf(archiveFiles(fixture))
}

export function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** Files as text, without the byte order mark and the declaration of XML. */
export function texts(files: ReadonlyMap<string, Uint8Array>): Record<string, string> {
  const entries = [...files].map(([path, bytes]): [string, string] => [
    path,
    Buffer.from(bytes).toString('utf8'),
  ])
  return Object.fromEntries(
    entries.map(([path, text]) => [
      path,
      text.replace(/^\u{feff}<\?xml version="1\.0" encoding="utf-8"\?>\n/u, ''),
    ]),
  )
}
