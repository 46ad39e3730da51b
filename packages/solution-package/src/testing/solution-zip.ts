import { rawZip, type RawEnd, type RawEntry } from './raw-zip.ts'

const contentTypes = `<?xml version="1.0" encoding="utf-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/octet-stream" /><Default Extension="txt" ContentType="application/octet-stream" /><Default Extension="js" ContentType="application/octet-stream" /></Types>`

export const solutionXml = `<ImportExportXml version="9.2.0.0"><SolutionManifest><UniqueName>Hostile</UniqueName><LocalizedNames><LocalizedName description="Hostile" languagecode="1033" /></LocalizedNames><Descriptions /><Version>1.0.0.0</Version><Managed>0</Managed><Publisher><UniqueName>acme</UniqueName><CustomizationPrefix>acme</CustomizationPrefix></Publisher><RootComponents /><MissingDependencies /></SolutionManifest></ImportExportXml>`

/** A customizations.xml with these sections. */
export function customizations(sections: string): string {
  return `<ImportExportXml xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${sections}</ImportExportXml>`
}

export interface SolutionZip {
  readonly contentTypes?: string | Uint8Array | undefined
  readonly solution?: string | Uint8Array | undefined
  readonly customizations?: string | Uint8Array | undefined
  /** Entries after the three documents. */
  readonly more?: readonly RawEntry[]
  readonly end?: RawEnd
}

/** A small good solution archive, but for what is given. `undefined` leaves a document out. */
export function solutionZip(parts: SolutionZip = {}): Buffer {
  const all = {
    contentTypes,
    solution: solutionXml,
    customizations: customizations('<Languages><Language>1033</Language></Languages>'),
    ...parts,
  }
  const documents = [
    { name: '[Content_Types].xml', content: all.contentTypes },
    { name: 'solution.xml', content: all.solution },
    { name: 'customizations.xml', content: all.customizations },
  ]
  const entries = documents.flatMap(({ name, content }) => (content === undefined ? [] : [{ name, content }]))
  return rawZip([...entries, ...(parts.more ?? [])], parts.end)
}
