import { ELSEWHERE, type XmlRules } from '../facts/xml-facts.ts'

const YES_NO = { '0': 'No', '1': 'Yes', false: 'No', true: 'Yes' }

export const ASSEMBLY_RULES: XmlRules = {
  '@PluginAssemblyId': ELSEWHERE,
  '@FullName': 'Full name',
  '@CustomizationLevel': { label: 'Customization level', quiet: 'derived' },
  FileName: { label: 'File', quiet: 'derived' },
  IsolationMode: { label: 'Isolation mode', values: { '1': 'None', '2': 'Sandbox', '3': 'External' } },
  SourceType: { label: 'Location', values: { '0': 'Database', '1': 'Disk', '2': 'Global assembly cache' } },
  'PluginTypes/PluginType': { part: 'Plug-in type', by: ['@Name'] },
  'PluginTypes/PluginType/@Name': ELSEWHERE,
  'PluginTypes/PluginType/@PluginTypeId': { label: 'Id', quiet: 'derived' },
  'PluginTypes/PluginType/@AssemblyQualifiedName': { label: 'Qualified name', quiet: 'derived' },
  'PluginTypes/PluginType/FriendlyName': { label: 'Friendly name', quiet: 'derived' },
  'PluginTypes/PluginType/WorkflowActivityGroupName': 'Group of the workflow activity',
}

/** Messages have the same id in every environment. */
const MESSAGES: Readonly<Record<string, string>> = {
  '9ebdbb1b-ea3e-db11-86a7-000a3a5473e8': 'Create',
  '20bebb1b-ea3e-db11-86a7-000a3a5473e8': 'Update',
  'a1bdbb1b-ea3e-db11-86a7-000a3a5473e8': 'Delete',
  '6c9b0335-34d7-4a84-961e-832a3c0f81d1': 'CalculatePrice',
}

/** Values as Microsoft's reference of the table serviceendpoint has them. */
export const ENDPOINT_RULES: XmlRules = {
  '@ServiceEndpointId': ELSEWHERE,
  '@Name': 'Name',
  Url: 'URL',
  AuthType: {
    label: 'Authentication',
    values: {
      '1': 'ACS',
      '2': 'SAS key',
      '3': 'SAS token',
      '4': 'Webhook key',
      '5': 'HTTP header',
      '6': 'HTTP query string',
      '7': 'Connection string',
      '8': 'Access key',
      '9': 'Managed identity',
    },
  },
  ConnectionMode: { label: 'Connection', values: { '1': 'Normal', '2': 'Federated' } },
  Contract: {
    label: 'Contract',
    values: {
      '1': 'One-way',
      '2': 'Queue',
      '3': 'REST',
      '4': 'Two-way',
      '5': 'Topic',
      '6': 'Queue (persistent)',
      '7': 'Event hub',
      '8': 'Webhook',
      '9': 'Event grid',
      '10': 'Managed data lake',
      '11': 'Container storage',
    },
  },
  MessageFormat: { label: 'Message format', values: { '1': 'Binary XML', '2': 'JSON', '3': 'Text XML' } },
  NamespaceFormat: { label: 'Namespace given by', values: { '1': 'Name', '2': 'Address' } },
  NamespaceAddress: 'Namespace address',
  SolutionNamespace: 'Namespace',
  UserClaim: {
    label: 'Information about the user',
    values: { '1': 'None', '2': 'User id', '3': 'User info' },
  },
}

export const STEP_RULES: XmlRules = {
  '@SdkMessageProcessingStepId': ELSEWHERE,
  '@Name': 'Name',
  PluginTypeName: 'Plug-in type',
  PluginTypeId: { label: 'Id of the plug-in type', quiet: 'derived' },
  EventHandlerTypeCode: { label: 'Runs', values: { '4602': 'A plug-in', '4618': 'A service endpoint' } },
  SdkMessageId: { label: 'Message', values: MESSAGES, isId: true },
  PrimaryEntity: { label: 'Table', silent: ['none'] },
  Stage: {
    label: 'Stage',
    values: {
      '10': 'Pre-validation',
      '20': 'Pre-operation',
      '40': 'Post-operation',
      '50': 'Post-operation (CRM 4.0)',
    },
  },
  Mode: { label: 'Run', values: { '0': 'Synchronous', '1': 'Asynchronous' } },
  Rank: 'Execution order',
  FilteringAttributes: { label: 'Filtering columns', set: ',' },
  Configuration: 'Unsecure configuration',
  ImpersonatingUserIdName: "Run in user's context",
  ImpersonatingUserId: { label: 'Id of the user in whose context it runs', quiet: 'derived' },
  AsyncAutoDelete: { label: 'Delete finished jobs', values: YES_NO, silent: ['0'] },
  SupportedDeployment: {
    label: 'Deployment',
    values: { '0': 'Server', '1': 'Offline', '2': 'Both' },
    silent: ['0'],
  },
  InvocationSource: { label: 'Invocation source', silent: 'any' },
  StateCode: { label: 'Status', values: { '0': 'Enabled', '1': 'Disabled' }, silent: ['0'] },
  StatusCode: { label: 'Status reason', quiet: 'derived' },
  IsHidden: { label: 'Hidden', values: YES_NO, silent: ['0'] },
  'SdkMessageProcessingStepImages/SdkMessageProcessingStepImage': {
    part: 'Image',
    by: ['@Name'],
  },
  'SdkMessageProcessingStepImages/SdkMessageProcessingStepImage/@Name': ELSEWHERE,
  'SdkMessageProcessingStepImages/SdkMessageProcessingStepImage/SdkMessageProcessingStepImageId': {
    label: 'Id',
    quiet: 'derived',
  },
  'SdkMessageProcessingStepImages/SdkMessageProcessingStepImage/EntityAlias': 'Alias',
  'SdkMessageProcessingStepImages/SdkMessageProcessingStepImage/MessagePropertyName':
    'Property of the message',
  'SdkMessageProcessingStepImages/SdkMessageProcessingStepImage/ImageType': {
    label: 'Type',
    values: { '0': 'Pre-image', '1': 'Post-image', '2': 'Both' },
  },
  'SdkMessageProcessingStepImages/SdkMessageProcessingStepImage/Attributes': { label: 'Columns', set: ',' },
}

