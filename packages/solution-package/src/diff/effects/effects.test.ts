import { strToU8, zipSync } from 'fflate'
import { compareSolutions } from '../compare-solutions.ts'
import type { ComparedTree } from '../side.ts'
import { EFFECT_RULES } from './effects.ts'

const SOLUTION = `<ImportExportXml languagecode="1033"><SolutionManifest><UniqueName>Orders</UniqueName><LocalizedNames /><Descriptions /><Version>1.0.0.0</Version><Managed>0</Managed><Publisher><UniqueName>linden</UniqueName><CustomizationPrefix>lin</CustomizationPrefix></Publisher><RootComponents /><MissingDependencies /></SolutionManifest></ImportExportXml>`

type Files = Readonly<Record<string, string>>

function tree(files: Files): ComparedTree {
  const all: Files = { 'Other/Solution.xml': SOLUTION, ...files }
  return {
    paths: Object.keys(all),
    read: (path) => Buffer.from(all[path] ?? '', path.endsWith('.msapp') ? 'latin1' : 'utf8'),
  }
}

const ENTITY = 'Entities/lin_Order/Entity.xml'

function table(inner: string, columns = '', keys = ''): Files {
  return {
    [ENTITY]: `<Entity><Name>lin_Order</Name><EntityInfo><entity Name="lin_Order"><LocalizedNames><LocalizedName description="Order" languagecode="1033" /></LocalizedNames><attributes>${columns}</attributes>${keys}<OwnershipTypeMask>UserOwned</OwnershipTypeMask>${inner}</entity></EntityInfo></Entity>`,
  }
}

function column(inner: string, name = 'lin_note', label = 'Note'): string {
  return `<attribute PhysicalName="${name}"><LogicalName>${name}</LogicalName>${inner}<displaynames><displayname description="${label}" languagecode="1033" /></displaynames></attribute>`
}

/** Keys by name, with their columns. */
function keysOf(keys: Readonly<Record<string, readonly string[]>>): string {
  const own = Object.entries(keys).map(
    ([name, columns]) =>
      `<EntityKey><Name>${name}</Name><LogicalName>${name}</LogicalName><EntityKeyAttributes>${columns.map((one) => `<AttributeName>${one}</AttributeName>`).join('')}</EntityKeyAttributes></EntityKey>`,
  )
  return `<EntityKeys>${own.join('')}</EntityKeys>`
}

const withColumn = (inner: string): Files => table('', column(inner))
const canvasApp = (files: Readonly<Record<string, string>>): Files => ({
  'CanvasApps/lin_board.meta.xml':
    '<CanvasApp><Name>lin_board</Name><DisplayName>Board</DisplayName><DocumentUri>/CanvasApps/lin_board_DocumentUri.msapp</DocumentUri></CanvasApp>',
  'CanvasApps/lin_board_DocumentUri.msapp': Buffer.from(
    zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)]))),
  ).toString('latin1'),
})
const file = (path: string, text: string): Files => ({ [path]: text })
const manifest = (from: string, to: string): Files => ({ 'Other/Solution.xml': SOLUTION.replace(from, to) })
const role = (privileges: string): Files =>
  file('Roles/Clerk.xml', `<Role id="{1}" name="Clerk"><RolePrivileges>${privileges}</RolePrivileges></Role>`)
const choice = (options: string): Files =>
  file('OptionSets/lin_status.xml', `<optionset Name="lin_status"><options>${options}</options></optionset>`)
const option = (value: string, label: string): string =>
  `<option value="${value}"><labels><label description="${label}" languagecode="1033" /></labels></option>`
const relationship = (inner: string): Files =>
  file(
    'Other/Relationships/lin_Order.xml',
    `<EntityRelationships><EntityRelationship Name="lin_a_b">${inner}</EntityRelationship></EntityRelationships>`,
  )
const assembly = (fullName: string, types = ''): Files =>
  file(
    'PluginAssemblies/A/A.dll.data.xml',
    `<PluginAssembly FullName="${fullName}" PluginAssemblyId="2"><PluginTypes>${types}</PluginTypes></PluginAssembly>`,
  )
