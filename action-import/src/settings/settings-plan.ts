import {
  bindConnection,
  listBoundReferences,
  listConnectionReferences,
  listEnvironmentVariables,
  setEnvironmentVariable,
} from '@dsa/dataverse-client'
import type {
  ConnectionReference,
  DataverseClient,
  EnvironmentVariable,
  StagedComponent,
} from '@dsa/dataverse-client'
import { SettingsError } from './deployment-settings.ts'
import type { DeploymentSettings } from './deployment-settings.ts'

/** How the settings get into the environment. */
export interface SettingsPlan {
  /** Rows that travel with the import, for components that are in the archive. */
  readonly componentParameters: readonly Readonly<Record<string, unknown>>[]
  /** Writes what is in the environment but not in the archive. Names only are logged, never values. */
  readonly applyDirectly: (client: DataverseClient) => Promise<void>
  /** Names that the settings file has and neither the archive nor the environment knows. */
  readonly unknown: readonly string[]
  /** Connection references of the archive that take the one connection that others of their connector have. */
  readonly reused: readonly string[]
  /** Connection references of the archive that will have no connection. */
  readonly unboundReferences: readonly string[]
  /** Environment variables of the archive that will have neither a default nor a value. */
  readonly emptyVariables: readonly string[]
  readonly count: number
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

/**
 * Compares the settings with the archive's components and with the environment.
 * @param staged the components of the archive as the service read them; none when nothing is imported
 * @param reuseConnections takes the connection of other references of the same connector, when they all have one
 * @throws SettingsError when a setting is for another connector than the solution's
 */
export async function planSettings(
  client: DataverseClient,
  settings: DeploymentSettings,
  staged: readonly StagedComponent[],
  reuseConnections = false,
): Promise<SettingsPlan> {
  const { environmentVariables, connectionReferences } = settings
  const packedVariables = named(staged, 'environmentvariabledefinition', 'schemaname')
  const packedReferences = named(staged, 'connectionreference', 'connectionreferencelogicalname')
  const variables = await listEnvironmentVariables(
    client,
    distinct([...environmentVariables.map(({ schemaName }) => schemaName), ...packedVariables]),
  )
  const references = await listConnectionReferences(
    client,
    distinct([...connectionReferences.map(({ logicalName }) => logicalName), ...packedReferences]),
  )
  const componentParameters: Readonly<Record<string, unknown>>[] = []
  const direct: ((target: DataverseClient) => Promise<void>)[] = []
  const unknown: string[] = []

  for (const wanted of environmentVariables) {
    const there = variables.find(({ schemaName }) => same(schemaName, wanted.schemaName))
    const packed = component(staged, 'environmentvariabledefinition', 'schemaname', wanted.schemaName)
    if (packed !== undefined) {
      componentParameters.push(
        variableRow(wanted.schemaName, wanted.value, valueId(there, staged, wanted.schemaName)),
      )
    } else if (there === undefined) unknown.push(wanted.schemaName)
    else direct.push((target) => setEnvironmentVariable(target, there, wanted.value))
  }
  for (const wanted of connectionReferences) {
    const there = references.find(({ logicalName }) => same(logicalName, wanted.logicalName))
    const packed = component(
      staged,
      'connectionreference',
      'connectionreferencelogicalname',
      wanted.logicalName,
    )
    const connectorId = connectorOf(wanted, packed, there)
    if (packed !== undefined) componentParameters.push(referenceRow(wanted, packed, connectorId))
    else if (there === undefined) unknown.push(wanted.logicalName)
    else direct.push((target) => bindConnection(target, there, wanted.connectionId))
  }
  const unbound = packedReferences.filter(
    (name) =>
      !connectionReferences.some(({ logicalName }) => same(logicalName, name)) &&
      !references.some((one) => same(one.logicalName, name) && one.connectionId !== ''),
  )
  const reused = reuseConnections ? await reusable(client, staged, unbound) : []
  componentParameters.push(...reused.map(({ row }) => row))
  return {
    componentParameters,
    async applyDirectly(target) {
      for (const apply of direct) await apply(target)
    },
    unknown,
    reused: reused.map(({ name }) => name),
    unboundReferences: unbound.filter((name) => !reused.some((one) => one.name === name)),
    emptyVariables: packedVariables.filter(
      (name) =>
        !environmentVariables.some(({ schemaName }) => same(schemaName, name)) &&
        !hasValue(name, variables, staged),
    ),
    count: componentParameters.length + direct.length,
  }
}

/** The rows of unbound references whose connector has exactly one connection in use in the environment. */
async function reusable(
  client: DataverseClient,
  staged: readonly StagedComponent[],
  unbound: readonly string[],
): Promise<readonly { readonly name: string; readonly row: Readonly<Record<string, unknown>> }[]> {
  const found: { name: string; row: Readonly<Record<string, unknown>> }[] = []
  for (const name of unbound) {
    const packed = component(staged, 'connectionreference', 'connectionreferencelogicalname', name)
    const connectorId = packed?.attributes.get('connectorid') ?? ''
    if (packed === undefined || connectorId === '') continue
    const bound = await listBoundReferences(client, connectorId)
    const [connectionId, ...others] = new Set(bound.map((one) => one.connectionId))
    if (connectionId === undefined || others.length > 0) continue
    found.push({
      name,
      row: referenceRow({ logicalName: name, connectionId, connectorId }, packed, connectorId),
    })
  }
  return found
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Map(names.map((name) => [name.toLowerCase(), name])).values()]
}

