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
import { variableType } from '@dsa/solution-package'
import { didYouMean, UserError } from '@dsa/user-error'
import type { Finding } from '../prepare/findings.ts'
import type { Session } from '../session.ts'
import { checkValues } from './check-values.ts'
import type { GivenConnection } from './settings-sources.ts'

/** How the settings get into the environment. */
export interface SettingsPlan {
  /** Rows that travel with the import, for components that are in the archive. */
  readonly componentParameters: readonly Readonly<Record<string, unknown>>[]
  /** Writes what is in the environment but not in the archive. Names only are logged, never values. */
  readonly applyDirectly: (client: DataverseClient) => Promise<void>
  /** What is wrong with values, and names that neither the archive nor the environment knows. */
  readonly findings: readonly Finding[]
  /** The settings that are applied, with where each comes from; names only. */
  readonly applied: readonly AppliedSetting[]
  /** Connection references of the archive that take the one connection that others of their connector have. */
  readonly reused: readonly string[]
  /** Connection references of the archive that will have no connection. */
  readonly unboundReferences: readonly string[]
  /** Environment variables of the archive that will have neither a default nor a value. */
  readonly emptyVariables: readonly string[]
  /** Every connection reference of the archive. */
  readonly references: readonly ReferenceBinding[]
}

/** Where a connection reference gets its connection from. The connection itself is a value and no part of a report. */
export interface ReferenceBinding {
  readonly name: string
  /** Such as `/providers/Microsoft.PowerApps/apis/shared_office365`; '' when it is not said. */
  readonly connectorId: string
  readonly connection: 'set' | 'reused' | 'kept' | 'missing'
}

/** A setting that reaches the environment. Its value is no part of any report. */
export interface AppliedSetting {
  readonly kind: 'environment variable' | 'connection reference'
  readonly name: string
  readonly from: string
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

/**
 * Compares the settings with the archive's components and with the environment.
 * @param staged the components of the archive as the service read them; none when nothing is imported
 * @param reuseConnections takes the connection of other references of the same connector, when they all have one
 * @throws UserError when a setting is for another connector than the solution's
 */
export async function planSettings(
  { client, settings }: Pick<Session, 'client' | 'settings'>,
  staged: readonly StagedComponent[],
  reuseConnections = false,
): Promise<SettingsPlan> {
  const { connectionReferences } = settings
  const packedVariables = named(staged, 'environmentvariabledefinition', 'schemaname')
  const packedReferences = named(staged, 'connectionreference', 'connectionreferencelogicalname')
  const variables = await listEnvironmentVariables(
    client,
    distinct([...settings.environmentVariables.map(({ schemaName }) => schemaName), ...packedVariables]),
  )
  const references = await listConnectionReferences(
    client,
    distinct([...connectionReferences.map(({ logicalName }) => logicalName), ...packedReferences]),
  )
  const componentParameters: Readonly<Record<string, unknown>>[] = []
  const direct: ((target: DataverseClient) => Promise<void>)[] = []
  const applied: AppliedSetting[] = []
  // What the archive defines was checked when the settings were read; its type counts from now on.
  const { settings: checked, findings } = checkValues(
    { environmentVariables: settings.environmentVariables, connectionReferences: [] },
    (name) => {
      if (packedVariables.some((packed) => same(packed, name))) return undefined
      const there = variables.find(({ schemaName }) => same(schemaName, name))
      return there && variableType(there.type)
    },
  )
  const { environmentVariables } = checked
  const unknown: Finding[] = []
  const isUnknown = (name: string, from: string, known: readonly string[]): void =>
    void unknown.push({
      level: 'warning',
      text: `There is no '${name}', which ${from} sets, in the archive or in the environment.${didYouMean(name, known)}`,
    })

  for (const wanted of environmentVariables) {
    const there = variables.find(({ schemaName }) => same(schemaName, wanted.schemaName))
    const packed = component(staged, 'environmentvariabledefinition', 'schemaname', wanted.schemaName)
    if (packed !== undefined) {
      componentParameters.push(
        variableRow(wanted.schemaName, wanted.value, valueId(there, staged, wanted.schemaName)),
      )
    } else if (there === undefined) {
      isUnknown(wanted.schemaName, wanted.from, packedVariables)
      continue
    } else direct.push((target) => setEnvironmentVariable(target, there, wanted.value))
    applied.push({ kind: 'environment variable', name: wanted.schemaName, from: wanted.from })
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
    else if (there === undefined) {
      isUnknown(wanted.logicalName, wanted.from, packedReferences)
      continue
    } else direct.push((target) => bindConnection(target, there, wanted.connectionId))
    applied.push({ kind: 'connection reference', name: wanted.logicalName, from: wanted.from })
  }
  const unbound = packedReferences.filter(
    (name) =>
      !connectionReferences.some(({ logicalName }) => same(logicalName, name)) &&
      !references.some((one) => same(one.logicalName, name) && one.connectionId !== ''),
  )
  const reused = reuseConnections ? await reusable(client, staged, unbound) : []
  componentParameters.push(...reused.map(({ row }) => row))
  applied.push(
    ...reused.map(({ name }) => ({
      kind: 'connection reference' as const,
      name,
      from: "'reuse-connections'",
    })),
  )
  const bindingOf = (name: string): ReferenceBinding['connection'] => {
    if (connectionReferences.some(({ logicalName }) => same(logicalName, name))) return 'set'
    if (reused.some((one) => one.name === name)) return 'reused'
    return unbound.includes(name) ? 'missing' : 'kept'
  }
  return {
    componentParameters,
    references: packedReferences.map((name) => ({
      name,
      connectorId:
        component(staged, 'connectionreference', 'connectionreferencelogicalname', name)?.attributes.get(
          'connectorid',
        ) ?? '',
      connection: bindingOf(name),
    })),
    async applyDirectly(target) {
      for (const apply of direct) await apply(target)
    },
    findings: [...findings, ...unknown],
    applied,
    reused: reused.map(({ name }) => name),
    unboundReferences: unbound.filter((name) => !reused.some((one) => one.name === name)),
    emptyVariables: packedVariables.filter(
      (name) =>
        !environmentVariables.some(({ schemaName }) => same(schemaName, name)) &&
        !hasValue(name, variables, staged),
    ),
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

type Wanted = Omit<GivenConnection, 'from'>

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
    throw new UserError(
      `The connection reference '${wanted.logicalName}' is given for the connector ${wanted.connectorId}, but it is of ` +
        `the connector ${own} in the solution. Give a connection of that connector.`,
    )
  }
  return own || wanted.connectorId
}
