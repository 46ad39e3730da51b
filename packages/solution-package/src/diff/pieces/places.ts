import type { XmlElement } from '../../xml/index.ts'
import type { Fact } from '../facts/fact.ts'
import { ELSEWHERE, labelIn, xmlFacts, type XmlRules } from '../facts/xml-facts.ts'
import { plainId } from '../facts/words.ts'
import { appFacts, siteMapFacts } from '../kinds/app.ts'
import {
  ASSEMBLY_RULES,
  CODE_COMPONENT_RULES,
  CONTROL_RULES,
  CUSTOM_API_RULES,
  PARAMETER_RULES,
  STEP_RULES,
  WEB_RESOURCE_RULES,
} from '../kinds/code.ts'
import { formFacts } from '../kinds/form.ts'
import { PROCESS_KINDS, processFacts } from '../kinds/process.ts'
import { PROFILE_RULES, roleFacts } from '../kinds/security.ts'
import {
  CANVAS_APP_RULES,
  CONNECTION_REFERENCE_RULES,
  CONNECTOR_RULES,
  ROW_RULES,
  VARIABLE_RULES,
} from '../kinds/settings.ts'
import { solutionFacts } from '../kinds/solution.ts'
import { CHOICE_RULES, COLUMN_RULES, KEY_RULES, RELATIONSHIP_RULES, TABLE_RULES } from '../kinds/table.ts'
import { CHART_RULES, viewFacts } from '../kinds/view.ts'
import type { ComponentKind } from '../report.ts'
import type { Piece, Place, PlacedFile, SideFiles } from './piece.ts'

type FactsOf = (element: XmlElement, language: string) => readonly Fact[]

/** A kind of which a file, or each element of a name in it, is one component. */
interface Definition {
  readonly kind: ComponentKind | ((element: XmlElement) => ComponentKind)
  /** Attributes (`@id`) or children, of which the first that is there counts; or a fixed id. */
  readonly id: readonly string[] | ((file: PlacedFile, element: XmlElement) => string)
  /** Containers of labels, attributes or children, of which the first that is there counts. */
  readonly name: readonly string[]
  readonly facts: XmlRules | FactsOf
  /** The elements in the file; without it the root is one. */
  readonly items?: string
  readonly parent?: (file: PlacedFile, element: XmlElement) => Piece['parent']
}

/** A file that holds definitions of a kind. */
function definitions(at: RegExp, definition: Definition): Place {
  return {
    at,
    read: (file) => {
      const { root } = file.side.parse(file.path)
      const items = definition.items === undefined ? [root] : root.descendants(definition.items)
      return items.map((element) => pieceOf(element, definition, file))
    },
  }
}

function pieceOf(element: XmlElement, definition: Definition, file: PlacedFile): Piece {
  const { kind, facts } = definition
  const { language } = file.side
  const id =
    typeof definition.id === 'function'
      ? definition.id(file, element)
      : (firstOf(element, definition.id) ?? file.path)
  const parent = definition.parent?.(file, element)
  return {
    kind: typeof kind === 'function' ? kind(element) : kind,
    id: plainId(id),
    name: nameOf(element, definition.name, language) ?? id,
    ...(parent !== undefined && { parent }),
    isDefinition: true,
    ...(file.groups['managed'] !== undefined && { isTwin: true }),
    facts:
      typeof facts === 'function' ? facts(element, language) : xmlFacts(element, { rules: facts, language }),
  }
}

function firstOf(element: XmlElement, at: readonly string[]): string | undefined {
  for (const lookup of at) {
    const value = lookup.startsWith('@') ? element.attribute(lookup.slice(1)) : element.element(lookup)?.text
    if (value !== undefined && value.trim() !== '') return value.trim()
  }
  return undefined
}

