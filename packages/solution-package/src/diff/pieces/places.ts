import type { Fact } from '../facts/fact.ts'
import { ELSEWHERE, xmlFacts, type XmlRules } from '../facts/xml-facts.ts'
import { appFacts, siteMapFacts } from '../kinds/app.ts'
import {
  ASSEMBLY_RULES,
  CODE_COMPONENT_RULES,
  CONTROL_RULES,
  CUSTOM_API_RULES,
  ENDPOINT_RULES,
  STEP_RULES,
  WEB_RESOURCE_RULES,
} from '../kinds/code.ts'
import { formFacts } from '../kinds/form.ts'
import { PROCESS_KINDS, processFacts } from '../kinds/process.ts'
import { PROFILE_RULES, roleFacts } from '../kinds/security.ts'
import { CANVAS_APP_RULES, CONNECTOR_RULES, VARIABLE_RULES } from '../kinds/settings.ts'
import { solutionFacts } from '../kinds/solution.ts'
import { CHOICE_RULES, RELATIONSHIP_RULES } from '../kinds/table.ts'
import { chartFacts, viewFacts } from '../kinds/view.ts'
import { definitions } from './definitions.ts'
import {
  bareFlow,
  customizationPieces,
  parameterPieces,
  relationshipIndex,
  rowPieces,
  tablePieces,
} from './mixed-files.ts'
import type { Piece, Place, PlacedFile, SideFiles } from './piece.ts'
import { SITE_PLACES } from './site-files.ts'
import { textPieces } from './text-resources.ts'

function ofTable({ groups }: PlacedFile): Piece['parent'] {
  return {
    kind: 'table',
    id: (groups['table'] ?? '').toLowerCase(),
  }
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
    facts: chartFacts,
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
  {
    at: /^Workflows\/(?<name>.+)-(?<id>[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12})\.json$/i,
    read: bareFlow,
  },
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
    facts: ENDPOINT_RULES,
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
  definitions(/^Dashboards\/[^/]+\.xml$|^InteractionCentricDashboards\/[^/]+\.xml$/i, {
    kind: 'dashboard',
    id: ['FormId'],
    name: ['LocalizedNames', 'FormId'],
    facts: formFacts,
  }),
  definitions(/^Dialogs\/[^/]+\.xml$/i, {
    kind: 'form',
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
  ...SITE_PLACES,
  { at: /^Resources\/(?:(?<language>[^/]+)\/)?[^/]+\.resx$/i, read: textPieces },
  { at: /^(?<folder>[^/]+)\/(?<name>[^/]+)\/[^/]+\.xml$/, read: rowPieces },
]

/** How a manifest of a code component is read where it is a file of the component. */
export function manifestFacts(side: SideFiles, path: string): Fact[] {
  return xmlFacts(side.parse(path).root, { rules: CONTROL_RULES, language: side.language })
}