const API = 'customapis/lin_Ship/customapi.xml'
const api = (inner: string): Files => file(API, `<customapi uniquename="lin_Ship">${inner}</customapi>`)
const parameter = (name: string, inner: string): Files =>
  file(
    `customapis/lin_Ship/customapirequestparameters/${name}/customapirequestparameter.xml`,
    `<customapirequestparameter uniquename="${name}">${inner}</customapirequestparameter>`,
  )
const flow = (inner: string, json = '{}'): Files => ({
  'Workflows/F-1.json.data.xml': `<Workflow WorkflowId="{3}" Name="Confirm"><Category>5</Category>${inner}</Workflow>`,
  'Workflows/F-1.json': json,
})
const definition = (text: string): string => `{"properties":{"definition":${text}}}`
const variable = (inner: string): Files =>
  file(
    'environmentvariabledefinitions/lin_Box/environmentvariabledefinition.xml',
    `<environmentvariabledefinition schemaname="lin_Box">${inner}</environmentvariabledefinition>`,
  )
const references = (inner: string): Files =>
  file(
    'Other/Customizations.xml',
    `<ImportExportXml><connectionreferences>${inner}</connectionreferences></ImportExportXml>`,
  )
const reference = (connector: string): string =>
  `<connectionreference connectionreferencelogicalname="lin_mail"><connectorid>${connector}</connectorid></connectionreference>`
const profile = (inner: string): Files =>
  file(
    'Other/FieldSecurityProfiles.xml',
    `<FieldSecurityProfiles><FieldSecurityProfile name="P" fieldsecurityprofileid="{4}"><FieldPermissions><FieldPermission><EntityName>lin_order</EntityName><AttributeName>lin_note</AttributeName>${inner}</FieldPermission></FieldPermissions></FieldSecurityProfile></FieldSecurityProfiles>`,
  )
const app = (roles: string): Files =>
  file(
    'AppModules/lin_Orders/AppModule.xml',
    `<AppModule><UniqueName>lin_Orders</UniqueName><AppModuleRoleMaps>${roles}</AppModuleRoleMaps></AppModule>`,
  )
const step = (inner: string): Files =>
  file(
    'SdkMessageProcessingSteps/{5}.xml',
    `<SdkMessageProcessingStep Name="S" SdkMessageProcessingStepId="{5}">${inner}</SdkMessageProcessingStep>`,
  )
const form = (inner: string, action = ''): Files =>
  file(
    'Entities/lin_Order/FormXml/main/{6}.xml',
    `<forms><systemform><formid>{6}</formid><form${action}>${inner}</form></systemform></forms>`,
  )
const view = (name: string): Files =>
  file(
    'Entities/lin_Order/SavedQueries/{7}.xml',
    `<savedqueries><savedquery><savedqueryid>{7}</savedqueryid><fetchxml><fetch><entity name="lin_order"><attribute name="${name}" /></entity></fetch></fetchxml></savedquery></savedqueries>`,
  )

/** A change that a rule finds, and one that is close and that it does not. */
interface Case {
  readonly rule: string
  readonly base: Files
  readonly head: Files
  readonly close: Files
}

const missing = (solution: string): string =>
  `<MissingDependencies><MissingDependency><Required type="1" solution="${solution} (1.0.0.0)" /><Dependent type="2" /></MissingDependency></MissingDependencies>`

