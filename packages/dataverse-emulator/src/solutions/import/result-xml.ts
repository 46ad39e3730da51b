import type { ImportReport } from './import-report.ts'
import { fixedType } from '../archive/type-names.ts'
import type { Component, MissingDependency } from '../archive/content.ts'
import { escapeXml } from '../../escape-xml.ts'

/** Ticks of .NET: hundreds of nanoseconds since the year 1. */
function ticks(ms: number): string {
  return String(621_355_968_000_000_000n + BigInt(Math.round(ms)) * 10_000n)
}

/** Inside an element quotes stay as they are. */
function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function attributes(values: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(values)
    .flatMap(([name, value]) => (value === undefined ? [] : [` ${name}="${escapeXml(value)}"`]))
    .join('')
}

/** The list of what is missing, in the words of solution.xml. */
export function missingDependenciesXml(missing: readonly MissingDependency[]): string {
  const items = missing.map(
    ({ required, dependent }) =>
      `<MissingDependency><Required${attributes(required)} /><Dependent${attributes(dependent)} /></MissingDependency>`,
  )
  return `<MissingDependencies>${items.join('')}</MissingDependencies>`
}

type Result = 'success' | 'warning' | 'failure'

function resultElement(
  result: Result,
  at: number,
  code = '0',
  text = '',
  parameters: readonly string[] = [],
): string {
  const time = new Date(at).toISOString().slice(11, 22)
  const start = `<result${attributes({ result, errorcode: code, errortext: text, datetime: time, datetimeticks: ticks(at) })}`
  if (parameters.length === 0) return `${start} />`
  return `${start}><parameters>${parameters.map((item) => `<parameter>${escapeText(item)}</parameter>`).join('')}</parameters></result>`
}

/** Sections in the order of the service's document; those without components are empty. */
const SECTIONS = [
  'entities',
  'nodes',
  'settings',
  'dashboards',
  'securityroles',
  'workflows',
  'templates',
  'optionSets',
  'ConnectionRoles',
  'SolutionPluginAssemblies',
  'SdkMessageProcessingSteps',
  'ServiceEndpoints',
  'webResources',
  'reports',
  'FieldSecurityProfiles',
  'connectionreferences',
  'environmentvariabledefinitions',
  'appmodules',
  'siteMaps',
  'canvasapps',
  'connectors',
  'customcontrols',
  'entityrelationships',
] as const

/** Section and element of the components of a kind; others stand under the name of their type. */
const PLACES: Readonly<Record<string, readonly [string, string]>> = {
  OptionSet: ['optionSets', 'optionSet'],
  Entity: ['entities', 'entity'],
  Attribute: ['entities', 'attribute'],
  EntityKey: ['entities', 'key'],
  SavedQuery: ['entities', 'view'],
  SavedQueryVisualization: ['entities', 'visualization'],
  EntityRelationship: ['entityrelationships', 'entityrelationship'],
  WebResource: ['webResources', 'webResource'],
  Role: ['securityroles', 'securityrole'],
  FieldSecurityProfile: ['FieldSecurityProfiles', 'FieldSecurityProfile'],
  Workflow: ['workflows', 'workflow'],
  PluginAssembly: ['SolutionPluginAssemblies', 'SolutionPluginAssembly'],
  PluginType: ['SolutionPluginAssemblies', 'PluginType'],
  SDKMessageProcessingStep: ['SdkMessageProcessingSteps', 'SdkMessageProcessingStep'],
  ServiceEndpoint: ['ServiceEndpoints', 'ServiceEndpoint'],
  SystemForm: ['entities', 'form'],
  AppModule: ['appmodules', 'appmodule'],
  SiteMap: ['siteMaps', 'siteMap'],
  CanvasApp: ['canvasapps', 'canvasapp'],
  CustomControl: ['customcontrols', 'customcontrol'],
  Connector: ['connectors', 'connector'],
  ConnectionRole: ['ConnectionRoles', 'ConnectionRole'],
  EmailTemplate: ['templates', 'template'],
  Report: ['reports', 'report'],
}

/** The `data` of an import job: what happened to the manifest and to each component. */
export function importJobData(report: ImportReport): string {
  const { failure, startedAt, stoppedAt, progress } = report
  const isManifestFailure = failure !== undefined && failure.component === undefined
  const root = attributes({
    start: ticks(startedAt),
    stop: ticks(stoppedAt),
    progress: String(progress),
    processed: 'true',
    ...(failure === undefined ? {} : { succeeded: 'failure', status: failure.message }),
  })
  const parts = isManifestFailure
    ? [manifest(report)]
    : [manifest(report), UPGRADE_INFORMATION, ...sections(report), trailer(report)]
  return `<importexportxml${root}>${parts.join('')}</importexportxml>`
}

