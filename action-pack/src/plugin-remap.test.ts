import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { openPackage, openZip } from '@dsa/solution-package'
import { assembly } from '../../packages/solution-package/src/testing/assembly.ts'
import { runActionSync } from '../../tests/support/run-action.ts'

const stated = 'Gear.Core, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null'
const actual = 'Gear.New, Version=2.1.0.7, Culture=neutral, PublicKeyToken=null'

/** A source whose elements name an older build of the assembly than the file beside them. */
const source: Readonly<Record<string, string | Uint8Array>> = {
  'Other/Solution.xml': `<ImportExportXml version="9.2" SolutionPackageVersion="9.2" languagecode="1033"><SolutionManifest><UniqueName>Gear</UniqueName><LocalizedNames /><Descriptions /><Version>1.0.0.0</Version><Managed>2</Managed><Publisher><UniqueName>gear</UniqueName><LocalizedNames /><Descriptions /><EMailAddress /><SupportingWebsiteUrl /><CustomizationPrefix>g</CustomizationPrefix><CustomizationOptionValuePrefix>10000</CustomizationOptionValuePrefix><Addresses /></Publisher><RootComponents><RootComponent type="91" id="{1}" schemaName="${stated}" behavior="0" /></RootComponents><MissingDependencies /></SolutionManifest></ImportExportXml>`,
  'Other/Customizations.xml':
    '<ImportExportXml><Entities /><SolutionPluginAssemblies /><Languages><Language>1033</Language></Languages></ImportExportXml>',
  'PluginAssemblies/G/Gear.dll.data.xml': `<PluginAssembly FullName="${stated}" PluginAssemblyId="{1}"><FileName>/PluginAssemblies/G/Gear.dll</FileName><PluginTypes><PluginType AssemblyQualifiedName="Gear.Plugin, ${stated}" Name="Gear.Plugin" /></PluginTypes></PluginAssembly>`,
  'PluginAssemblies/G/Gear.dll': assembly('Gear.New', [2, 1, 0, 7], Buffer.alloc(0)),
}

let workspace: string
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'pack-'))
  for (const [path, content] of Object.entries(source)) {
    mkdirSync(dirname(join(workspace, 'gear', path)), { recursive: true })
    writeFileSync(join(workspace, 'gear', path), content)
  }
})
afterEach(() => rmSync(workspace, { recursive: true }))

test.each([
  ['false', actual],
  ['true', stated],
])('disable-plugin-remap: %s names the assembly %s', (value, name) => {
  const run = runActionSync(
    'pack',
    {
      'solution-folder': 'gear',
      'solution-file': 'gear.zip',
      verify: 'false',
      'disable-plugin-remap': value,
    },
    { workspace },
  )
  expect(run).toMatchObject({ code: 0, annotations: [] })
  const parts = openPackage(openZip(readFileSync(join(workspace, 'gear.zip')), { label: 'gear.zip' }))
  const customizations = new TextDecoder().decode(parts.read('customizations.xml'))
  expect(customizations).toContain(`AssemblyQualifiedName="Gear.Plugin, ${name}"`)
})