function nameOf(element: XmlElement, at: readonly string[], language: string): string | undefined {
  for (const lookup of at) {
    const child = lookup.startsWith('@') ? undefined : element.element(lookup)
    const label = labelIn(child, language) ?? child?.attribute('default') ?? firstOf(element, [lookup])
    if (label !== undefined && label !== '') return label
  }
  return undefined
}

function ofTable({ groups }: PlacedFile): Piece['parent'] {
  return {
    kind: 'table',
    id: (groups['table'] ?? '').toLowerCase(),
  }
}

/** A table's own file: the table, its columns, its keys. */
function tablePieces(file: PlacedFile): Piece[] {
  const { root } = file.side.parse(file.path)
  const { language } = file.side
  const info = root.element('EntityInfo')?.element('entity')
  const id = (root.element('Name')?.text ?? file.groups['table'] ?? '').trim().toLowerCase()
  const name =
    labelIn(info?.element('LocalizedNames'), language) ??
    root.element('Name')?.attribute('LocalizedName') ??
    id
  const parent = { kind: 'table', id } as const
  const columns = (info?.elements('attributes') ?? []).flatMap((list) => list.elements('attribute'))
  const keys = (info?.elements('EntityKeys') ?? []).flatMap((list) => list.elements('EntityKey'))
  return [
    {
      kind: 'table',
      id,
      name: name === '' ? id : name,
      isDefinition: true,
      facts: xmlFacts(root, { rules: TABLE_RULES, language }),
    },
    ...columns.map((column): Piece => {
      const own = firstOf(column, ['LogicalName', 'Name', '@PhysicalName'])?.toLowerCase() ?? ''
      return {
        kind: 'column',
        id: `${id}.${own}`,
        name: nameOf(column, ['displaynames'], language) ?? own,
        parent,
        isDefinition: true,
        facts: xmlFacts(column, { rules: COLUMN_RULES, language }),
      }
    }),
    ...keys.map((key): Piece => {
      const own = firstOf(key, ['LogicalName', 'Name'])?.toLowerCase() ?? ''
      return {
        kind: 'key',
        id: `${id}.${own}`,
        name: nameOf(key, ['displaynames'], language) ?? own,
        parent,
        isDefinition: true,
        facts: xmlFacts(key, { rules: KEY_RULES, language }),
      }
    }),
  ]
}

/** The rest of customizations.xml: connection references, and sections that have no files. */
function customizationPieces(file: PlacedFile): Piece[] {
  const { root } = file.side.parse(file.path)
  const { language } = file.side
  const scope = { rules: REST_RULES, language }
  const references = root.descendants('connectionreference').map((element) =>
    pieceOf(
      element,
      {
        kind: 'connection-reference',
        id: ['@connectionreferencelogicalname'],
        name: ['connectionreferencedisplayname'],
        facts: CONNECTION_REFERENCE_RULES,
      },
      file,
    ),
  )
  const rest: Piece = {
    kind: 'other',
    id: file.path.toLowerCase(),
    name: 'Customizations',
    isDefinition: true,
    facts: xmlFacts(root, scope),
  }
  return [...references, rest]
}

const REST_RULES: XmlRules = {
  connectionreferences: ELSEWHERE,
  Languages: 'Languages',
  'Languages/Language': 'Language',
}

/** The index of relationships: what it lists is told by the files of the tables. */
function relationshipIndex(file: PlacedFile): Piece[] {
  return file.side
    .parse(file.path)
    .root.elements('EntityRelationship')
    .map((element) => ({
      kind: 'relationship',
      id: (element.attribute('Name') ?? '').toLowerCase(),
      name: element.attribute('Name') ?? '',
      isDefinition: false,
      facts: [],
    }))
}

