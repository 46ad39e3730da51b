import type { Lookup } from './lookup.ts'

/** One kind of component: its number, its name in layers, where customizations.xml defines it, and how it is called. */
export interface ComponentKind {
  /** Absent for kinds that each environment numbers by itself. */
  readonly type?: number
  readonly name: string
  /** Element names from the parent's element down to the component's own. */
  readonly path: readonly string[]
  /** Of its guid, when the definition states one. */
  readonly id?: Lookup
  /** The guid differs between environments, so the name tells it. */
  readonly knownByName?: true
  /** What the one is called that may be without a name. */
  readonly unnamed?: string
  readonly called: Lookup
  /** What people call it (default: its name). */
  readonly label?: Lookup
  /** Kinds that stand within this one. */
  readonly children?: readonly ComponentKind[]
}

const LABEL = 'LocalizedNames/LocalizedName/@description'

/** The kinds that customizations.xml defines, in the order of the platform's import. */
export const COMPONENT_KINDS: readonly ComponentKind[] = [
  {
    type: 9,
    name: 'OptionSet',
    path: ['optionsets', 'optionset'],
    called: '@Name',
    label: '@localizedName|displaynames/displayname/@description',
  },
  {
    type: 1,
    name: 'Entity',
    path: ['Entities', 'Entity'],
    called: 'Name',
    label: `EntityInfo/entity/${LABEL}|Name/@LocalizedName`,
    children: [
      {
        type: 2,
        name: 'Attribute',
        path: ['EntityInfo', 'entity', 'attributes', 'attribute'],
        called: 'LogicalName|Name|@PhysicalName',
        label: 'displaynames/displayname/@description',
      },
      {
        type: 14,
        name: 'EntityKey',
        path: ['EntityInfo', 'entity', 'EntityKeys', 'EntityKey'],
        called: '@Name|LogicalName',
      },
      {
        type: 60,
        name: 'SystemForm',
        path: ['FormXml', 'forms', 'systemform'],
        id: 'formid',
        called: `${LABEL}|formid`,
      },
      {
        type: 26,
        name: 'SavedQuery',
        path: ['SavedQueries', 'savedqueries', 'savedquery'],
        id: 'savedqueryid',
        called: LABEL,
      },
      {
        type: 59,
        name: 'SavedQueryVisualization',
        path: ['Visualizations', 'visualization'],
        id: 'savedqueryvisualizationid',
        called: `${LABEL}|name`,
      },
    ],
  },
  {
    type: 10,
    name: 'EntityRelationship',
    path: ['EntityRelationships', 'EntityRelationship'],
    called: '@Name',
  },
  {
    type: 61,
    name: 'WebResource',
    path: ['WebResources', 'WebResource'],
    id: 'WebResourceId',
    knownByName: true,
    called: 'Name',
    label: 'DisplayName',
  },
  { type: 20, name: 'Role', path: ['Roles', 'Role'], id: '@id', called: '@name' },
  {
    type: 70,
    name: 'FieldSecurityProfile',
    path: ['FieldSecurityProfiles', 'FieldSecurityProfile'],
    id: '@fieldsecurityprofileid',
    called: '@name',
  },
  { type: 29, name: 'Workflow', path: ['Workflows', 'Workflow'], id: '@WorkflowId', called: '@Name' },
  {
    type: 91,
    name: 'PluginAssembly',
    path: ['SolutionPluginAssemblies', 'PluginAssembly'],
    id: '@PluginAssemblyId',
    called: '@FullName',
    children: [
      {
        type: 90,
        name: 'PluginType',
        path: ['PluginTypes', 'PluginType'],
        id: '@PluginTypeId',
        called: '@Name',
      },
    ],
  },
  {
    type: 92,
    name: 'SDKMessageProcessingStep',
    path: ['SdkMessageProcessingSteps', 'SdkMessageProcessingStep'],
    id: '@SdkMessageProcessingStepId',
    called: '@Name',
  },
  {
    type: 95,
    name: 'ServiceEndpoint',
    path: ['ServiceEndpoints', 'ServiceEndpoint'],
    id: '@ServiceEndpointId|ServiceEndpointId',
    called: '@Name|Name',
  },
  { type: 60, name: 'SystemForm', path: ['Dashboards', 'Dashboard'], id: 'FormId', called: LABEL },
  { type: 60, name: 'SystemForm', path: ['Dialogs', 'Dialog'], id: 'FormId', called: LABEL },
  {
    type: 60,
    name: 'SystemForm',
    path: ['InteractionCentricDashboards', 'InteractionCentricDashboard'],
    id: 'FormId',
    called: LABEL,
  },
  { type: 80, name: 'AppModule', path: ['AppModules', 'AppModule'], called: 'UniqueName', label: LABEL },
  { type: 62, name: 'SiteMap', path: ['SiteMap', 'SiteMap'], called: '@Name', unnamed: 'SiteMap' },
  {
    type: 62,
    name: 'SiteMap',
    unnamed: 'SiteMap',
    path: ['AppModuleSiteMaps', 'AppModuleSiteMap'],
    called: 'SiteMapUniqueName',
    label: LABEL,
  },
  { type: 300, name: 'CanvasApp', path: ['CanvasApps', 'CanvasApp'], called: 'Name', label: 'DisplayName' },
  { type: 66, name: 'CustomControl', path: ['CustomControls', 'CustomControl'], called: 'Name' },
  {
    type: 372,
    name: 'Connector',
    path: ['Connectors', 'Connector'],
    id: 'connectorid',
    called: 'name',
    label: 'displayname',
  },
  {
    type: 63,
    name: 'ConnectionRole',
    path: ['ConnectionRoles', 'ConnectionRoles', 'ConnectionRole'],
    id: 'connectionroleid',
    called: 'name',
  },
  {
    type: 36,
    name: 'EmailTemplate',
    path: ['Templates', 'EmailTemplates', 'emailtemplate'],
    id: 'templateid',
    called: `title|${LABEL}`,
  },
  { type: 31, name: 'Report', path: ['Reports', 'Report'], id: 'reportid', called: 'name|filename' },
  {
    type: 401,
    name: 'AIProject',
    path: ['AIModels', 'AIModel'],
    id: 'msdyn_aimodelid',
    called: 'msdyn_name',
    children: [
      {
        type: 402,
        name: 'AIConfiguration',
        path: ['AIConfigurations', 'AIConfiguration'],
        id: 'msdyn_aiconfigurationid',
        called: 'msdyn_name',
      },
    ],
  },
  {
    name: 'connectionreference',
    path: ['connectionreferences', 'connectionreference'],
    called: '@connectionreferencelogicalname',
    label: 'connectionreferencedisplayname',
  },
]

