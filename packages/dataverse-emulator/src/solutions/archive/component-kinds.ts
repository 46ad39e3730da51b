import type { Row } from '../../store/row.ts'
import type { XmlElement } from '@dsa/solution-package'
import {
  byAttributes,
  labelIn,
  numberIn,
  stated,
  stringId,
  textIn,
  type ComponentKind,
} from './component-kind.ts'
import { TABLE_KINDS } from './table-kinds.ts'

const PLUGIN_TYPE: ComponentKind = {
  type: 90,
  name: 'PluginType',
  path: ['PluginTypes', 'PluginType'],
  byId: true,
  result: ['SolutionPluginAssemblies', 'PluginType'],
  read: byAttributes('PluginTypeId', 'Name'),
}

/** The kinds that customizations.xml defines, in the order of the platform's import. */
export const COMPONENT_KINDS: readonly ComponentKind[] = [
  ...TABLE_KINDS,
  {
    type: 61,
    name: 'WebResource',
    path: ['WebResources', 'WebResource'],
    table: 'webresource',
    result: ['webResources', 'webResource'],
    read: (element) => ({
      ...stringId(textIn(element, 'WebResourceId')),
      name: textIn(element, 'Name') ?? '',
      displayName: textIn(element, 'DisplayName') ?? textIn(element, 'Name') ?? '',
      row: stated({
        name: textIn(element, 'Name'),
        displayname: textIn(element, 'DisplayName'),
        webresourcetype: numberIn(element, 'WebResourceType'),
        languagecode: numberIn(element, 'LanguageCode'),
        filename: textIn(element, 'FileName'),
      }),
    }),
  },
  {
    type: 20,
    name: 'Role',
    path: ['Roles', 'Role'],
    byId: true,
    table: 'role',
    result: ['securityroles', 'securityrole'],
    read: byAttributes('id', 'name', (element) =>
      stated({
        name: element.attribute('name'),
        '(privileges)': (element.element('RolePrivileges')?.elements('RolePrivilege') ?? []).map(
          (item) => item.attribute('name') ?? '',
        ),
      }),
    ),
  },
  {
    type: 70,
    name: 'FieldSecurityProfile',
    path: ['FieldSecurityProfiles', 'FieldSecurityProfile'],
    byId: true,
    result: ['FieldSecurityProfiles', 'FieldSecurityProfile'],
    read: byAttributes('fieldsecurityprofileid', 'name'),
  },
  {
    type: 29,
    name: 'Workflow',
    path: ['Workflows', 'Workflow'],
    byId: true,
    table: 'workflow',
    result: ['workflows', 'workflow'],
    read: byAttributes('WorkflowId', 'Name', (element) =>
      stated({
        name: element.attribute('Name'),
        category: numberIn(element, 'Category'),
        type: numberIn(element, 'Type'),
        mode: numberIn(element, 'Mode'),
        scope: numberIn(element, 'Scope'),
        subprocess: textIn(element, 'Subprocess') === '1',
        primaryentity: textIn(element, 'PrimaryEntity'),
        introducedversion: textIn(element, 'IntroducedVersion'),
        '(file)': textIn(element, 'JsonFileName') ?? textIn(element, 'XamlFileName'),
      }),
    ),
  },
  {
    type: 91,
    name: 'PluginAssembly',
    path: ['SolutionPluginAssemblies', 'PluginAssembly'],
    byId: true,
    table: 'pluginassembly',
    result: ['SolutionPluginAssemblies', 'SolutionPluginAssembly'],
    read: byAttributes('PluginAssemblyId', 'FullName', (element) =>
      stated({
        name: element.attribute('FullName')?.split(',')[0],
        version: /Version=([\d.]+)/.exec(element.attribute('FullName') ?? '')?.[1],
      }),
    ),
    children: [PLUGIN_TYPE],
  },
  {
    type: 92,
    name: 'SDKMessageProcessingStep',
    path: ['SdkMessageProcessingSteps', 'SdkMessageProcessingStep'],
    byId: true,
    table: 'sdkmessageprocessingstep',
    result: ['SdkMessageProcessingSteps', 'SdkMessageProcessingStep'],
    read: byAttributes('SdkMessageProcessingStepId', 'Name', (element) =>
      stated({
        name: element.attribute('Name'),
        stage: numberIn(element, 'Stage'),
        rank: numberIn(element, 'Rank'),
      }),
    ),
  },
  {
    type: 95,
    name: 'ServiceEndpoint',
    path: ['ServiceEndpoints', 'ServiceEndpoint'],
    byId: true,
    result: ['ServiceEndpoints', 'ServiceEndpoint'],
    read: (element) => ({
      ...stringId(element.attribute('ServiceEndpointId') ?? textIn(element, 'ServiceEndpointId')),
      name: element.attribute('Name') ?? textIn(element, 'Name') ?? '',
    }),
  },
  {
    type: 60,
    name: 'SystemForm',
    path: ['Dashboards', 'Dashboard'],
    byId: true,
    table: 'systemform',
    merges: true,
    result: ['dashboards', 'dashboard'],
    read: (element) => ({
      ...stringId(textIn(element, 'FormId')),
      name: labelIn(element) ?? '',
      row: stated({ formid: textIn(element, 'FormId'), name: labelIn(element), type: 0 }),
    }),
  },
  {
    type: 80,
    name: 'AppModule',
    path: ['AppModules', 'AppModule'],
    table: 'appmodule',
    merges: true,
    result: ['appmodules', 'appmodule'],
    read: (element) => ({
      name: textIn(element, 'UniqueName') ?? '',
      displayName: labelIn(element) ?? textIn(element, 'UniqueName') ?? '',
      row: stated({
        uniquename: textIn(element, 'UniqueName'),
        name: labelIn(element) ?? textIn(element, 'UniqueName'),
      }),
    }),
  },
  {
    type: 62,
    name: 'SiteMap',
    path: ['AppModuleSiteMaps', 'AppModuleSiteMap'],
    merges: true,
    result: ['siteMaps', 'siteMap'],
    read: (element) => ({
      name: textIn(element, 'SiteMapUniqueName') ?? '',
      displayName: labelIn(element) ?? textIn(element, 'SiteMapUniqueName') ?? '',
    }),
  },
  {
    type: 300,
    name: 'CanvasApp',
    path: ['CanvasApps', 'CanvasApp'],
    table: 'canvasapp',
    result: ['canvasapps', 'canvasapp'],
    read: (element) => ({
      name: textIn(element, 'Name') ?? '',
      displayName: textIn(element, 'DisplayName') ?? textIn(element, 'Name') ?? '',
      row: stated({
        name: textIn(element, 'Name'),
        displayname: textIn(element, 'DisplayName'),
        appversion: textIn(element, 'AppVersion'),
        status: textIn(element, 'Status'),
      }),
    }),
  },
  {
    type: 66,
    name: 'CustomControl',
    path: ['CustomControls', 'CustomControl'],
    result: ['customcontrols', 'customcontrol'],
    read: (element) => ({ name: textIn(element, 'Name') ?? '' }),
  },
  {
    type: 372,
    name: 'Connector',
    path: ['Connectors', 'Connector'],
    byId: true,
    table: 'connector',
    result: ['connectors', 'connector'],
    read: (element) => ({
      ...stringId(textIn(element, 'connectorid')),
      name: textIn(element, 'name') ?? '',
      displayName: textIn(element, 'displayname') ?? textIn(element, 'name') ?? '',
      row: stated({ name: textIn(element, 'name'), displayname: textIn(element, 'displayname') }),
    }),
  },
  {
    type: 63,
    name: 'ConnectionRole',
    path: ['ConnectionRoles', 'ConnectionRole'],
    byId: true,
    result: ['ConnectionRoles', 'ConnectionRole'],
    read: (element) => ({
      ...stringId(textIn(element, 'connectionroleid')),
      name: textIn(element, 'name') ?? '',
    }),
  },
  {
    type: 36,
    name: 'EmailTemplate',
    path: ['Templates', 'EmailTemplates', 'EmailTemplate'],
    byId: true,
    result: ['templates', 'template'],
    read: (element) => ({
      ...stringId(textIn(element, 'TemplateId')),
      name: textIn(element, 'title') ?? labelIn(element) ?? '',
    }),
  },
  {
    type: 31,
    name: 'Report',
    path: ['Reports', 'Report'],
    byId: true,
    result: ['reports', 'report'],
    read: (element) => ({
      ...stringId(textIn(element, 'ReportId')),
      name: labelIn(element) ?? textIn(element, 'FileName') ?? '',
    }),
  },
  {
    type: 0,
    name: 'connectionreference',
    path: ['connectionreferences', 'connectionreference'],
    table: 'connectionreference',
    result: ['connectionreferences', 'connectionreference'],
    read: (element) => ({
      name: element.attribute('connectionreferencelogicalname') ?? '',
      displayName: textIn(element, 'connectionreferencedisplayname') ?? '',
      row: stated({
        connectionreferencelogicalname: element.attribute('connectionreferencelogicalname'),
        connectionreferencedisplayname: textIn(element, 'connectionreferencedisplayname') ?? null,
        description: textIn(element, 'description') ?? null,
        connectorid: textIn(element, 'connectorid'),
        promptingbehavior: numberIn(element, 'promptingbehavior'),
      }),
    }),
  },
]