function manifest({ content, failure, stoppedAt }: ImportReport): string {
  const isFailed = failure !== undefined && failure.component === undefined
  const code = failure === undefined ? '' : `0x${failure.code.slice(2).toUpperCase()}`
  const result = isFailed
    ? resultElement(
        'failure',
        stoppedAt,
        code,
        `Solution manifest import: FAILURE: ${failure.message}`,
        failure.parameters,
      )
    : resultElement('success', stoppedAt)
  const { publisher } = content
  const labels = (list: string, item: string, text: string) =>
    text === ''
      ? `<${list} />`
      : `<${list}><${item}${attributes({ description: text, languagecode: content.languageCode })} /></${list}>`
  return [
    '<solutionManifests>',
    `<solutionManifest${attributes({ languagecode: content.languageCode, id: content.uniqueName, LocalizedName: content.friendlyName, processed: 'true' })}>`,
    `<UniqueName>${escapeText(content.uniqueName)}</UniqueName>`,
    labels('LocalizedNames', 'LocalizedName', content.friendlyName),
    labels('Descriptions', 'Description', content.description),
    `<Version>${escapeText(content.version)}</Version><Managed>${content.managed ? 1 : 0}</Managed>`,
    `<Publisher><UniqueName>${escapeText(publisher.uniqueName)}</UniqueName>`,
    labels('LocalizedNames', 'LocalizedName', publisher.friendlyName),
    labels('Descriptions', 'Description', publisher.description),
    publisher.email === null
      ? '<EMailAddress />'
      : `<EMailAddress>${escapeText(publisher.email)}</EMailAddress>`,
    publisher.website === null
      ? '<SupportingWebsiteUrl />'
      : `<SupportingWebsiteUrl>${escapeText(publisher.website)}</SupportingWebsiteUrl>`,
    '<Addresses><Address><City /><Country /><Line1 /><Line2 /><PostalCode /><StateOrProvince /><Telephone1 /></Address></Addresses></Publisher>',
    '<results />',
    result,
    '</solutionManifest></solutionManifests>',
  ].join('')
}

const UPGRADE_INFORMATION =
  '<upgradeSolutionPackageInformation><upgradeRequired>0</upgradeRequired><upgradeValid>1</upgradeValid><fileVersion>9.2.0.0</fileVersion><currentVersion>9.2.0.0</currentVersion><fileSku>Online</fileSku><currentSku>Online</currentSku></upgradeSolutionPackageInformation>'

export interface ComponentResult {
  readonly component: Component
  readonly section: string
  readonly element: string
  readonly result: Result | 'unprocessed'
}

/** What became of each component; those behind the one that failed were not reached. */
export function componentResults({ content, failure }: ImportReport): readonly ComponentResult[] {
  let isReached = failure === undefined || failure.component !== undefined
  return content.components.map((component) => {
    const [section, element] = placeOf(component)
    const isBlamed =
      failure?.component !== undefined &&
      [component.schemaName, component.displayName, component.objectId].includes(failure.component)
    const result = isBlamed ? 'failure' : isReached ? 'success' : 'unprocessed'
    if (isBlamed) isReached = false
    return { component, section, element, result }
  })
}

function placeOf({ typeName, parent }: Component): readonly [string, string] {
  // A dashboard is a form without a table.
  if (typeName === 'SystemForm' && parent === undefined) return ['dashboards', 'dashboard']
  return PLACES[typeName] ?? [`${typeName}s`, typeName]
}

function sections(report: ImportReport): string[] {
  const results = componentResults(report)
  const names = new Set<string>([...SECTIONS, ...results.map(({ section }) => section)])
  return [...names].map((section) => {
    const items = results
      .filter((item) => item.section === section)
      .map((item) => componentElement(item, report))
    return items.length === 0 ? `<${section} />` : `<${section}>${items.join('')}</${section}>`
  })
}

function componentElement(
  { component, element, result }: ComponentResult,
  { failure, stoppedAt }: ImportReport,
): string {
  const values = attributes({
    id:
      fixedType(component.typeName) === undefined || component.key.endsWith(component.objectId)
        ? component.objectId
        : component.schemaName,
    LocalizedName: component.displayName,
    OriginalName: component.schemaName,
    Description: '',
    processed: result === 'unprocessed' ? 'false' : 'true',
  })
  if (result === 'unprocessed') return `<${element}${values} />`
  const inner =
    result === 'failure'
      ? resultElement(
          'failure',
          stoppedAt,
          `0x${(failure?.code ?? '').slice(2).toUpperCase()}`,
          failure?.message,
        )
      : resultElement('success', stoppedAt)
  return `<${element}${values}>${inner}</${element}>`
}

function trailer({ content, stoppedAt }: ImportReport): string {
  const done = resultElement('success', stoppedAt)
  const roots = content.components.filter(({ root }) => root).length
  return [
    `<languages><language>${done}</language></languages>`,
    '<entitySubhandlers />',
    `<publishes><publish processed="${content.managed ? 'true' : 'false'}" /></publishes>`,
    roots === 0
      ? '<rootComponents />'
      : `<rootComponents>${`<rootComponent processed="true">${done}</rootComponent>`.repeat(roots)}</rootComponents>`,
    `<dependencies><dependency processed="true">${done}</dependency></dependencies>`,
  ].join('')
}