/** Kinds that have a folder of their own, or are only ever named by number. */
const OTHER_TYPES: ReadonlyMap<number, string> = new Map([
  [48, 'RibbonCommand'],
  [50, 'RibbonCustomization'],
  [55, 'RibbonDiff'],
  [65, 'HierarchyRule'],
  [152, 'SLA'],
  [154, 'ConvertRule'],
  [161, 'MobileOfflineProfile'],
  [371, 'Connector'],
  [380, 'environmentvariabledefinition'],
  [381, 'environmentvariablevalue'],
  [431, 'AttributeImageConfig'],
  [432, 'EntityImageConfig'],
])

const ALL = COMPONENT_KINDS.flatMap((kind) => [kind, ...(kind.children ?? [])])
const BY_TYPE: ReadonlyMap<number, string> = new Map([
  ...OTHER_TYPES,
  ...ALL.flatMap(({ type, name }) => (type === undefined ? [] : [[type, name] as const])),
])
const BY_NAME: ReadonlyMap<string, ComponentKind> = new Map(
  ALL.map((kind) => [kind.name.toLowerCase(), kind]),
)

export function kindNamed(name: string): ComponentKind | undefined {
  return BY_NAME.get(name.toLowerCase())
}

/** `29` → `Workflow`; newer kinds are named by their table already. */
export function typeNameOf(type: string): string {
  const number = Number(type)
  return Number.isInteger(number) ? (BY_TYPE.get(number) ?? `Component${number}`) : type.toLowerCase()
}

/** The number of a type name that has a fixed one. */
export function fixedType(typeName: string): number | undefined {
  const known = kindNamed(typeName)?.type ?? [...BY_TYPE].find(([, name]) => name === typeName)?.[0]
  return known ?? (/^Component\d+$/.test(typeName) ? Number(typeName.slice('Component'.length)) : undefined)
}
