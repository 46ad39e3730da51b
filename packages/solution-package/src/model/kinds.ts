import type { ComponentRow } from './component.ts'
import { COMPONENTS } from './components.ts'
import type { Kind, Requirement, YamlForm } from './kind.ts'
import { VALUES_OF_ALL, VALUES_OF_ALL_IN_TREE } from './variable-values.ts'

/**
 * The kinds of components that SolutionPackager knows, as observed with version 9.1. A section that is not listed
 * here is a generic one (see generic.ts). To add a kind, add a row.
 */
export const KINDS: readonly Kind[] = [
  {
    section: 'Entities',
    components: [
      {
        ...COMPONENTS.table,
        children: [COMPONENTS.column, COMPONENTS.key, COMPONENTS.form, COMPONENTS.view, COMPONENTS.chart],
      },
    ],
    layout: 'items',
    item: 'Entity',
    path: 'Entities/{Name}/Entity.xml',
    managedWins: true,
    partsFollow: ['Name', 'ObjectTypeCode', 'EntityInfo'],
    parts: [
      {
        at: ['FormXml', 'forms', 'systemform'],
        path: 'FormXml/{../@type:path}/{formid}{managed}.xml',
        wrapper: 'forms',
        onlyWith: 'formid',
        groups: { attribute: 'type', order: ['main', 'mobile', 'quickCreate', 'quick', 'card'] },
        ofOthers: { mark: '@unmodified', type: COMPONENTS.form.type, id: 'formid' },
      },
      {
        at: ['SavedQueries', 'savedqueries', 'savedquery'],
        path: 'SavedQueries/{savedqueryid}.xml',
        wrapper: 'savedqueries',
      },
      { at: ['Visualizations', 'visualization'], path: 'Visualizations/{savedqueryvisualizationid}.xml' },
      { at: ['RibbonDiffXml'], path: 'RibbonDiff.xml', managedWins: true },
    ],
    files: [
      {
        rule: 'named',
        named: '//FormulaDefinitionFileName',
        path: 'Entities/{Name}/Formulas/{=:file}',
        neededToUnpack: true,
      },
    ],
    claims: ['Entities', 'Formulas'],
    rootComponent: { schemaName: 'Name', checked: true },
    yaml: [
      {
        item: 'Entity',
        path: 'entities/{Name:lower}/entity.yml',
        seen: true,
        children: ['Name', 'EntityInfo'],
        leftOut: ['ObjectTypeCode'],
        parts: [
          {
            at: ['EntityInfo', 'entity', 'attributes', 'attribute'],
            path: 'attributes/{LogicalName|Name|@PhysicalName:lower}.yml',
            follows: ['LocalizedNames', 'LocalizedCollectionNames', 'Descriptions'],
            order: '@PhysicalName',
            evenEmpty: true,
          },
          {
            at: ['EntityInfo', 'entity', 'EntityKeys', 'EntityKey'],
            path: 'entitykeys/{LogicalName|Name|@Name:lower}/entitykey.yml',
            follows: ['attributes'],
          },
          {
            at: ['FormXml', 'forms', 'systemform'],
            path: 'formxml/{../@type}/{formid:guid}/systemform.yml',
            groups: {
              attribute: 'type',
              known: [
                'appointmentBook',
                'card',
                'main',
                'mainInteractionCentric',
                'mobile',
                'quick',
                'quickCreate',
                'taskBasedForm',
              ],
              seen: ['card', 'main', 'quick'],
            },
          },
          {
            at: ['SavedQueries', 'savedqueries', 'savedquery'],
            path: 'savedqueries/{savedqueryid:guid}/savedquery.yml',
          },
          { at: ['RibbonDiffXml'], path: 'ribbondiffs/ribbondiff.yml' },
        ],
      },
    ],
  },
  {
    section: 'Roles',
    components: [COMPONENTS.securityRole],
    layout: 'items',
    item: 'Role',
    path: 'Roles/{@name}.xml',
    folder: 'Roles',
    packOrder: '@name',
    claims: ['Roles'],
    rootComponent: { id: '@id', checked: true },
  },
  {
    section: 'Workflows',
    components: [COMPONENTS.process],
    layout: 'items',
    item: 'Workflow',
    path: 'Workflows/{LanguageCode:dir}{XamlFileName|JsonFileName:file}.data.xml',
    requires: [{ at: '@WorkflowId', is: 'present' }],
    skip: { attribute: 'unmodified', value: '1' },
    files: [
      {
        rule: 'named',
        named: 'XamlFileName|JsonFileName',
        path: 'Workflows/{LanguageCode:dir}{=:file}',
      },
    ],
    claims: ['Workflows'],
    rootComponent: {
      id: '@WorkflowId',
      checked: true,
      // A business rule comes along with its table, and exports do not list it.
      unless: { Category: '2', Type: '1' },
    },
    single: 'Workflow',
    yaml: [
      workflows('modernflows', true, { at: 'Category', is: '5' }),
      workflows('portablebusinesslogics', true, { at: 'Category', is: '2' }),
      workflows('workflows', false),
    ],
  },
  {
    section: 'FieldSecurityProfiles',
    components: [COMPONENTS.columnSecurityProfile],
    layout: 'whole',
    path: 'Other/FieldSecurityProfiles.xml',
    items: { item: 'FieldSecurityProfile', requires: [{ at: '@name', is: 'present' }] },
    claims: [],
  },
  {
    section: 'Templates',
    components: [
      COMPONENTS.emailTemplate,
      COMPONENTS.articleTemplate,
      COMPONENTS.contractTemplate,
      COMPONENTS.mailMergeTemplate,
    ],
    layout: 'templates',
    path: 'Templates',
    groups: {
      EmailTemplates: {
        item: 'emailtemplate',
        texts: [
          emailText('subject', 'subject.xsl'),
          emailText('subjectpresentationxml', 'subjectpresentationxml.xml'),
          emailText('body', 'body.xsl'),
          emailText('presentationxml', 'presentationxml.xml'),
        ],
      },
      MailMergeTemplates: {
        item: 'mailmergetemplate',
        texts: [
          {
            element: 'body',
            path: 'Templates/MailMergeDocuments/{languagecode}/{mailmergetemplateid}/{filename}',
            encoding: 'base64',
          },
        ],
      },
      KBArticleTemplates: {
        item: 'kbarticletemplate',
        texts: [articleText('formatxml', 'formatxml.xsl'), articleText('structurexml', 'structurexml.xml')],
      },
    },
    claims: ['Templates'],
  },
  {
    section: 'EntityMaps',
    components: [COMPONENTS.tableMapping],
    layout: 'whole',
    path: 'Other/EntityMaps.xml',
    items: {
      item: 'EntityMap',
      requires: [
        { at: 'EntitySource', is: 'present' },
        { at: 'EntityTarget', is: 'present' },
      ],
    },
    claims: [],
  },
  {
    section: 'EntityRelationships',
    components: [COMPONENTS.relationship],
    layout: 'relationships',
    item: 'EntityRelationship',
    index: 'Other/Relationships.xml',
    path: 'Other/Relationships/{=:path}.xml',
    type: 'EntityRelationshipType',
    entityByType: { OneToMany: 'ReferencedEntityName', ManyToMany: 'FirstEntityName' },
    claims: [],
    yaml: [
      {
        item: 'EntityRelationship',
        path: 'entityrelationships/{@Name}/entityrelationship.yml',
        seen: true,
      },
    ],
  },
  {
    section: 'optionsets',
    components: [COMPONENTS.choice],
    layout: 'items',
    item: 'optionset',
    path: 'OptionSets/{@Name}.xml',
    folder: 'OptionSets',
    packOrder: '@Name',
    claims: ['OptionSets'],
    rootComponent: { schemaName: '@Name', checked: true },
    yaml: [{ item: 'optionset', path: 'optionsets/{@Name}/optionset.yml', seen: true }],
  },
  {
    section: 'CustomControls',
    components: [COMPONENTS.codeComponent],
    layout: 'items',
    item: 'CustomControl',
    path: '{FileName:folder}/ControlManifest.xml.data.xml',
    files: [{ rule: 'control-manifest', named: 'FileName', path: '{=:path}', neededToUnpack: true }],
    claims: ['Controls'],
    rootComponent: { schemaName: 'Name', checked: false },
  },
  {
    section: 'EntityDataProviders',
    components: [],
    layout: 'items',
    item: 'EntityDataProvider',
    path: 'EntityDataProviders/{EntityDataProviderId}.xml',
    folder: 'EntityDataProviders',
    claims: ['EntityDataProviders'],
  },
  {
    section: 'EntityDataSources',
    components: [COMPONENTS.dataSource],
    layout: 'items',
    item: 'EntityDataSource',
    path: 'EntityDataSources/{@EntityDataSourceId}.xml',
    folder: 'EntityDataSources',
    claims: ['EntityDataSources'],
  },
  {
    section: 'WebResources',
    components: [COMPONENTS.webResource],
    layout: 'items',
    item: 'WebResource',
    path: 'WebResources/{Name:path}.data.xml',
    requires: [{ at: 'WebResourceId', is: 'guid' }],
    files: [
      {
        rule: 'named',
        named: 'FileName',
        path: 'WebResources/{Name:path}',
      },
    ],
    claims: ['WebResources'],
    rootComponent: { schemaName: 'Name', id: 'WebResourceId', checked: true },
    single: 'WebResource',
    yaml: [
      {
        item: 'WebResource',
        path: 'webresources/{WebResourceId:guid}/webresource.yml',
        seen: false,
        files: { elements: ['FileName'], folder: '/WebResources/' },
      },
    ],
  },
  {
    section: 'Reports',
    components: [COMPONENTS.report],
    layout: 'reports',
    item: 'Report',
    path: 'Reports/{languagecode}/{reportid}/{filename:path}.data.xml',
    linkPath: 'Reports/{languagecode}/{reportid}/UrlLinkedReport.txt.data.xml',
    linkType: '3',
    type: 'reporttypecode',
    file: 'ExportedFileName',
    files: [
      {
        rule: 'named',
        named: 'ExportedFileName',
        path: 'Reports/{languagecode}/{reportid}/{filename:path}',
      },
    ],
    otherPath: 'Reports',
    claims: ['Reports'],
    rootComponent: { id: 'reportid', checked: false },
  },
  dashboards('Dashboards', 'Dashboard'),
  dashboards('InteractionCentricDashboards', 'InteractionCentricDashboard'),
  dashboards('Dialogs', 'Dialog'),
  {
    section: 'SiteMap',
    components: [{ ...COMPONENTS.siteMap, at: ['SiteMap'] }],
    layout: 'whole',
    path: 'Other/SiteMap{managed}.xml',
    claims: [],
    rootComponent: { constants: ['', '{d5684797-805b-4188-b8fa-1028cfbef003}'], checked: true },
  },
  {
    section: 'RibbonDiffXml',
    components: [],
    layout: 'whole',
    path: 'Other/RibbonCustomization.xml',
    evenEmpty: true,
    claims: [],
  },
  {
    section: 'ConnectionRoles',
    components: [COMPONENTS.connectionRole],
    layout: 'whole',
    path: 'Other/ConnectionRoles.xml',
    requires: [{ at: 'ConnectionRoles', is: 'element' }],
    claims: [],
  },
  {
    section: 'SolutionPluginAssemblies',
    components: [{ ...COMPONENTS.plugInAssembly, children: [COMPONENTS.plugInType] }],
    layout: 'items',
    item: 'PluginAssembly',
    path: '{FileName:path}.data.xml',
    requires: [{ at: '@FullName', is: 'assembly-name' }],
    files: [{ rule: 'named', named: 'FileName', path: '{=:path}' }],
    claims: ['PluginAssemblies'],
    rootComponent: { schemaName: '@FullName', id: '@PluginAssemblyId', checked: true },
    namedByAssembly: true,
    single: 'Plugin',
  },
  {
    section: 'SdkMessageProcessingSteps',
    components: [COMPONENTS.plugInStep],
    layout: 'items',
    item: 'SdkMessageProcessingStep',
    path: 'SdkMessageProcessingSteps/{@SdkMessageProcessingStepId}.xml',
    folder: 'SdkMessageProcessingSteps',
    claims: ['SdkMessageProcessingSteps'],
    rootComponent: { id: '@SdkMessageProcessingStepId', checked: true },
  },
  {
    section: 'ServiceEndpoints',
    components: [COMPONENTS.serviceEndpoint],
    layout: 'whole',
    path: 'PluginAssemblies/ServiceEndpoints.xml',
    claims: ['PluginAssemblies'],
  },
  {
    section: 'SdkMessages',
    components: [COMPONENTS.message],
    layout: 'items',
    item: 'SdkMessage',
    path: 'SdkMessages/{Name}.xml',
    folder: 'SdkMessages',
    requires: [{ at: 'SdkMessageId', is: 'present' }],
    claims: ['SdkMessages'],
  },
  {
    section: 'AppModules',
    components: [COMPONENTS.modelDrivenApp],
    layout: 'items',
    item: 'AppModule',
    path: 'AppModules/{UniqueName}/AppModule{managed}.xml',
    sort: { child: 'AppModuleComponents', by: ['@type', '@schemaName'] },
    bare: true,
    claims: ['AppModules'],
    rootComponent: { schemaName: 'UniqueName', checked: true },
    yaml: [{ item: 'AppModule', path: 'appmodules/{UniqueName}/appmodule.yml', seen: true }],
  },
  {
    section: 'AppModuleSiteMaps',
    components: [COMPONENTS.siteMap],
    layout: 'items',
    item: 'AppModuleSiteMap',
    path: 'AppModuleSiteMaps/{SiteMapUniqueName}/AppModuleSiteMap{managed}.xml',
    claims: ['AppModuleSiteMaps'],
    rootComponent: { schemaName: 'SiteMapUniqueName', checked: true },
    yaml: [
      {
        item: 'AppModuleSiteMap',
        path: 'appmodulesitemaps/{SiteMapUniqueName}/appmodulesitemap.yml',
        seen: true,
      },
    ],
  },
  {
    section: 'CanvasApps',
    components: [COMPONENTS.canvasApp],
    layout: 'items',
    item: 'CanvasApp',
    path: 'CanvasApps/{Name}.meta.xml',
    // A code app has neither.
    requires: [
      { at: 'BackgroundImageUri', is: 'one', unless: 'CodeAppPackageUris' },
      { at: 'DocumentUri', is: 'one', unless: 'CodeAppPackageUris' },
    ],
    files: [
      { rule: 'named', named: 'BackgroundImageUri', path: 'CanvasApps/{=:rest}' },
      { rule: 'named', named: 'DocumentUri', path: 'CanvasApps/{=:rest}' },
      { rule: 'named', named: '//AdditionalUri', path: 'CanvasApps/{=:file}' },
      { rule: 'named', named: '//CodeAppPackageUri', until: '_ContentType_', path: 'CanvasApps/{=:rest}' },
    ],
    claims: ['CanvasApps'],
    rootComponent: { schemaName: 'Name', checked: true },
    yaml: [
      {
        item: 'CanvasApp',
        path: 'canvasapps/{Name}/canvasapp.yml',
        seen: true,
        files: {
          elements: ['BackgroundImageUri', 'DocumentUri', 'AdditionalUri', 'CodeAppPackageUri'],
          folder: '/CanvasApps/',
        },
      },
    ],
  },
  {
    section: 'Connectors',
    components: [COMPONENTS.connector],
    layout: 'items',
    item: 'Connector',
    path: 'Connectors/{name}.xml',
    files: [{ rule: 'named', named: '*', prefix: '/Connector/', path: 'Connectors/{=:rest}' }],
    claims: ['Connector', 'Connectors'],
  },
  {
    section: 'StoredProcedures',
    components: [],
    layout: 'items',
    item: 'procedure',
    path: 'StoredProcedures/{@name}.sql.data.xml',
    files: [{ rule: 'named', named: 'file', path: 'StoredProcedures/{@name}.sql' }],
    claims: ['StoredProcedures'],
  },
  {
    section: 'EnvironmentVariables',
    components: [
      {
        ...COMPONENTS.environmentVariable,
        at: ['Definition'],
        name: 'SchemaName|Name',
        displayName: 'SchemaName',
      },
    ],
    layout: 'items',
    item: 'Definition',
    path: 'EnvironmentVariables/{SchemaName|Name}.xml',
    sectionFiles: { [VALUES_OF_ALL]: VALUES_OF_ALL_IN_TREE },
    claims: ['EnvironmentVariables'],
  },
  {
    section: 'MobileOfflineProfiles',
    components: [COMPONENTS.mobileOfflineProfile],
    layout: 'items',
    item: 'MobileOfflineProfile',
    path: 'MobileOfflineProfiles/{@Name|@MobileOfflineProfileId}.xml',
    folder: 'MobileOfflineProfiles',
    requires: [{ at: '@MobileOfflineProfileId', is: 'present' }],
    claims: ['MobileOfflineProfiles'],
  },
  {
    section: 'ChannelAccessProfiles',
    components: [],
    layout: 'items',
    item: 'ChannelAccessProfile',
    path: 'ChannelAccess/Profiles/{@Name}.xml',
    folder: 'ChannelAccess/Profiles',
    claims: ['ChannelAccess'],
  },
  {
    section: 'ChannelAccessProfileRules',
    components: [],
    layout: 'items',
    item: 'ChannelAccessProfileRule',
    path: 'ChannelAccess/ProfileRules/{@Name}.xml',
    folder: 'ChannelAccess/ProfileRules',
    claims: ['ChannelAccess'],
  },
  {
    section: 'WebWizards',
    components: [],
    layout: 'items',
    item: 'WebWizard',
    path: 'WebWizards/{WebWizardId}.xml',
    folder: 'WebWizards',
    claims: ['WebWizards'],
  },
  {
    ...generic('connectionreferences', COMPONENTS.connectionReference),
    yaml: [
      {
        item: 'connectionreference',
        path: 'connectionreferences/{@connectionreferencelogicalname}/connectionreference.yml',
        seen: true,
      },
    ],
  },
  generic('AIModels', COMPONENTS.aiModel),
  generic('AttributeImageConfigs', COMPONENTS.columnImage),
  generic('EntityImageConfigs', COMPONENTS.tableImage),
]