/** Parts of a custom API stand in folders below it and are told as properties of it. */
function parameterPieces(file: PlacedFile): Piece[] {
  const { root } = file.side.parse(file.path)
  const { language } = file.side
  const id = (file.groups['api'] ?? '').toLowerCase()
  const name = root.attribute('uniquename') ?? file.groups['name'] ?? ''
  const what =
    file.groups['list']?.toLowerCase().includes('request') === true
      ? 'Request parameter'
      : 'Response property'
  const path = `${file.groups['list'] ?? ''}/${name}`
  return [
    {
      kind: 'custom-api',
      id,
      name: id,
      isDefinition: false,
      facts: [
        {
          key: `${what} ${name.toLowerCase()}`,
          label: `${what} ${name}`,
          path,
          shown: name,
          isPart: true,
          facts: xmlFacts(root, { rules: PARAMETER_RULES, language }, path),
        },
      ],
    },
  ]
}

/** Which kind a folder of rows is, and what people call one. */
const ROW_KINDS: Readonly<Record<string, ComponentKind>> = {
  bots: 'agent',
  botcomponents: 'agent-component',
  appactions: 'command',
  pluginpackages: 'plug-in-package',
  msdyn_aimodels: 'ai-model',
  aimodels: 'ai-model',
}

const ROW_ID = ['@schemaname', '@uniquename', '@name', '@Name'] as const

function rowPieces(file: PlacedFile): Piece[] {
  const { root } = file.side.parse(file.path)
  const folder = (file.groups['folder'] ?? '').toLowerCase()
  const kind = ROW_KINDS[folder] ?? 'other'
  const parentBot = root.element('parentbotid')?.element('schemaname')?.text.trim()
  const id =
    kind === 'other'
      ? `${folder}/${file.groups['name'] ?? ''}`
      : (firstOf(root, ROW_ID) ?? file.groups['name'] ?? '')
  return [
    {
      kind,
      id: plainId(id),
      name:
        nameOf(
          root,
          ['name', 'displayname', 'buttonlabeltext', 'msdyn_name', 'friendlyname'],
          file.side.language,
        ) ??
        file.groups['name'] ??
        id,
      ...(parentBot !== undefined && parentBot !== '' && kind === 'agent-component'
        ? { parent: { kind: 'agent' as const, id: parentBot.toLowerCase() } }
        : {}),
      isDefinition: true,
      facts: xmlFacts(root, { rules: ROW_RULES, language: file.side.language }),
    },
  ]
}

const RIBBON_RULES: XmlRules = {
  'CustomActions/CustomAction': { part: 'Button or action', by: ['@Id'] },
  'CustomActions/HideCustomAction': { part: 'Hidden action', by: ['@HideActionId'] },
  'CommandDefinitions/CommandDefinition': { part: 'Command', by: ['@Id'] },
  'RuleDefinitions/DisplayRules/DisplayRule': { part: 'Display rule', by: ['@Id'] },
  'RuleDefinitions/EnableRules/EnableRule': { part: 'Enable rule', by: ['@Id'] },
  'LocLabels/LocLabel': { part: 'Text', by: ['@Id'] },
}

