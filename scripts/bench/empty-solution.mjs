import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

// jszip belongs to the package that writes archives.
const JSZip = createRequire(new URL('../../packages/solution-package/package.json', import.meta.url))('jszip')

const publisher =
  '<Publisher><UniqueName>bench</UniqueName><LocalizedNames /><Descriptions /><EMailAddress /><SupportingWebsiteUrl /><CustomizationPrefix>b</CustomizationPrefix><CustomizationOptionValuePrefix>10000</CustomizationOptionValuePrefix><Addresses /></Publisher>'

const files = {
  '[Content_Types].xml':
    '<?xml version="1.0" encoding="utf-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/octet-stream" /></Types>',
  'solution.xml': `<ImportExportXml version="9.2" SolutionPackageVersion="9.2" languagecode="1033"><SolutionManifest><UniqueName>Empty</UniqueName><LocalizedNames /><Descriptions /><Version>1.0.0.0</Version><Managed>0</Managed>${publisher}<RootComponents /><MissingDependencies /></SolutionManifest></ImportExportXml>`,
  'customizations.xml':
    '<ImportExportXml><Entities /><Roles /><Workflows /><FieldSecurityProfiles /><Templates /><EntityMaps /><EntityRelationships /><OrganizationSettings /><optionsets /><Languages><Language>1033</Language></Languages></ImportExportXml>',
}

/** Writes the archive of a solution without a component. */
export async function emptySolution(file) {
  const zip = new JSZip()
  for (const [path, text] of Object.entries(files)) zip.file(path, text)
  await writeFile(file, await zip.generateAsync({ type: 'nodebuffer' }))
}
