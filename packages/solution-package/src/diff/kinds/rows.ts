import { ELSEWHERE, type XmlRules } from '../facts/xml-facts.ts'

const YES_NO = { '0': 'No', '1': 'Yes', false: 'No', true: 'Yes' }

/** What a server writes down about any row, and what any row has. */
export const ANY_ROW_RULES: XmlRules = {
  createdby: { label: 'Created by', quiet: 'server stamp' },
  modifiedby: { label: 'Modified by', quiet: 'server stamp' },
  createdon: { label: 'Created on', quiet: 'server stamp' },
  modifiedon: { label: 'Modified on', quiet: 'server stamp' },
  overwritetime: { label: 'Overwritten on', quiet: 'server stamp' },
  timezoneruleversionnumber: { label: 'Version of the time zone rules', quiet: 'server stamp' },
  statecode: { label: 'Status', values: { '0': 'Active', '1': 'Inactive' }, silent: ['0'] },
  statuscode: { label: 'Status reason', silent: 'any' },
  displayname: 'Display name',
  uniquename: 'Unique name',
  isdisabled: { label: 'Disabled', values: YES_NO, silent: ['0', 'false'] },
}

/**
 * Rows that the platform keeps as `FOLDER/NAME/FILE.xml`: of any table, so what has no label here is called by its
 * name. Values as Microsoft's table reference has them.
 */
export const ROW_RULES: XmlRules = {
  ...ANY_ROW_RULES,
  '@schemaname': ELSEWHERE,
  '@uniquename': ELSEWHERE,
}

/** Of an agent. */
export const AGENT_RULES: XmlRules = {
  ...ROW_RULES,
  authenticationmode: {
    label: 'Authentication',
    values: {
      '0': 'Unspecified',
      '1': 'None',
      '2': 'Integrated',
      '3': 'Custom Entra ID',
      '4': 'Generic OAuth 2',
    },
  },
  authenticationtrigger: { label: 'Asks to sign in', values: { '0': 'As needed', '1': 'Always' } },
  accesscontrolpolicy: {
    label: 'Who can use it',
    values: {
      '0': 'Anyone',
      '1': 'Readers of the agent',
      '2': 'Members of groups',
      '3': 'Anyone of any tenant',
    },
  },
  authorizedsecuritygroupids: 'Groups that can use it',
  authenticationconfiguration: 'Settings of the authentication',
  iconbase64: 'Icon',
  runtimeprovider: { label: 'Runtime', silent: ['0'] },
  supportedlanguages: 'Further languages',
  configuration: 'Configuration',
  synchronizationstatus: { label: 'Status of the last publishing', quiet: 'server stamp' },
}

/** Of a topic or another part of an agent. */
export const AGENT_COMPONENT_RULES: XmlRules = {
  ...ROW_RULES,
  componenttype: {
    label: 'Type',
    values: {
      '0': 'Topic',
      '1': 'Skill',
      '2': 'Variable',
      '3': 'Entity',
      '4': 'Dialog',
      '5': 'Trigger',
      '6': 'Language understanding',
      '7': 'Language generation',
      '8': 'Schema of a dialog',
      '9': 'Topic',
      '10': 'Translations',
      '11': 'Entity',
      '12': 'Variable',
      '13': 'Skill',
      '14': 'File',
      '15': 'Instructions',
      '16': 'Knowledge source',
      '17': 'External trigger',
      '18': 'Settings',
      '19': 'Test case',
    },
  },
  filedata: 'File',
  'filedata/@mimetype': 'Media type of the file',
  'parentbotid/schemaname': 'Agent',
  'parentbotcomponentid/schemaname': 'Part of',
}

/** Of a command of the modern command bar. */
export const COMMAND_RULES: XmlRules = {
  ...ROW_RULES,
  buttonlabeltext: 'Label',
  buttontooltiptitle: 'Title of the tool tip',
  buttontooltipdescription: 'Tool tip',
  buttonaccessibilitytext: 'Text for accessibility',
  location: {
    label: 'Location',
    values: {
      '0': 'Form',
      '1': 'Main grid',
      '2': 'Sub-grid',
      '3': 'Associated grid',
      '4': 'Quick form',
      '5': 'Global header',
      '6': 'Dashboard',
    },
  },
  context: { label: 'Context', values: { '0': 'All', '1': 'Table' } },
  contextentity: 'Table',
  'contextentity/logicalname': 'Table',
  contextvalue: 'Table',
  hidden: { label: 'Hidden', values: YES_NO, silent: ['0'] },
  sequence: 'Order',
  sequencepriority: 'Order',
  type: {
    label: 'Type',
    values: { '0': 'Button', '1': 'Drop-down button', '2': 'Split button', '3': 'Group' },
  },
  visibilitytype: {
    label: 'Visible',
    values: { '0': 'Always', '1': 'By a formula', '2': 'By classic rules' },
    silent: ['0'],
  },
  visibilityformulafunctionname: 'Formula for being visible',
  onclickeventtype: { label: 'Runs', values: { '0': 'Nothing', '1': 'A formula', '2': 'JavaScript' } },
  onclickeventformulafunctionname: 'Formula that runs',
  onclickeventjavascriptfunctionname: 'Function that runs',
  onclickeventjavascriptparameters: 'Parameters of the function',
  'onclickeventjavascriptwebresourceid/name': 'Script',
  fonticon: 'Icon',
  'iconwebresourceid/name': 'Icon',
  clienttype: { label: 'Client', silent: 'any' },
}

/** Of an AI model and its versions. */
export const AI_MODEL_RULES: XmlRules = {
  ...ROW_RULES,
  msdyn_name: 'Name',
  'msdyn_templateid/msdyn_uniquename': 'Template',
  'msdyn_activerunconfigurationid/msdyn_aiconfigurationid': { label: 'Published version', quiet: 'derived' },
}

/** Of a package of plug-ins. */
export const PACKAGE_RULES: XmlRules = {
  ...ROW_RULES,
  version: 'Version',
  name: 'Name',
  package: { label: 'File of the package', quiet: 'derived' },
}