const cases: readonly Case[] = [
  { rule: 'table-removed', base: table(''), head: {}, close: table('<IsAuditEnabled>1</IsAuditEnabled>') },
  {
    rule: 'table-ownership-changed',
    base: table(''),
    head: file(ENTITY, (table('')[ENTITY] ?? '').replace('UserOwned', 'OrgOwned')),
    close: file(ENTITY, (table('')[ENTITY] ?? '').replace('UserOwned', 'None')),
  },
  {
    rule: 'table-option-turned-off',
    base: table('<HasRelatedNotes>True</HasRelatedNotes>'),
    head: table(''),
    close: table('<HasRelatedNotes>True</HasRelatedNotes><IsAuditEnabled>1</IsAuditEnabled>'),
  },
  {
    rule: 'offline-disabled',
    base: table('<IsOfflineInMobileClient>1</IsOfflineInMobileClient>'),
    head: table('<IsOfflineInMobileClient>0</IsOfflineInMobileClient>'),
    close: table('<IsOfflineInMobileClient>1</IsOfflineInMobileClient><EntityColor>#fff</EntityColor>'),
  },
  {
    rule: 'primary-name-missing',
    base: table('', column('<Type>nvarchar</Type><DisplayMask>PrimaryName|ValidForGrid</DisplayMask>')),
    head: table(''),
    close: table(
      '<EntityColor>#fff</EntityColor>',
      column('<Type>nvarchar</Type><DisplayMask>PrimaryName</DisplayMask>'),
    ),
  },
  {
    rule: 'set-name-changed',
    base: table('<EntitySetName>lin_orders</EntitySetName>'),
    head: table('<EntitySetName>lin_requests</EntitySetName>'),
    close: table('<EntitySetName>lin_orders</EntitySetName><EntityColor>#fff</EntityColor>'),
  },
  {
    rule: 'search-index-disabled',
    base: table('<CanEnableSyncToExternalSearchIndex>1</CanEnableSyncToExternalSearchIndex>'),
    head: table('<CanEnableSyncToExternalSearchIndex>0</CanEnableSyncToExternalSearchIndex>'),
    close: table('<SyncToExternalSearchIndex>1</SyncToExternalSearchIndex>'),
  },
  {
    rule: 'access-team-disabled',
    base: table('<AutoCreateAccessTeams>1</AutoCreateAccessTeams>'),
    head: table('<AutoCreateAccessTeams>0</AutoCreateAccessTeams>'),
    close: table('<AutoCreateAccessTeams>1</AutoCreateAccessTeams><IsAuditEnabled>1</IsAuditEnabled>'),
  },
  {
    rule: 'column-removed',
    base: withColumn('<Type>int</Type>'),
    head: table(''),
    close: withColumn('<Type>int</Type><Format>none</Format>'),
  },
  {
    rule: 'column-renamed',
    base: withColumn('<Type>int</Type>'),
    head: table('', column('<Type>int</Type>', 'lin_remark')),
    close: table('', column('<Type>int</Type>') + column('<Type>int</Type>', 'lin_remark')),
  },
  {
    rule: 'column-type-changed',
    base: withColumn('<Type>int</Type>'),
    head: withColumn('<Type>nvarchar</Type>'),
    close: withColumn('<Type>int</Type><Format>x</Format>'),
  },
  {
    rule: 'column-source-changed',
    base: withColumn('<SourceType>0</SourceType>'),
    head: withColumn('<SourceType>1</SourceType>'),
    close: withColumn(''),
  },
  {
    rule: 'choice-source-changed',
    base: withColumn('<Type>picklist</Type><OptionSetName>lin_a</OptionSetName>'),
    head: withColumn('<Type>picklist</Type><OptionSetName>lin_b</OptionSetName>'),
    close: withColumn('<Type>picklist</Type><OptionSetName>LIN_A</OptionSetName>'),
  },
  {
    rule: 'length-shrunk',
    base: withColumn('<MaxLength>850</MaxLength>'),
    head: withColumn('<MaxLength>500</MaxLength>'),
    close: withColumn('<MaxLength>900</MaxLength>'),
  },
  {
    rule: 'range-narrowed',
    base: withColumn('<MaxValue>10</MaxValue>'),
    head: withColumn('<MaxValue>9</MaxValue>'),
    close: withColumn('<MaxValue>11</MaxValue>'),
  },
  {
    rule: 'precision-reduced',
    base: withColumn('<Accuracy>4</Accuracy>'),
    head: withColumn('<Accuracy>2</Accuracy>'),
    close: withColumn('<Accuracy>5</Accuracy>'),
  },
  {
    rule: 'date-behavior-changed',
    base: withColumn('<Behavior>1</Behavior>'),
    head: withColumn('<Behavior>3</Behavior>'),
    close: withColumn('<Behavior>1</Behavior><Format>date</Format>'),
  },
  {
    rule: 'required-stricter',
    base: withColumn('<RequiredLevel>none</RequiredLevel>'),
    head: withColumn('<RequiredLevel>required</RequiredLevel>'),
    close: withColumn('<RequiredLevel>recommended</RequiredLevel>'),
  },
  {
    rule: 'lookup-target-removed',
    base: withColumn(
      '<LookupTypes><LookupType id="{0}">1</LookupType><LookupType id="{0}">2</LookupType></LookupTypes>',
    ),
    head: withColumn('<LookupTypes><LookupType id="{0}">1</LookupType></LookupTypes>'),
    close: withColumn(
      '<LookupTypes><LookupType id="{0}">1</LookupType><LookupType id="{0}">2</LookupType><LookupType id="{0}">3</LookupType></LookupTypes>',
    ),
  },
  {
    rule: 'column-secured',
    base: withColumn('<IsSecured>0</IsSecured>'),
    head: withColumn('<IsSecured>1</IsSecured>'),
    close: withColumn('<IsAuditEnabled>1</IsAuditEnabled>'),
  },
  {
    rule: 'column-unsecured',
    base: withColumn('<IsSecured>1</IsSecured>'),
    head: withColumn('<IsSecured>0</IsSecured>'),
    close: withColumn('<IsSecured>1</IsSecured><Format>x</Format>'),
  },
  {
    rule: 'managed-property-changed',
    base: withColumn('<IsCustomizable>1</IsCustomizable>'),
    head: withColumn('<IsCustomizable>0</IsCustomizable>'),
    close: withColumn(''),
  },
  {
    rule: 'key-added',
    base: table('', '', '<EntityKeys />'),
    head: table('', '', '<EntityKeys><EntityKey><Name>lin_k</Name></EntityKey></EntityKeys>'),
    close: table('<EntityColor>#fff</EntityColor>'),
  },
  {
    rule: 'key-removed',
    base: table('', '', '<EntityKeys><EntityKey><Name>lin_k</Name></EntityKey></EntityKeys>'),
    head: table(''),
    close: table(
      '<EntityColor>#fff</EntityColor>',
      '',
      '<EntityKeys><EntityKey><Name>lin_k</Name></EntityKey></EntityKeys>',
    ),
  },
  {
    rule: 'key-columns-taken',
    base: table('', '', keysOf({ lin_k: ['lin_note'] })),
    head: table('', '', keysOf({ lin_k: ['lin_note'], lin_l: ['lin_note'] })),
    close: table('', '', keysOf({ lin_k: ['lin_note'], lin_l: ['lin_note', 'lin_other'] })),
  },
  {
    rule: 'key-on-secured-column',
    base: table('', column('<IsSecured>0</IsSecured>'), keysOf({ lin_k: ['lin_note'] })),
    head: table('', column('<IsSecured>1</IsSecured>'), keysOf({ lin_k: ['lin_note'] })),
    close: table('', column('<IsSecured>1</IsSecured>'), keysOf({ lin_k: ['lin_other'] })),
  },
  {
    rule: 'elastic-unsupported',
    base: table('<TableType>Elastic</TableType>'),
    head: table('<TableType>Elastic</TableType>', column('<Type>money</Type>')),
    close: table('<TableType>Elastic</TableType>', column('<Type>decimal</Type>')),
  },
  {
    rule: 'cascade-access-left',
    base: relationship('<CascadeShare>Cascade</CascadeShare>'),
    head: relationship('<CascadeShare>NoCascade</CascadeShare>'),
    close: relationship('<CascadeShare>Cascade</CascadeShare><CascadeAssign>NoCascade</CascadeAssign>'),
  },
  {
    rule: 'nn-removed',
    base: relationship('<EntityRelationshipType>ManyToMany</EntityRelationshipType>'),
    head: file('Other/Relationships/lin_Order.xml', '<EntityRelationships />'),
    close: relationship(
      '<EntityRelationshipType>ManyToMany</EntityRelationshipType><IsHierarchical>1</IsHierarchical>',
    ),
  },
  {
    rule: 'cascade-delete-added',
    base: relationship('<CascadeDelete>RemoveLink</CascadeDelete>'),
    head: relationship('<CascadeDelete>Cascade</CascadeDelete>'),
    close: relationship('<CascadeDelete>Restrict</CascadeDelete>'),
  },
  {
    rule: 'option-removed',
    base: choice(option('1', 'A') + option('2', 'B')),
    head: choice(option('1', 'A')),
    close: choice(option('2', 'B') + option('1', 'A')),
  },
  {
    rule: 'option-value-changed',
    base: choice(option('1', 'A')),
    head: choice(option('2', 'A')),
    close: choice(option('1', 'A2')),
  },
  {
    rule: 'publisher-changed',
    base: {},
    head: manifest('<UniqueName>linden', '<UniqueName>other'),
    close: manifest('<Version>1.0', '<Version>1.1'),
  },
  {
    rule: 'version-not-raised',
    base: {},
    head: manifest('<Version>1.0', '<Version>0.9'),
    close: manifest('<Version>1.0.0.0', '<Version>1.0.10.0'),
  },
  {
    rule: 'solution-needed',
    base: {},
    head: manifest('<MissingDependencies />', missing('Field')),
    close: manifest('<MissingDependencies />', missing('Active')),
  },
  {
    rule: 'assembly-identity-changed',
    base: assembly('A, Version=1.0.0.0, Culture=neutral, PublicKeyToken=1'),
    head: assembly('A, Version=1.1.0.0, Culture=neutral, PublicKeyToken=1'),
    close: assembly('A, Version=1.0.0.9, Culture=neutral, PublicKeyToken=1'),
  },
  {
    rule: 'plugin-type-removed',
    base: assembly('A', '<PluginType Name="T" /><PluginType Name="U" />'),
    head: assembly('A', '<PluginType Name="T" />'),
    close: assembly('A', '<PluginType Name="U" /><PluginType Name="T" /><PluginType Name="V" />'),
  },
  {
    rule: 'custom-api-immutable',
    base: api('<isfunction>0</isfunction>'),
    head: api('<isfunction>1</isfunction>'),
    close: api('<isfunction>0</isfunction><isprivate>1</isprivate>'),
  },
  {
    rule: 'custom-api-contract',
    base: api(''),
    head: { ...api(''), ...parameter('No', '<isoptional>0</isoptional>') },
    close: { ...api(''), ...parameter('No', '<isoptional>1</isoptional>') },
  },
  { rule: 'form-delta-only', base: {}, head: form('', ' solutionaction="Modified"'), close: form('') },
  {
    rule: 'privilege-added',
    base: role('<RolePrivilege name="prvReadlin_Order" level="Basic" />'),
    head: role('<RolePrivilege name="prvReadlin_Order" level="Global" />'),
    close: role(''),
  },
  {
    rule: 'privilege-removed',
    base: role('<RolePrivilege name="prvReadlin_Order" level="Deep" />'),
    head: role(''),
    close: role('<RolePrivilege name="prvReadlin_Order" level="Global" />'),
  },
  {
    rule: 'role-removed',
    base: role(''),
    head: {},
    close: role('<RolePrivilege name="prvReadlin_Order" level="Global" />'),
  },
  {
    rule: 'column-permission-added',
    base: profile('<CanRead>0</CanRead>'),
    head: profile('<CanRead>4</CanRead>'),
    close: profile(''),
  },
  {
    rule: 'app-role-added',
    base: app(''),
    head: app('<Role id="{1}" />'),
    close: file(
      'AppModules/lin_Orders/AppModule.xml',
      '<AppModule><UniqueName>lin_Orders</UniqueName><NavigationType>1</NavigationType><AppModuleRoleMaps /></AppModule>',
    ),
  },
  {
    rule: 'app-role-removed',
    base: app('<Role id="{1}" />'),
    head: app(''),
    close: app('<Role id="{1}" /><Role id="{2}" />'),
  },
  {
    rule: 'step-impersonates',
    base: step(''),
    head: step('<ImpersonatingUserIdName>Ann</ImpersonatingUserIdName>'),
    close: step('<Rank>2</Rank>'),
  },
  {
    rule: 'flow-runs-as-owner',
    base: flow('<RunAs>1</RunAs>'),
    head: flow('<RunAs>0</RunAs>'),
    close: flow('<RunAs>1</RunAs><OnDemand>1</OnDemand>'),
  },
  {
    rule: 'flow-trigger-changed',
    base: flow('', definition('{"triggers":{"When":{"type":"A"}},"actions":{}}')),
    head: flow('', definition('{"triggers":{"When":{"type":"B"}},"actions":{}}')),
    close: flow('', definition('{"triggers":{"When":{"type":"A"}},"actions":{"Do":{"type":"B"}}}')),
  },
  {
    rule: 'process-turned-off',
    base: flow('<StateCode>1</StateCode>'),
    head: flow('<StateCode>0</StateCode>'),
    close: flow('<StateCode>1</StateCode><OnDemand>1</OnDemand>'),
  },
  {
    rule: 'env-var-needs-value',
    base: {},
    head: variable('<type>100000000</type>'),
    close: variable('<type>100000000</type><defaultvalue>a</defaultvalue>'),
  },
  {
    rule: 'canvas-source-alone',
    base: canvasApp({ 'Src\\App.pa.yaml': 'App: 1', 'Controls\\1.json': '{"a":1}' }),
    head: canvasApp({ 'Src\\App.pa.yaml': 'App: 2', 'Controls\\1.json': '{"a":1}' }),
    close: canvasApp({ 'Src\\App.pa.yaml': 'App: 2', 'Controls\\1.json': '{"a":2}' }),
  },
  {
    rule: 'env-var-type-changed',
    base: variable('<type>100000000</type>'),
    head: variable('<type>100000001</type>'),
    close: variable('<type>100000000</type><isrequired>1</isrequired>'),
  },
  {
    rule: 'env-var-value-in-source',
    base: variable(''),
    head: {
      ...variable(''),
      'environmentvariabledefinitions/lin_Box/environmentvariablevalues.json': '{"a":"b"}',
    },
    close: variable('<isrequired>1</isrequired>'),
  },
  {
    rule: 'connref-needs-connection',
    base: references(''),
    head: references(reference('a')),
    close: file(
      'Other/Customizations.xml',
      '<ImportExportXml><connectionreferences /><Languages><Language>1033</Language></Languages></ImportExportXml>',
    ),
  },
  {
    rule: 'connref-connector-changed',
    base: references(reference('a')),
    head: references(reference('b')),
    close: references(
      reference('a').replace('</connectionreference>', '<description>x</description></connectionreference>'),
    ),
  },
  {
    rule: 'connref-removed-with-flows',
    base: {
      ...references(reference('a')),
      ...flow(
        '',
        '{"properties":{"connectionReferences":{"m":{"connection":{"connectionReferenceLogicalName":"lin_mail"}}},"definition":{}}}',
      ),
    },
    head: references(''),
    close: { ...references(''), ...flow('', definition('{}')) },
  },
  {
    rule: 'removed-but-used',
    base: { ...table('', column('<Type>int</Type>')), ...view('lin_note') },
    head: { ...table(''), ...view('lin_note') },
    close: { ...table(''), ...view('lin_notes') },
  },
]