/** The names of all components of a type in the archive. */
function named(staged: readonly StagedComponent[], type: string, key: string): readonly string[] {
  return staged
    .filter((one) => same(one.type, type))
    .map(({ attributes }) => attributes.get(key) ?? '')
    .filter((name) => name !== '')
}

/** A default or a value, in the archive or in the environment. */
function hasValue(
  name: string,
  variables: readonly EnvironmentVariable[],
  staged: readonly StagedComponent[],
): boolean {
  const there = variables.find(({ schemaName }) => same(schemaName, name))
  const definition = component(staged, 'environmentvariabledefinition', 'schemaname', name)
  return (
    there?.value !== undefined ||
    Boolean(there?.defaultValue) ||
    Boolean(definition?.attributes.get('defaultvalue')) ||
    component(staged, 'environmentvariablevalue', 'schemaname', name) !== undefined
  )
}

function component(
  staged: readonly StagedComponent[],
  type: string,
  key: string,
  name: string,
): StagedComponent | undefined {
  return staged.find((one) => same(one.type, type) && same(one.attributes.get(key) ?? '', name))
}

/**
 * The row that the value goes into: the environment's, else the one that travels in the archive. Without it the
 * platform makes a second row, and what then counts is not documented.
 */
function valueId(
  there: EnvironmentVariable | undefined,
  staged: readonly StagedComponent[],
  schemaName: string,
): string | undefined {
  return (
    there?.value?.id ??
    component(staged, 'environmentvariablevalue', 'schemaname', schemaName)?.attributes.get(
      'environmentvariablevalueid',
    )
  )
}

function variableRow(
  schemaName: string,
  value: string,
  id: string | undefined,
): Readonly<Record<string, unknown>> {
  return {
    '@odata.type': 'Microsoft.Dynamics.CRM.environmentvariablevalue',
    schemaname: schemaName,
    ...(id !== undefined && id !== '' && { environmentvariablevalueid: id }),
    value,
  }
}

type Wanted = DeploymentSettings['connectionReferences'][number]

function referenceRow(
  wanted: Wanted,
  packed: StagedComponent,
  connectorId: string,
): Readonly<Record<string, unknown>> {
  return {
    '@odata.type': 'Microsoft.Dynamics.CRM.connectionreference',
    connectionreferencelogicalname: wanted.logicalName,
    connectionreferencedisplayname: packed.attributes.get('connectionreferencedisplayname') ?? '',
    description: packed.attributes.get('description') ?? '',
    connectorid: connectorId,
    connectionid: wanted.connectionId,
  }
}

function connectorOf(
  wanted: Wanted,
  packed: StagedComponent | undefined,
  there: ConnectionReference | undefined,
): string {
  const own = packed?.attributes.get('connectorid') || there?.connectorId || ''
  if (wanted.connectorId !== '' && own !== '' && !same(wanted.connectorId, own)) {
    throw new SettingsError(
      `'deployment-settings-file': '${wanted.logicalName}' is for connector ${wanted.connectorId}, but the solution's ` +
        `reference of that name is for ${own}. Give a connection of that connector.`,
    )
  }
  return own || wanted.connectorId
}
