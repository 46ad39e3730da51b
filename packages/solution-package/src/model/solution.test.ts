import { readFileSync } from 'node:fs'
import { componentTypeName, openPackage, openZip, Solution } from '../index.ts'
import { exportedArchives, noteMissing } from '../testing/reference-cases.ts'
import { parts } from '../testing/solution.ts'

const sections = `
<Entities><Entity><Name LocalizedName="Order">lin_Order</Name><EntityInfo><entity Name="lin_Order"><attributes><attribute PhysicalName="lin_Note"><LogicalName>lin_note</LogicalName><displaynames><displayname description="Note" languagecode="1033" /></displaynames></attribute></attributes></entity></EntityInfo><FormXml><forms type="main"><systemform><formid>{f}</formid><LocalizedNames><LocalizedName description="Information" languagecode="1033" /></LocalizedNames></systemform></forms></FormXml></Entity></Entities>
<Templates><EmailTemplates><emailtemplate><templateid>{t}</templateid><title>Welcome</title></emailtemplate></EmailTemplates></Templates>
<ConnectionRoles><ConnectionRoles><ConnectionRole><connectionroleid>{c}</connectionroleid><name>Partner</name></ConnectionRole></ConnectionRoles></ConnectionRoles>
<AttributeImageConfigs><AttributeImageConfig><attributelogicalname>lin_icon</attributelogicalname><parententitylogicalname>lin_order</parententitylogicalname></AttributeImageConfig></AttributeImageConfigs>
<SLAs><SLA><Name>Gold</Name></SLA></SLAs>
<connectionreferences><connectionreference connectionreferencelogicalname="lin_mail"><connectionreferencedisplayname>Mail</connectionreferencedisplayname></connectionreference></connectionreferences>`

const files = {
  'environmentvariabledefinitions/lin_Url/environmentvariabledefinition.xml':
    '<environmentvariabledefinition schemaname="lin_Url"><displayname default="Address" /></environmentvariabledefinition>',
  'somethings/x/something.xml': '<something somethingid="1"><name>X</name></something>',
  'somethings/x/broken.xml': '<broken>',
}

test('an archive tells its components with what makers call them, those within others included', () => {
  const solution = new Solution(parts({ sections, files }))
  const told = [...solution.components()].map(({ row, name, displayName, id, parent }) =>
    [row.label, name, displayName, id ?? '', parent?.name ?? ''].join(' | '),
  )
  expect(told).toEqual([
    'Table | lin_Order | Order |  | ',
    'Column | lin_note | Note |  | lin_Order',
    'Form or dashboard | Information | Information | {f} | lin_Order',
    'Email template | Welcome | Welcome | {t} | ',
    'Connection role | Partner | Partner | {c} | ',
    'Image column configuration | lin_order lin_icon | lin_order lin_icon |  | ',
    'SLA | Gold | Gold |  | ',
    'Connection reference | lin_mail | Mail |  | ',
    'Environment variable | lin_Url | Address |  | ',
    'something | 1 | X | 1 | ',
  ])
})

test('what is asked of the manifest alone parses nothing else', () => {
  const archive = parts({ customizations: 'broken' })
  const solution = new Solution(archive)
  expect(solution.manifest.uniqueName).toBe('gadgets')
  expect(() => [...solution.components()]).toThrow(/customizations\.xml/)
})

test('types that no row describes keep their number', () => {
  expect(componentTypeName(380)).toBe('Environment variable')
  expect(componentTypeName('150')).toBe('Routing rule')
  expect(componentTypeName(10_042)).toBe('Component of type 10042')
})

const archives = exportedArchives()
if (archives === undefined) noteMissing('exports')
const withExports = archives === undefined ? test.skip : test

withExports(
  'every component of an exported archive has a name',
  () => {
    const nameless = new Map<string, number>()
    let all = 0
    for (const { file } of archives ?? []) {
      for (const { row, name, section } of new Solution(
        openPackage(openZip(readFileSync(file))),
      ).components()) {
        all++
        if (name === row.label) nameless.set(section, (nameless.get(section) ?? 0) + 1)
      }
    }
    console.log(
      `${all} components of ${archives?.length} archives; nameless: ${JSON.stringify([...nameless])}`,
    )
    // The one site map of a solution of old, and the lists that Power Pages and agents lay into Assets, have no name.
    expect([...nameless.keys()].filter((section) => !['SiteMap', 'Assets'].includes(section))).toEqual([])
  },
  600_000,
)