function rulesOf(base: Files, head: Files): string[] {
  return compareSolutions(tree(base), tree(head)).changes.flatMap(({ effects }) =>
    effects.map(({ rule }) => rule),
  )
}

test.each(cases)(
  '$rule is found where it is, and not where it is only close',
  ({ rule, base, head, close }) => {
    expect(rulesOf(base, head)).toContain(rule)
    const near = compareSolutions(tree(base), tree(close))
    expect(near.changes.length + near.quiet.files).toBeGreaterThan(0)
    expect(rulesOf(base, close)).not.toContain(rule)
  },
)

describe('what is gone and still used', () => {
  const condition = (value: string): Files =>
    file(
      'Entities/lin_Order/SavedQueries/{7}.xml',
      `<savedqueries><savedquery><savedqueryid>{7}</savedqueryid><fetchxml><fetch><entity name="lin_order"><filter type="and"><condition attribute="lin_note" operator="eq" value="${value}" /></filter></entity></fetch></fetchxml></savedquery></savedqueries>`,
    )
  const localChoice = (options: string): Files =>
    withColumn(`<Type>picklist</Type><optionset><options>${options}</options></optionset>`)
  const otherView = (alias: string): Files =>
    file(
      'Entities/lin_Other/SavedQueries/{8}.xml',
      `<savedqueries><savedquery><savedqueryid>{8}</savedqueryid><fetchxml><fetch><entity name="lin_other"><attribute name="lin_note" alias="${alias}" /></entity></fetch></fetchxml></savedquery></savedqueries>`,
    )
  const globalChoice = withColumn('<Type>picklist</Type><OptionSetName>lin_status</OptionSetName>')
  const script = file(
    'WebResources/lin_/a.js.data.xml',
    '<WebResource><Name>lin_/a.js</Name><WebResourceType>3</WebResourceType></WebResource>',
  )
  const formWith = (library: string): Files =>
    form(`<formLibraries><Library name="${library}" /></formLibraries>`)

  test.each<[string, Files, Files, Files]>([
    [
      'a column in a key',
      table('', column('<Type>int</Type>'), keysOf({ lin_k: ['lin_note'] })),
      table('', '', keysOf({ lin_k: ['lin_note'] })),
      table('', '', keysOf({ lin_k: ['lin_notes'] })),
    ],
    [
      'a column in a list of another table, and not a column of the same name there',
      { ...table('', column('<Type>int</Type>')), ...otherView('lin_order_x') },
      { ...table(''), ...otherView('lin_order_x') },
      { ...table(''), ...otherView('lin_other_x') },
    ],
    [
      'an option of a column in a filter',
      { ...localChoice(option('1', 'A') + option('2', 'B')), ...condition('2') },
      { ...localChoice(option('1', 'A')), ...condition('2') },
      { ...localChoice(option('1', 'A')), ...condition('1') },
    ],
    [
      'an option of a choice in a filter',
      { ...choice(option('1', 'A') + option('2', 'B')), ...globalChoice, ...condition('2') },
      { ...choice(option('1', 'A')), ...globalChoice, ...condition('2') },
      { ...choice(option('1', 'A')), ...globalChoice, ...condition('22') },
    ],
    [
      'a choice behind a column',
      { ...choice(option('1', 'A')), ...globalChoice },
      globalChoice,
      withColumn('<Type>picklist</Type><OptionSetName>lin_status2</OptionSetName>'),
    ],
    [
      'a script of a form',
      { ...script, ...formWith('lin_/a.js') },
      formWith('lin_/a.js'),
      formWith('lin_/aa.js'),
    ],
    [
      'a role of an app',
      { ...role(''), ...app('<Role id="{1}" />') },
      app('<Role id="{1}" />'),
      app('<Role id="{12}" />'),
    ],
    [
      'an environment variable of a flow',
      { ...variable(''), ...flow('', '{"a":"@parameters(\'Box (lin_Box)\')"}') },
      flow('', '{"a":"@parameters(\'Box (lin_Box)\')"}'),
      flow('', '{"a":"@parameters(\'Box (lin_Boxes)\')"}'),
    ],
  ])('%s', (_name, base, head, close) => {
    expect(rulesOf(base, head)).toContain('removed-but-used')
    expect(rulesOf(base, close)).not.toContain('removed-but-used')
  })
})