export const WEB_RESOURCE_RULES: XmlRules = {
  WebResourceId: { label: 'Id', quiet: 'derived' },
  Name: ELSEWHERE,
  FileName: { label: 'File', quiet: 'derived' },
  DisplayName: 'Display name',
  Description: 'Description',
  WebResourceType: {
    label: 'Type',
    values: {
      '1': 'HTML',
      '2': 'CSS',
      '3': 'JavaScript',
      '4': 'XML',
      '5': 'PNG',
      '6': 'JPG',
      '7': 'GIF',
      '8': 'XAP',
      '9': 'XSL',
      '10': 'ICO',
      '11': 'SVG',
      '12': 'RESX',
    },
  },
  LanguageCode: { label: 'Language', silent: ['0'] },
  // What comes at first is an empty skeleton.
  DependencyXml: {
    label: 'Dependencies',
    silent: ['<Dependencies><Dependency componentType="WebResource"/></Dependencies>', '<Dependencies/>'],
  },
  IsEnabledForMobileClient: { label: 'Enabled for mobile', values: YES_NO, silent: ['0'] },
  IsAvailableForMobileOffline: { label: 'Available for mobile offline', values: YES_NO, silent: ['0'] },
  IsHidden: { label: 'Hidden', values: YES_NO, silent: ['0'] },
  CanBeDeleted: { label: 'Can be deleted', silent: 'any' },
}

export const CODE_COMPONENT_RULES: XmlRules = {
  Name: ELSEWHERE,
  FileName: { label: 'File', quiet: 'derived' },
}

/** The manifest of a code component. */
export const CONTROL_RULES: XmlRules = {
  'control/@version': 'Version',
  'control/@namespace': 'Namespace',
  'control/@constructor': 'Constructor',
  'control/property': { part: 'Property', by: ['@name'] },
  'control/property/@of-type': 'Type',
  'control/property/@usage': 'Usage',
  'control/property/@required': { label: 'Required', silent: ['false'] },
  'control/property/value': { part: 'Value', by: ['@name'] },
  'control/resources/code': { part: 'Code', by: ['@path'] },
  'control/resources/css': { part: 'Style sheet', by: ['@path'] },
  'control/resources/img': { part: 'Image', by: ['@path'] },
  'control/resources/resx': { part: 'Texts', by: ['@path'] },
  'control/feature-usage/uses-feature': { part: 'Feature', by: ['@name'] },
}

export const CUSTOM_API_RULES: XmlRules = {
  '@uniquename': ELSEWHERE,
  name: { label: 'Name' },
  displayname: 'Display name',
  description: 'Description',
  bindingtype: { label: 'Binding', values: { '0': 'Global', '1': 'Table', '2': 'Collection of a table' } },
  boundentitylogicalname: 'Bound table',
  isfunction: { label: 'Is a function', values: YES_NO },
  isprivate: { label: 'Is private', values: YES_NO, silent: ['0'] },
  allowedcustomprocessingsteptype: {
    label: 'Custom processing steps',
    values: { '0': 'None', '1': 'Asynchronous only', '2': 'Synchronous and asynchronous' },
  },
  workflowsdkstepenabled: { label: 'Enabled for workflows', values: YES_NO },
  executeprivilegename: 'Privilege to run it',
  plugintypeid: 'Plug-in type',
  'plugintypeid/plugintypeexportkey': 'Plug-in type',
}

const PARAMETER_TYPES = {
  '0': 'Boolean',
  '1': 'DateTime',
  '2': 'Decimal',
  '3': 'Entity',
  '4': 'EntityCollection',
  '5': 'EntityReference',
  '6': 'Float',
  '7': 'Integer',
  '8': 'Money',
  '9': 'Picklist',
  '10': 'String',
  '11': 'StringArray',
  '12': 'Guid',
}

export const PARAMETER_RULES: XmlRules = {
  '@uniquename': ELSEWHERE,
  name: 'Name',
  displayname: 'Display name',
  description: 'Description',
  type: { label: 'Type', values: PARAMETER_TYPES },
  isoptional: { label: 'Optional', values: YES_NO },
  logicalentityname: 'Table',
  entitylogicalname: 'Table',
}
