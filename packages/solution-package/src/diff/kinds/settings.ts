import type { Fact } from '../facts/fact.ts'
import { parsedJson } from '../facts/json-facts.ts'
import { textFact } from '../facts/text-fact.ts'
import { ELSEWHERE, type XmlRules } from '../facts/xml-facts.ts'

const YES_NO = { '0': 'No', '1': 'Yes' }

const VARIABLE_TYPES: Readonly<Record<string, string>> = {
  '100000000': 'Text',
  '100000001': 'Number',
  '100000002': 'Yes/No',
  '100000003': 'JSON',
  '100000004': 'Data source',
  '100000005': 'Secret',
}

export const VARIABLE_RULES: XmlRules = {
  '@schemaname': ELSEWHERE,
  displayname: 'Display name',
  description: 'Description',
  defaultvalue: 'Default value',
  type: { label: 'Type', values: VARIABLE_TYPES },
  apiid: 'Connector',
  parameterkey: 'Parameter',
  secretstore: {
    label: 'Secret store',
    values: { '0': 'Azure Key Vault', '1': 'Microsoft Dataverse' },
    silent: ['0'],
  },
  isrequired: { label: 'Value required', values: YES_NO, silent: ['0'] },
}

/** The value that a variable has in the source, beside its definition. */
export function currentValueFacts(path: string, bytes: Uint8Array): Fact[] {
  const text = new TextDecoder().decode(bytes)
  const all = parsedJson(text)
  const value = ['environmentvariablevalues', 'environmentvariablevalue', 'value'].reduce<unknown>(
    (around, name) =>
      typeof around === 'object' && around !== null
        ? Object.entries(around).find(([own]) => own === name)?.[1]
        : around,
    all,
  )
  const name = path.split('/').at(-1) ?? path
  if (typeof value !== 'string') return [textFact('current value', 'Current value', name, text)]
  const rest = JSON.stringify(all, (own: string, member: unknown) => (own === 'value' ? undefined : member))
  return [
    textFact('current value', 'Current value', name, value),
    textFact('beside it', 'Beside the current value', name, rest, { silent: 'any' }),
  ]
}

export const CONNECTION_REFERENCE_RULES: XmlRules = {
  '@connectionreferencelogicalname': ELSEWHERE,
  connectionreferencedisplayname: 'Display name',
  connectorid: 'Connector',
  description: 'Description',
  promptingbehavior: { label: 'Asks for a connection', silent: ['0'] },
  statecode: { label: 'Status', values: { '0': 'Active', '1': 'Inactive' }, silent: ['0'] },
  statuscode: { label: 'Status reason', quiet: 'derived' },
}

export const CANVAS_APP_RULES: XmlRules = {
  Name: ELSEWHERE,
  DisplayName: 'Display name',
  Description: 'Description',
  // The time of the last publishing, and what the studio writes down about itself.
  AppVersion: { label: 'Published', quiet: 'server stamp' },
  CreatedByClientVersion: { label: 'Version of the studio', quiet: 'server stamp' },
  MinClientVersion: { label: 'Least version of the player', quiet: 'server stamp' },
  Tags: { label: 'Tags', quiet: 'server stamp' },
  Status: { label: 'Status', silent: ['Ready'] },
  IsCdsUpgraded: { label: 'Upgraded for Dataverse', silent: ['0'] },
  CanvasAppType: {
    label: 'Type',
    values: { '0': 'App', '1': 'Component library', '2': 'Custom page', '4': 'Code app' },
    silent: ['0'],
  },
  ConnectionReferences: 'Connections',
  DatabaseReferences: 'Data sources',
  CdsDependencies: { label: 'Dependencies', silent: ['{"cdsdependencies":[]}'] },
  AppComponents: { label: 'Components', silent: ['[]'] },
  AppComponentDependencies: { label: 'Dependencies of components', silent: ['[]'] },
  AdminControlBypassConsent: { label: 'Bypasses consent', values: YES_NO, silent: ['0'] },
  BypassConsent: { label: 'Bypasses consent', values: YES_NO, silent: ['0'] },
  BackgroundImageUri: { label: 'File of the image', quiet: 'derived' },
  DocumentUri: { label: 'File of the app', quiet: 'derived' },
  AdditionalUris: { label: 'Further files', quiet: 'derived' },
  CodeAppPackageUris: { label: 'Files of the code app', quiet: 'derived' },
}

export const CONNECTOR_RULES: XmlRules = {
  name: ELSEWHERE,
  displayname: 'Display name',
  description: 'Description',
  iconbrandcolor: 'Color',
  connectorid: 'Id',
  openapidefinition: { label: 'File of the definition', quiet: 'derived' },
  connectionparameters: { label: 'File of the parameters', quiet: 'derived' },
  policytemplateinstances: { label: 'File of the policies', quiet: 'derived' },
  iconblob: { label: 'File of the icon', quiet: 'derived' },
}
