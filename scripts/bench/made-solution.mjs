import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import JSZip from 'jszip'

const contentTypes =
  '<?xml version="1.0" encoding="utf-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/octet-stream" /><Default Extension="bin" ContentType="application/octet-stream" /><Default Extension="msapp" ContentType="application/octet-stream" /><Default Extension="png" ContentType="application/octet-stream" /></Types>'
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

function customizations(megabytes, sections = '') {
  const tables = []
  for (let length = 0; length < megabytes * 1e6; length += tables.at(-1).length)
    tables.push(table(tables.length))
  return `<ImportExportXml xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><Entities>${tables.join('')}</Entities><Roles /><Workflows /><FieldSecurityProfiles /><Templates /><EntityMaps /><EntityRelationships /><OrganizationSettings /><optionsets />${sections}<Languages><Language>1033</Language></Languages></ImportExportXml>`
}

/** An app as an export has it: the element names two files. */
function canvasApp(n) {
  return `<CanvasApp><Name>b_app${n}</Name><DisplayName>App ${n}</DisplayName><CanvasAppType>0</CanvasAppType><BackgroundImageUri>/CanvasApps/b_app${n}_BackgroundImageUri.png</BackgroundImageUri><DocumentUri>/CanvasApps/b_app${n}_DocumentUri.msapp</DocumentUri></CanvasApp>`
}

/**
 * Writes an archive of which nothing is anybody's.
 *
 * @param {string} file
 * @param {object} size what it holds beside the frame; an app is noise, as what is compressed already
 * @param {number} [size.xmlMegabytes]
 * @param {number} [size.binaryFiles]
 * @param {number} [size.binaryKilobytes] of each
 * @param {number} [size.apps]
 * @param {number} [size.appKilobytes] of each
 */
export async function makeSolution(
  file,
  { xmlMegabytes = 0, binaryFiles = 0, binaryKilobytes = 0, apps = 0, appKilobytes = 0 },
) {
  const zip = new JSZip()
  const numbers = Array.from({ length: apps }, (_, n) => n)
  const canvasApps = apps === 0 ? '' : `<CanvasApps>${numbers.map(canvasApp).join('')}</CanvasApps>`
  const roots = numbers.map((n) => `<RootComponent type="300" schemaName="b_app${n}" behavior="0" />`)
  zip.file('[Content_Types].xml', contentTypes)
  zip.file(
    'solution.xml',
    solution.replace('<RootComponents />', `<RootComponents>${roots.join('')}</RootComponents>`),
  )
  zip.file('customizations.xml', customizations(xmlMegabytes, canvasApps), { compression: 'DEFLATE' })
  for (let i = 0; i < binaryFiles; i += 1) zip.file(`assets/${i}.bin`, randomBytes(binaryKilobytes * 1024))
  for (const n of numbers) {
    zip.file(`CanvasApps/b_app${n}_BackgroundImageUri.png`, randomBytes(20_000))
    zip.file(`CanvasApps/b_app${n}_DocumentUri.msapp`, randomBytes(appKilobytes * 1024))
  }
  await writeFile(file, await zip.generateAsync({ type: 'nodebuffer' }))
}

export const emptySize = {}
