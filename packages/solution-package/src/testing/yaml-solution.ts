import type { SourceTree } from '../source-tree.ts'

const XSI = "'@xmlns:xsi': http://www.w3.org/2001/XMLSchema-instance"

function label(text: string, indent: string): string {
  return `${indent}'@description': ${text}\n${indent}'@languagecode': 1033\n`
}

function column(physical: string, type: string, more = ''): string {
  const logical = physical.toLowerCase()
  return `attribute:
  '@PhysicalName': ${physical}
  Type: ${type}
  Name: ${logical}
  LogicalName: ${logical}
  RequiredLevel: none
${more}  IntroducedVersion: 1.0
  displaynames:
    displayname:
${label(physical, '      ')}`
}

function relationship(name: string, attribute: string, referenced: string): string {
  return `EntityRelationship:
  '@Name': ${name}
  EntityRelationshipType: OneToMany
  IsCustomizable: 1
  IntroducedVersion: 1.0
  ReferencingEntityName: fly_Plane
  ReferencedEntityName: ${referenced}
  CascadeAssign: NoCascade
  ReferencingAttributeName: ${attribute}
`
}

const plane = 'entities/fly_plane'
const form = '3f0a1c52-5a1b-4d6e-9a70-0d2b7a4c1e01'
const view = '3f0a1c52-5a1b-4d6e-9a70-0d2b7a4c1e02'
const flow = '3f0a1c52-5a1b-4d6e-9a70-0d2b7a4c1e03'
const flowFile = `modernflows/${flow}/Landed-${flow.toUpperCase()}.json`
const app = 'canvasapps/fly_board_1a2b3'

/** What `solutioncomponents.yml` lists. */
const LISTED = [
  '/appmodules/fly_Hangar',
  '/appmodulesitemaps/fly_Hangar',
  `/${app}`,
  '/connectionreferences/fly_dataverse',
  `/${plane}`,
  `/${plane}/attributes/createdby.yml`,
  `/${plane}/attributes/fly_name.yml`,
  `/${plane}/attributes/fly_planeid.yml`,
  `/${plane}/entitykeys/fly_sign`,
  `/${plane}/formxml/main/${form}`,
  `/${plane}/ribbondiffs`,
  `/${plane}/savedqueries/${view}`,
  '/entityrelationships/fly_Plane_CreatedBy',
  '/environmentvariabledefinitions/fly_Url',
  `/modernflows/${flow}`,
  '/optionsets/fly_state',
  '/publishers/hangar',
]