/** Where components stand in a tree, and how they are read. The first row that fits a path counts. */
export const PLACES: readonly Place[] = [
  definitions(/^Other\/Solution\.xml$/i, {
    kind: 'solution',
    id: (_file, root) => root.element('SolutionManifest')?.element('UniqueName')?.text.trim() ?? '',
    name: [],
    facts: solutionFacts,
  }),
  { at: /^Other\/Customizations\.xml$/i, read: customizationPieces },
  { at: /^Other\/Relationships\.xml$/i, read: relationshipIndex },
  definitions(/^Other\/Relationships\/[^/]+\.xml$/i, {
    kind: 'relationship',
    id: ['@Name'],
    name: ['@Name'],
    items: 'EntityRelationship',
    facts: RELATIONSHIP_RULES,
  }),
  definitions(/^Other\/FieldSecurityProfiles\.xml$/i, {
    kind: 'column-security-profile',
    id: ['@fieldsecurityprofileid', '@name'],
    name: ['@name'],
    items: 'FieldSecurityProfile',
    facts: PROFILE_RULES,
  }),
  definitions(/^Other\/ConnectionRoles\.xml$/i, {
    kind: 'connection-role',
    id: ['connectionroleid'],
    name: ['name'],
    items: 'ConnectionRole',
    facts: { connectionroleid: ELSEWHERE, name: 'Name' },
  }),
  definitions(/^Other\/SiteMap(?<managed>_managed)?\.xml$/i, {
    kind: 'site-map',
    id: () => 'application',
    name: [],
    facts: siteMapFacts,
  }),
  definitions(/^Other\/RibbonCustomization\.xml$/i, {
    kind: 'ribbon',
    id: () => 'application',
    name: [],
    facts: RIBBON_RULES,
  }),
  { at: /^Entities\/(?<table>[^/]+)\/Entity\.xml$/i, read: tablePieces },
  definitions(/^Entities\/(?<table>[^/]+)\/FormXml\/.*?(?<managed>_managed)?\.xml$/i, {
    kind: 'form',
    id: ['formid'],
    name: ['LocalizedNames', 'formid'],
    items: 'systemform',
    facts: formFacts,
    parent: ofTable,
  }),
  definitions(/^Entities\/(?<table>[^/]+)\/SavedQueries\/[^/]+\.xml$/i, {
    kind: 'view',
    id: ['savedqueryid'],
    name: ['LocalizedNames', 'savedqueryid'],
    items: 'savedquery',
    facts: viewFacts,
    parent: ofTable,
  }),
  definitions(/^Entities\/(?<table>[^/]+)\/Visualizations\/[^/]+\.xml$/i, {
    kind: 'chart',
    id: ['savedqueryvisualizationid'],
    name: ['LocalizedNames', 'name'],
    facts: CHART_RULES,
    parent: ofTable,
  }),
  definitions(/^Entities\/(?<table>[^/]+)\/RibbonDiff\.xml$/i, {
    kind: 'ribbon',
    id: ({ groups }) => groups['table'] ?? '',
    name: [],
    facts: RIBBON_RULES,
    parent: ofTable,
  }),
  definitions(/^OptionSets\/[^/]+\.xml$/i, {
    kind: 'choice',
    id: ['@Name'],
    name: ['displaynames', '@localizedName', '@Name'],
    facts: CHOICE_RULES,
  }),
  definitions(/^Roles\/[^/]+\.xml$/i, {
    kind: 'security-role',
    id: ['@id', '@name'],
    name: ['@name'],
    facts: roleFacts,
  }),
  definitions(/^Workflows\/.*\.data\.xml$/i, {
    kind: (element) => PROCESS_KINDS[element.element('Category')?.text.trim() ?? ''] ?? 'classic-workflow',
    id: ['@WorkflowId'],
    name: ['@Name'],
    facts: processFacts,
  }),
  definitions(/^WebResources\/.*\.data\.xml$/i, {
    kind: 'web-resource',
    id: ['Name'],
    name: ['DisplayName', 'Name'],
    facts: WEB_RESOURCE_RULES,
  }),
  definitions(/^PluginAssemblies\/ServiceEndpoints\.xml$/i, {
    kind: 'service-endpoint',
    id: ['@ServiceEndpointId', 'ServiceEndpointId', '@Name'],
    name: ['@Name', 'Name'],
    items: 'ServiceEndpoint',
    facts: {},
  }),
  definitions(/^PluginAssemblies\/.*\.data\.xml$/i, {
    kind: 'plug-in-assembly',
    // Archives without an id have it in the name of the folder.
    id: ({ path }, assembly) =>
      assembly.attribute('PluginAssemblyId') ??
      /-([0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12})\//i.exec(path)?.[1] ??
      path,
    name: ['@FullName'],
    facts: ASSEMBLY_RULES,
  }),
  definitions(/^SdkMessageProcessingSteps\/[^/]+\.xml$/i, {
    kind: 'plug-in-step',
    id: ['@SdkMessageProcessingStepId'],
    name: ['@Name'],
    facts: STEP_RULES,
  }),
  definitions(/^Dashboards\/[^/]+\.xml$|^InteractionCentricDashboards\/[^/]+\.xml$|^Dialogs\/[^/]+\.xml$/i, {
    kind: 'dashboard',
    id: ['FormId'],
    name: ['LocalizedNames', 'FormId'],
    facts: formFacts,
  }),
  definitions(/^AppModules\/(?<app>[^/]+)\/AppModule(?<managed>_managed)?\.xml$/i, {
    kind: 'model-driven-app',
    id: ['UniqueName'],
    name: ['LocalizedNames', 'UniqueName'],
    facts: appFacts,
  }),
  definitions(/^AppModuleSiteMaps\/(?<app>[^/]+)\/AppModuleSiteMap(?<managed>_managed)?\.xml$/i, {
    kind: 'site-map',
    id: ['SiteMapUniqueName'],
    name: ['LocalizedNames', 'SiteMapUniqueName'],
    facts: siteMapFacts,
  }),
  definitions(/^CanvasApps\/[^/]+\.meta\.xml$/i, {
    kind: 'canvas-app',
    id: ['Name'],
    name: ['DisplayName', 'Name'],
    facts: CANVAS_APP_RULES,
  }),
  definitions(/^Connectors\/[^/]+\.xml$/i, {
    kind: 'custom-connector',
    id: ['name'],
    name: ['displayname', 'name'],
    facts: CONNECTOR_RULES,
  }),
  definitions(/^Controls\/[^/]+\/ControlManifest\.xml\.data\.xml$/i, {
    kind: 'code-component',
    id: ['Name'],
    name: ['Name'],
    facts: CODE_COMPONENT_RULES,
  }),
  definitions(/^Reports\/.*\.data\.xml$/i, {
    kind: 'report',
    id: ['reportid'],
    name: ['name', 'reportid'],
    facts: { reportid: ELSEWHERE, name: 'Name' },
  }),
  definitions(/^Templates\/EmailTemplates\.xml$/i, {
    kind: 'email-template',
    id: ['templateid'],
    name: ['title', 'templateid'],
    items: 'emailtemplate',
    facts: { templateid: ELSEWHERE },
  }),
  definitions(/^MobileOfflineProfiles\/[^/]+\.xml$/i, {
    kind: 'mobile-offline-profile',
    id: ['@MobileOfflineProfileId'],
    name: ['@Name'],
    facts: {},
  }),
  definitions(/^EnvironmentVariables\/[^/]+\.xml$/i, {
    kind: 'environment-variable',
    id: ['SchemaName', 'Name'],
    name: ['DisplayName', 'SchemaName', 'Name'],
    facts: {},
  }),
  definitions(/^environmentvariabledefinitions\/(?<name>[^/]+)\/environmentvariabledefinition\.xml$/i, {
    kind: 'environment-variable',
    id: ['@schemaname'],
    name: ['displayname', '@schemaname'],
    facts: VARIABLE_RULES,
  }),
  definitions(/^customapis\/(?<name>[^/]+)\/customapi\.xml$/i, {
    kind: 'custom-api',
    id: ['@uniquename'],
    name: ['displayname', '@uniquename'],
    facts: CUSTOM_API_RULES,
  }),
  {
    at: /^customapis\/(?<api>[^/]+)\/(?<list>customapi(?:requestparameters|responseproperties))\/(?<name>[^/]+)\/[^/]+\.xml$/i,
    read: parameterPieces,
  },
  { at: /^(?<folder>[^/]+)\/(?<name>[^/]+)\/[^/]+\.xml$/, read: rowPieces },
]

/** How a manifest of a code component is read where it is a file of the component. */
export function manifestFacts(side: SideFiles, path: string): Fact[] {
  return xmlFacts(side.parse(path).root, { rules: CONTROL_RULES, language: side.language })
}