test('a change of a date that cannot be taken back is one thing, one that is refused another', () => {
  const [from, to] = ['1', '3'].map((behavior) => tree(withColumn(`<Behavior>${behavior}</Behavior>`)))
  const effects = (base: ComparedTree | undefined, head: ComparedTree | undefined): unknown =>
    compareSolutions(base, head).changes[0]?.effects
  expect(effects(from, to)).toMatchObject([
    { rule: 'date-behavior-changed', effect: 'breaks', level: 'warning' },
  ])
  expect(effects(to, from)).toMatchObject([
    { rule: 'date-behavior-changed', effect: 'import-fails', level: 'error' },
  ])
})

test('a shell that becomes a whole table is told as that, and brings the columns of the platform', () => {
  const shell = (table('')[ENTITY] ?? '').replace('UserOwned', 'None')
  const platform = column('<Type>datetime</Type><IsCustomField>0</IsCustomField>', 'createdon', 'Created on')
  const whole = table('<IsAuditEnabled>1</IsAuditEnabled>', platform)
  const { changes } = compareSolutions(tree(file(ENTITY, shell)), tree(whole))
  expect(changes).toMatchObject([
    {
      kind: 'table',
      change: 'changed',
      properties: [
        { label: 'Included', base: 'as a shell', head: 'with its properties' },
        { label: 'Columns', base: null, head: '1' },
      ],
      effects: [],
    },
  ])
})

test('every rule has such a case, an id of its own, and says what to do', () => {
  expect(EFFECT_RULES.map(({ id }) => id).toSorted()).toEqual(cases.map(({ rule }) => rule).toSorted())
  for (const { title, why, advice } of EFFECT_RULES)
    for (const text of [`${title}.`, why, advice]) expect(text).toMatch(/^[A-Z].*[.)]$/s)
})