/** A small solution as Git integration keeps it: a file of each kind that it was seen to write. Invented. */
export const YAML_SOLUTION: Readonly<Record<string, string>> = {
  'Readme.md': '# Hangar\n',
  'solutions/Hangar/solution.yml': `ImportExportXml:
  '@version': 9.2.25051.192
  '@SolutionPackageVersion': 9.2
  '@languagecode': 1033
  '@generatedBy': CrmLive
  ${XSI}
  SolutionManifest:
    UniqueName: Hangar
    LocalizedNames:
      LocalizedName:
${label('Hangar', '        ')}    Descriptions: 
    Version: 1.2.0.0
    Managed: 0
    Publisher:
      UniqueName: hangar
`,
  'solutions/Hangar/rootcomponents.yml': `RootComponents:
  RootComponent:
  - '@type': 1
    '@schemaName': fly_plane
    '@behavior': 0
  - '@type': 9
    '@schemaName': fly_state
    '@behavior': 0
  - '@type': 29
    '@id': '{${flow}}'
    '@behavior': 0
  - '@type': 62
    '@schemaName': fly_Hangar
    '@behavior': 0
  - '@type': 80
    '@schemaName': fly_Hangar
    '@behavior': 0
  - '@type': 300
    '@schemaName': fly_board_1a2b3
    '@behavior': 0
  - '@type': 380
    '@schemaName': fly_Url
    '@behavior': 0
`,
  'solutions/Hangar/missingdependencies.yml': 'MissingDependencies: \n',
  'solutions/Hangar/solutioncomponents.yml': `SolutionComponents:\n  Component:\n${LISTED.map((path) => `  - '@path': ${path}\n`).join('')}`,
  'publishers/hangar/publisher.yml': `Publisher:
  UniqueName: hangar
  LocalizedNames:
    LocalizedName:
${label('Hangar', '      ')}  Descriptions: 
  EMailAddress:
    '@xsi:nil': true
    ${XSI}
  CustomizationPrefix: fly
  CustomizationOptionValuePrefix: 10000
  Addresses:
    Address:
    - AddressNumber: 1
      City:
        '@xsi:nil': true
        ${XSI}
    - AddressNumber: 2
`,
  [`${plane}/entity.yml`]: `Entity:
  Name:
    '@LocalizedName': Plane
    '@OriginalName': Plane
    '#text': fly_Plane
  EntityInfo:
    entity:
      '@Name': fly_Plane
      LocalizedNames:
        LocalizedName:
${label('Plane', '          ')}      LocalizedCollectionNames:
        LocalizedCollectionName:
${label('Planes', '          ')}      Descriptions:
        Description:
${label("'Made of: wood'", '          ')}      EntitySetName: fly_planes
      EntityColor: ''
      IntroducedVersion: 1.0
`,
  [`${plane}/attributes/fly_planeid.yml`]: column('fly_PlaneId', 'primarykey'),
  [`${plane}/attributes/fly_name.yml`]: column('fly_Name', 'nvarchar', '  MaxLength: 007\n'),
  [`${plane}/attributes/createdby.yml`]: column('CreatedBy', 'lookup'),
  [`${plane}/entitykeys/fly_sign/entitykey.yml`]: `EntityKey:
  Name: fly_Sign
  LogicalName: fly_sign
  IntroducedVersion: 1.0
  EntityKeyAttributes:
    AttributeName: fly_name
`,
  [`${plane}/formxml/main/${form}/systemform.yml`]: `systemform:
  formid: '{${form}}'
  IntroducedVersion: 1.0
  form:
    tabs:
      tab:
        '@id': '{${form}}'
        labels:
          label:
${label('General', '            ')}  IsCustomizable: 1
  LocalizedNames:
    LocalizedName:
${label('Plane', '      ')}`,
  [`${plane}/savedqueries/${view}/savedquery.yml`]: `savedquery:
  isdefault: 1
  savedqueryid: '{${view}}'
  layoutxml:
    grid:
      '@name': fly_planes
      row:
        '@id': fly_planeid
        cell:
        - '@name': fly_name
          '@width': 300
        - '@name': createdby
          '@width': 100
  querytype: 0
  fetchxml:
    fetch:
      '@version': 1.0
      entity:
        '@name': fly_plane
        attribute:
        - '@name': fly_planeid
        - '@name': fly_name
  LocalizedNames:
    LocalizedName:
${label('All planes', '      ')}`,
  [`${plane}/ribbondiffs/ribbondiff.yml`]: `RibbonDiffXml:
  CustomActions: 
  Templates:
    RibbonTemplates:
      '@Id': Mscrm.Templates
  LocLabels: 
`,
  'entityrelationships/fly_Plane_CreatedBy/entityrelationship.yml': relationship(
    'fly_Plane_CreatedBy',
    'CreatedBy',
    'SystemUser',
  ),
  'optionsets/fly_state/optionset.yml': `optionset:
  '@Name': fly_state
  '@localizedName': State
  OptionSetType: picklist
  options:
    option:
      '@value': 100000000
      labels:
        label:
${label('In the air', '          ')}`,
  'appmodules/fly_Hangar/appmodule.yml': `AppModule:
  UniqueName: fly_Hangar
  AppModuleComponents:
    AppModuleComponent:
    - '@type': 62
      '@schemaName': fly_Hangar
    - '@type': 1
      '@schemaName': fly_plane
  LocalizedNames:
    LocalizedName:
${label('Hangar', '      ')}`,
  'appmodulesitemaps/fly_Hangar/appmodulesitemap.yml': `AppModuleSiteMap:
  SiteMapUniqueName: fly_Hangar
  SiteMap:
    Area:
      '@Id': planes
  LocalizedNames:
    LocalizedName:
${label('Hangar', '      ')}`,
  'connectionreferences/fly_dataverse/connectionreference.yml': `connectionreference:
  '@connectionreferencelogicalname': fly_dataverse
  connectionreferencedisplayname: Dataverse
  connectorid: /providers/Microsoft.PowerApps/apis/shared_commondataserviceforapps
  statecode: 0
`,
  [`modernflows/${flow}/workflow.yml`]: `Workflow:
  '@WorkflowId': '{${flow}}'
  '@Name': Landed
  JsonFileName: /${flowFile}
  Type: 1
  Category: 5
  StateCode: 1
`,
  [flowFile]: '{\n  "properties": {\n    "connectionReferences": {}\n  }\n}',
  [`${app}/canvasapp.yml`]: `CanvasApp:
  Name: fly_board_1a2b3
  AppVersion: 2026-01-02T03:04:05Z
  DisplayName: Board
  BackgroundImageUri: /${app}/fly_board_1a2b3_BackgroundImageUri
  DocumentUri: /${app}/fly_board_1a2b3_DocumentUri.msapp
  AdditionalUris:
    AdditionalUri: /${app}/fly_board_1a2b3_AdditionalUris0_identity.json
`,
  [`${app}/fly_board_1a2b3_AdditionalUris0_identity.json`]: '{}',
  [`${app}/fly_board_1a2b3_BackgroundImageUri`]: 'image',
  [`${app}/fly_board_1a2b3_DocumentUri/Controls/1.json`]: '{\r\n  "TopParent": {}\r\n}',
  [`${app}/fly_board_1a2b3_DocumentUri/Header.json`]: '{\r\n  "DocVersion": "1.347"\r\n}',
  [`${app}/fly_board_1a2b3_DocumentUri/Src/App.pa.yaml`]: 'App:\n  Properties:\n    Theme: =PowerAppsTheme\n',
  'environmentvariabledefinitions/fly_Url/environmentvariabledefinition.xml':
    '<environmentvariabledefinition schemaname="fly_Url"><displayname default="Url" /><type>100000000</type></environmentvariabledefinition>',
}

