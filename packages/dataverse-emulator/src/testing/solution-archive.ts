import { packageOf } from '../solutions/archive/zip.ts'

/** A small solution for tests, in words. */
export interface SolutionSketch {
  readonly uniqueName: string
  readonly version?: string
  readonly managed?: boolean
  readonly publisher?: string
  /** Columns by table: `{ new_order: ['new_name', 'new_total'] }`. */
  readonly tables?: Readonly<Record<string, readonly string[]>>
  /** Content by name. */
  readonly webResources?: Readonly<Record<string, string>>
  /** Connection references that each cloud flow uses, by the flow's guid. */
  readonly flows?: Readonly<Record<string, readonly string[]>>
  readonly connectionReferences?: readonly string[]
  /** Default values by schema name. */
  readonly variables?: Readonly<Record<string, string>>
  /** Packaged current values by schema name. */
  readonly values?: Readonly<Record<string, string>>
  /** Forms by guid, each of a table. */
  readonly forms?: Readonly<Record<string, string>>
  /** Views by guid, each of a table. */
  readonly views?: Readonly<Record<string, string>>
  /** The `<MissingDependency>` elements. */
  readonly missingDependencies?: string
}

/** Makes an archive as an environment would export it. */
export async function makeArchive(sketch: SolutionSketch): Promise<Uint8Array> {
  const files: { path: string; bytes: Uint8Array }[] = []
  const add = (path: string, content: string) => files.push({ path, bytes: Buffer.from(content) })
  add('solution.xml', solutionXml(sketch))
  add('customizations.xml', customizationsXml(sketch))
  for (const [name, content] of Object.entries(sketch.webResources ?? {})) add(webResourcePath(name), content)
  for (const [id, references] of Object.entries(sketch.flows ?? {})) add(flowPath(id), flowJson(references))
  for (const [name, value] of Object.entries(sketch.variables ?? {})) {
    add(
      `environmentvariabledefinitions/${name}/environmentvariabledefinition.xml`,
      `<environmentvariabledefinition schemaname="${name}"><defaultvalue>${value}</defaultvalue><displayname default="${name}" /><type>100000000</type></environmentvariabledefinition>`,
    )
  }
  for (const [name, value] of Object.entries(sketch.values ?? {})) {
    const row = { '@environmentvariablevalueid': '0a0a0a0a-0000-4000-8000-0000000000aa', value }
    add(
      `environmentvariabledefinitions/${name}/environmentvariablevalues.json`,
      JSON.stringify({ environmentvariablevalues: { environmentvariablevalue: row } }),
    )
  }
  return packageOf(files)
}

const WEB_RESOURCE_ID = '26f55d21-04c6-443f-806c-8defed5daa9f'

function webResourcePath(name: string): string {
  return `WebResources/${name.replace(/\W/g, '')}${WEB_RESOURCE_ID.toUpperCase()}`
}

function flowPath(id: string): string {
  return `Workflows/Flow-${id.toUpperCase()}.json`
}

function flowJson(references: readonly string[]): string {
  const connectionReferences = Object.fromEntries(
    references.map((name) => [
      name,
      { runtimeSource: 'embedded', connection: { connectionReferenceLogicalName: name } },
    ]),
  )
  return JSON.stringify({ properties: { connectionReferences, definition: {} } })
}

function solutionXml(sketch: SolutionSketch): string {
  const { uniqueName, version = '1.0.0.0', managed = false, publisher = 'contoso' } = sketch
  const roots = [
    ...Object.keys(sketch.tables ?? {}).map(
      (name) => `<RootComponent type="1" schemaName="${name.toLowerCase()}" behavior="0" />`,
    ),
    ...Object.keys(sketch.webResources ?? {}).map(
      (name) => `<RootComponent type="61" schemaName="${name}" behavior="0" />`,
    ),
    ...Object.keys(sketch.flows ?? {}).map((id) => `<RootComponent type="29" id="{${id}}" behavior="0" />`),
  ]
  return `<?xml version="1.0" encoding="utf-8"?>
<ImportExportXml version="9.2.26104.182" SolutionPackageVersion="9.2" languagecode="1033" generatedBy="CrmLive" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <SolutionManifest>
    <UniqueName>${uniqueName}</UniqueName>
    <LocalizedNames><LocalizedName description="${uniqueName} for people" languagecode="1033" /></LocalizedNames>
    <Descriptions />
    <Version>${version}</Version>
    <Managed>${managed ? 1 : 0}</Managed>
    <Publisher>
      <UniqueName>${publisher}</UniqueName>
      <LocalizedNames><LocalizedName description="Publisher ${publisher}" languagecode="1033" /></LocalizedNames>
      <Descriptions />
      <EMailAddress xsi:nil="true"></EMailAddress>
      <SupportingWebsiteUrl xsi:nil="true"></SupportingWebsiteUrl>
      <CustomizationPrefix>new</CustomizationPrefix>
      <CustomizationOptionValuePrefix>20000</CustomizationOptionValuePrefix>
      <Addresses />
    </Publisher>
    <RootComponents>${roots.join('')}</RootComponents>
    <MissingDependencies>${sketch.missingDependencies ?? ''}</MissingDependencies>
  </SolutionManifest>
</ImportExportXml>`
}