/** Kinds that have rows of their own in folders of the archive, by the name of their file. */
export const FILE_KINDS: Readonly<
  Record<string, Pick<ComponentKind, 'type' | 'table'> & { readonly read: (element: XmlElement) => Row }>
> = {
  environmentvariabledefinition: {
    type: 380,
    table: 'environmentvariabledefinition',
    read: (element) =>
      stated({
        schemaname: element.attribute('schemaname'),
        displayname: element.element('displayname')?.attribute('default'),
        description: element.element('description')?.attribute('default') ?? null,
        type: numberIn(element, 'type'),
        defaultvalue: textIn(element, 'defaultvalue') ?? null,
        isrequired: textIn(element, 'isrequired') === '1',
        secretstore: numberIn(element, 'secretstore'),
        introducedversion: textIn(element, 'introducedversion'),
        parameterkey: textIn(element, 'parameterkey') ?? null,
        apiid: textIn(element, 'apiid') ?? null,
      }),
  },
}

/** Names of the types that are only ever named by number. */
const OTHER_TYPES: ReadonlyMap<number, string> = new Map([
  [48, 'RibbonCommand'],
  [50, 'RibbonCustomization'],
  [55, 'RibbonDiff'],
  [65, 'HierarchyRule'],
  [152, 'SLA'],
  [154, 'ConvertRule'],
  [161, 'MobileOfflineProfile'],
  [371, 'Connector'],
  [381, 'environmentvariablevalue'],
  [401, 'AIConfiguration'],
  [431, 'AttributeImageConfig'],
  [432, 'EntityImageConfig'],
])