/** A root of two solutions, of which Tower has one choice and the publisher of Hangar. */
export const TWO_SOLUTIONS = {
  ...YAML_SOLUTION,
  ...Object.fromEntries(
    ['solution', 'rootcomponents', 'missingdependencies', 'solutioncomponents'].map((file) => [
      `solutions/Tower/${file}.yml`,
      YAML_SOLUTION[`solutions/Hangar/${file}.yml`],
    ]),
  ),
  'solutions/Tower/solution.yml': YAML_SOLUTION['solutions/Hangar/solution.yml']?.replaceAll(
    'Hangar',
    'Tower',
  ),
  'solutions/Tower/rootcomponents.yml':
    "RootComponents:\n  RootComponent:\n    '@type': 9\n    '@schemaName': fly_light\n    '@behavior': 0\n",
  'solutions/Tower/solutioncomponents.yml':
    "SolutionComponents:\n  Component:\n  - '@path': /optionsets/fly_light\n  - '@path': /publishers/hangar\n",
  'optionsets/fly_light/optionset.yml': (YAML_SOLUTION['optionsets/fly_state/optionset.yml'] ?? '').replace(
    'fly_state',
    'fly_light',
  ),
}

/** Its files as a tree, with CRLF as the platform ends lines; a file that is undefined is left out. */
export function yamlTree(files: Readonly<Record<string, string | undefined>> = YAML_SOLUTION): SourceTree {
  const all = new Map(
    Object.entries(files).flatMap(([path, text]) =>
      text === undefined
        ? []
        : [[path, Buffer.from(path.endsWith('.yml') ? text.replaceAll('\n', '\r\n') : text)] as const],
    ),
  )
  return {
    paths: [...all.keys()].toSorted((a, b) => (a < b ? -1 : 1)),
    read(path) {
      const bytes = all.get(path)
      if (bytes === undefined) throw new Error(`no ${path}`)
      return bytes
    },
  }
}