function generic(section: string, component: ComponentRow): Kind {
  return { section, components: [component], layout: 'generic', claims: [] }
}

function workflows(folder: string, seen: boolean, only?: YamlForm['only']): YamlForm {
  return {
    item: 'Workflow',
    path: `${folder}/{@WorkflowId:guid}/workflow.yml`,
    seen,
    ...(only === undefined ? {} : { only }),
    files: { elements: ['XamlFileName', 'JsonFileName'], folder: '/Workflows/' },
  }
}

function dashboards(section: string, item: string): Kind {
  const requires: readonly Requirement[] = [{ at: 'FormId', is: 'guid' }]
  const rootComponent = { id: 'FormId', checked: false }
  return {
    section,
    components: [{ ...COMPONENTS.dashboard, at: [item] }],
    layout: 'items',
    item,
    path: `${section}/{FormId}.xml`,
    folder: section,
    requires,
    claims: [section],
    rootComponent,
  }
}

function emailText(element: string, file: string) {
  const path = `Templates/EmailDocuments/{languagecode}/{templateid}/${file}`
  return { element, path, encoding: 'text', required: true } as const
}

function articleText(element: string, file: string) {
  const path = `Templates/KbArticleDocuments/{languagecode}/{kbarticletemplateid}/${file}`
  return { element, path, encoding: 'text' } as const
}
