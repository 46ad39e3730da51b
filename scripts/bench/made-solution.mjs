import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import JSZip from 'jszip'

const contentTypes =
  '<?xml version="1.0" encoding="utf-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/octet-stream" /><Default Extension="bin" ContentType="application/octet-stream" /></Types>'
const publisher =
  '<Publisher><UniqueName>bench</UniqueName><LocalizedNames /><Descriptions /><EMailAddress /><SupportingWebsiteUrl /><CustomizationPrefix>b</CustomizationPrefix><CustomizationOptionValuePrefix>10000</CustomizationOptionValuePrefix><Addresses /></Publisher>'
const solution = `<ImportExportXml version="9.2" SolutionPackageVersion="9.2" languagecode="1033"><SolutionManifest><UniqueName>Bench</UniqueName><LocalizedNames /><Descriptions /><Version>1.0.0.0</Version><Managed>0</Managed>${publisher}<RootComponents /><MissingDependencies /></SolutionManifest></ImportExportXml>`

/** A table with columns, about 8 kB of XML. */
function table(n) {
  const columns = Array.from({ length: 12 }, (_, i) => {
    const name = `b_column${i}`
    return `<attribute PhysicalName="${name}"><Type>nvarchar</Type><Name>${name}</Name><LogicalName>${name}</LogicalName><RequiredLevel>none</RequiredLevel><DisplayMask>ValidForAdvancedFind|ValidForForm|ValidForGrid</DisplayMask><ImeMode>auto</ImeMode><ValidForUpdateApi>1</ValidForUpdateApi><ValidForReadApi>1</ValidForReadApi><ValidForCreateApi>1</ValidForCreateApi><IsCustomField>1</IsCustomField><MaxLength>100</MaxLength><displaynames><displayname description="Column ${i} of ${n}" languagecode="1033" /></displaynames></attribute>`
  })
  return `<Entity><Name LocalizedName="T${n}" OriginalName="T${n}">b_table${n}</Name><EntityInfo><entity Name="b_table${n}"><attributes>${columns.join('')}</attributes></entity></EntityInfo><FormXml /><SavedQueries /><RibbonDiffXml /></Entity>`
}

function customizations(megabytes) {
  const tables = []
  for (let length = 0; length < megabytes * 1e6; length += tables.at(-1).length)
    tables.push(table(tables.length))
  return `<ImportExportXml xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><Entities>${tables.join('')}</Entities><Roles /><Workflows /><FieldSecurityProfiles /><Templates /><EntityMaps /><EntityRelationships /><OrganizationSettings /><optionsets /><Languages><Language>1033</Language></Languages></ImportExportXml>`
}

/**
 * Writes an archive of which nothing is anybody's.
 *
 * @param {string} file
 * @param {{ xmlMegabytes: number, binaryFiles: number, binaryKilobytes: number }} size
 */
export async function makeSolution(file, { xmlMegabytes, binaryFiles, binaryKilobytes }) {
  const zip = new JSZip()
  zip.file('[Content_Types].xml', contentTypes)
  zip.file('solution.xml', solution)
  zip.file('customizations.xml', customizations(xmlMegabytes), { compression: 'DEFLATE' })
  for (let i = 0; i < binaryFiles; i += 1) zip.file(`assets/${i}.bin`, randomBytes(binaryKilobytes * 1024))
  await writeFile(file, await zip.generateAsync({ type: 'nodebuffer' }))
}

export const emptySize = { xmlMegabytes: 0, binaryFiles: 0, binaryKilobytes: 0 }