const BY_TYPE: ReadonlyMap<number, ComponentKind> = new Map(
  [...COMPONENT_KINDS, ...COMPONENT_KINDS.flatMap((kind) => kind.children ?? [])]
    .filter(({ type }) => type > 0)
    .map((kind) => [kind.type, kind]),
)
const BY_NAME: ReadonlyMap<string, ComponentKind> = new Map(
  [...COMPONENT_KINDS, ...COMPONENT_KINDS.flatMap((kind) => kind.children ?? [])].map((kind) => [
    kind.name.toLowerCase(),
    kind,
  ]),
)

export function kindNamed(name: string): ComponentKind | undefined {
  return BY_NAME.get(name.toLowerCase())
}

/** `29` → `Workflow`; newer kinds are named by their table already. */
export function typeNameOf(type: string): string {
  const number = Number(type)
  if (!Number.isInteger(number)) return type.toLowerCase()
  const file = Object.entries(FILE_KINDS).find(([, kind]) => kind.type === number)?.[0]
  return BY_TYPE.get(number)?.name ?? file ?? OTHER_TYPES.get(number) ?? `Component${number}`
}

/** The number of a type name that has a fixed one. */
export function fixedType(typeName: string): number | undefined {
  const kind = kindNamed(typeName)
  if (kind !== undefined && kind.type > 0) return kind.type
  const file = FILE_KINDS[typeName]
  if (file !== undefined) return file.type
  const other = [...OTHER_TYPES].find(([, name]) => name === typeName)?.[0]
  return other ?? (/^Component\d+$/.test(typeName) ? Number(typeName.slice('Component'.length)) : undefined)
}
