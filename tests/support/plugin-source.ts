import { assembly } from '../../packages/solution-package/src/testing/assembly.ts'

/** What the elements of {@link pluginSource} name, and what the file beside them is. */
export const statedAssembly = 'Gear.Core, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null'
export const actualAssembly = 'Gear.New, Version=2.1.0.7, Culture=neutral, PublicKeyToken=null'

/** The source of a solution `Gear`, by path, whose elements name an older build of an assembly than the file beside them. */
export const pluginSource: Readonly<Record<string, string | Uint8Array>> = {
  'Other/Solution.xml': `<ImportExportXml version="9.2" SolutionPackageVersion="9.2" languagecode="1033"><SolutionManifest><UniqueName>Gear</UniqueName><LocalizedNames /><Descriptions /><Version>1.0.0.0</Version><Managed>2</Managed><Publisher><UniqueName>gear</UniqueName><LocalizedNames /><Descriptions /><EMailAddress /><SupportingWebsiteUrl /><CustomizationPrefix>g</CustomizationPrefix><CustomizationOptionValuePrefix>10000</CustomizationOptionValuePrefix><Addresses /></Publisher><RootComponents><RootComponent type="91" id="{1}" schemaName="${statedAssembly}" behavior="0" /></RootComponents><MissingDependencies /></SolutionManifest></ImportExportXml>`,
  'Other/Customizations.xml':
    '<ImportExportXml><Entities /><SolutionPluginAssemblies /><Languages><Language>1033</Language></Languages></ImportExportXml>',
  'PluginAssemblies/G/Gear.dll.data.xml': `<PluginAssembly FullName="${statedAssembly}" PluginAssemblyId="{1}"><FileName>/PluginAssemblies/G/Gear.dll</FileName><PluginTypes><PluginType AssemblyQualifiedName="Gear.Plugin, ${statedAssembly}" Name="Gear.Plugin" /></PluginTypes></PluginAssembly>`,
  'PluginAssemblies/G/Gear.dll': assembly('Gear.New', [2, 1, 0, 7], Buffer.alloc(0)),
}