function customizationsXml(sketch: SolutionSketch): string {
  const tables = Object.entries(sketch.tables ?? {}).map(([name, columns]) =>
    entityXml(name, columns, idsOf(sketch.forms, name), idsOf(sketch.views, name)),
  )
  const flows = Object.keys(sketch.flows ?? {}).map(
    (id) =>
      `<Workflow WorkflowId="{${id}}" Name="Flow ${id.slice(0, 4)}"><JsonFileName>/${flowPath(id)}</JsonFileName><Type>1</Type><Category>5</Category><Scope>4</Scope><StateCode>1</StateCode><StatusCode>2</StatusCode><PrimaryEntity>none</PrimaryEntity></Workflow>`,
  )
  const resources = Object.keys(sketch.webResources ?? {}).map(
    (name) =>
      `<WebResource><WebResourceId>{${WEB_RESOURCE_ID}}</WebResourceId><Name>${name}</Name><DisplayName>${name}</DisplayName><WebResourceType>3</WebResourceType><FileName>/${webResourcePath(name)}</FileName></WebResource>`,
  )
  const references = (sketch.connectionReferences ?? []).map(
    (name) =>
      `<connectionreference connectionreferencelogicalname="${name}"><connectionreferencedisplayname>${name}</connectionreferencedisplayname><connectorid>/providers/Microsoft.PowerApps/apis/shared_x</connectorid></connectionreference>`,
  )
  return `<?xml version="1.0" encoding="utf-8"?>
<ImportExportXml xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><Entities>${tables.join('')}</Entities><Roles /><Workflows>${flows.join('')}</Workflows><EntityRelationships /><optionsets /><WebResources>${resources.join('')}</WebResources><connectionreferences>${references.join('')}</connectionreferences><Languages><Language>1033</Language></Languages></ImportExportXml>`
}

/** The ids of what belongs to a table. */
function idsOf(tables: Readonly<Record<string, string>> = {}, name: string): readonly string[] {
  return Object.keys(tables).filter((id) => tables[id] === name)
}

function entityXml(
  name: string,
  columns: readonly string[],
  forms: readonly string[],
  views: readonly string[],
): string {
  const key = attributeXml(`${name}id`, 'primarykey', '')
  const attributes = columns.map((column, index) =>
    attributeXml(column, 'nvarchar', index === 0 ? 'PrimaryName|ValidForForm' : 'ValidForForm'),
  )
  const ownForms = forms.map((id) => `<systemform><formid>{${id}}</formid><form /></systemform>`)
  const ownViews = views.map(
    (id) =>
      `<savedquery><savedqueryid>{${id}}</savedqueryid><querytype>0</querytype><LocalizedNames><LocalizedName description="${name}" languagecode="1033" /></LocalizedNames></savedquery>`,
  )
  return `<Entity><Name LocalizedName="${name}" OriginalName="">${name}</Name><EntityInfo><entity Name="${name}"><LocalizedNames><LocalizedName description="${name}" languagecode="1033" /></LocalizedNames><attributes>${key}${attributes.join('')}</attributes><EntitySetName>${name.toLowerCase()}s</EntitySetName></entity></EntityInfo><FormXml>${forms.length === 0 ? '' : `<forms type="main">${ownForms.join('')}</forms>`}</FormXml><SavedQueries><savedqueries>${ownViews.join('')}</savedqueries></SavedQueries></Entity>`
}

function attributeXml(name: string, type: string, mask: string): string {
  return `<attribute PhysicalName="${name}"><Type>${type}</Type><Name>${name.toLowerCase()}</Name><LogicalName>${name.toLowerCase()}</LogicalName><DisplayMask>${mask}</DisplayMask></attribute>`
}
