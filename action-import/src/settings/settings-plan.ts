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
import { type PackedSettings, packedSettings, same } from './packed-settings.ts'
import { referenceRow, type SettingRow, variableRow } from './setting-rows.ts'
import type { GivenConnection, GivenVariable } from './settings-sources.ts'

/** How the settings get into the environment. */
export interface SettingsPlan {
  /** Rows that travel with the import, for components that are in the archive. */
  readonly componentParameters: readonly SettingRow[]
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
  const packed = packedSettings(staged)
  const variables = await listEnvironmentVariables(
    client,
    distinct([
      ...settings.environmentVariables.map(({ schemaName }) => schemaName),
      ...packed.variables.names,
    ]),
  )
  const references = await listConnectionReferences(
    client,
    distinct([
      ...settings.connectionReferences.map(({ logicalName }) => logicalName),
      ...packed.references.names,
    ]),
  )
  // What the archive defines was checked when the settings were read; its type counts from now on.
  const { settings: checked, findings } = checkValues(
    { environmentVariables: settings.environmentVariables, connectionReferences: [] },
    (name) => {
      if (packed.variables.get(name) !== undefined) return undefined
      const there = variables.find(({ schemaName }) => same(schemaName, name))
      return there && variableType(there.type)
    },
  )
  const ofVariables = checked.environmentVariables.map((wanted) => wayOfVariable(wanted, packed, variables))
  const ofReferences = settings.connectionReferences.map((wanted) =>
    wayOfReference(wanted, packed, references),
  )
  const unbound = packed.references.names.filter(
    (name) =>
      !isFor(name, ofReferences) &&
      !references.some((one) => same(one.logicalName, name) && one.connectionId !== ''),
  )
  const reused = reuseConnections ? await reusable(client, packed, unbound) : []
  const all = [...ofVariables, ...ofReferences, ...reused]
  return {
    componentParameters: all.flatMap(({ row }) => (row === undefined ? [] : [row])),
    references: packed.references.names.map((name) => ({
      name,
      connectorId: packed.references.get(name)?.get('connectorid') ?? '',
      connection: isFor(name, ofReferences)
        ? 'set'
        : isFor(name, reused)
          ? 'reused'
          : unbound.includes(name)
            ? 'missing'
            : 'kept',
    })),
    async applyDirectly(target) {
      for (const { write } of all) await write?.(target)
    },
    findings: [...findings, ...all.filter(isLost).map(unknown)],
    applied: all.filter((way) => !isLost(way)).map(({ setting }) => setting),
    reused: reused.map(({ setting }) => setting.name),
    unboundReferences: unbound.filter((name) => !isFor(name, reused)),
    emptyVariables: packed.variables.names.filter(
      (name) => !isFor(name, ofVariables) && !hasValue(name, variables, packed),
    ),
  }
}

/** How a setting gets into the environment: a row that travels with the import, or a write of its own; or not at all. */
interface Way {
  readonly setting: AppliedSetting
  readonly row?: SettingRow
  readonly write?: (target: DataverseClient) => Promise<void>
  /** The names of the archive that it may have meant. */
  readonly near: readonly string[]
}

function isFor(name: string, ways: readonly Way[]): boolean {
  return ways.some(({ setting }) => same(setting.name, name))
}

function isLost({ row, write }: Way): boolean {
  return row === undefined && write === undefined
}

function unknown({ setting: { name, from }, near }: Way): Finding {
  return {
    level: 'warning',
    text: `There is no '${name}', which ${from} sets, in the archive or in the environment.${didYouMean(name, near)}`,
  }
}

function wayOfVariable(
  { schemaName: name, value, from }: GivenVariable,
  packed: PackedSettings,
  variables: readonly EnvironmentVariable[],
): Way {
  const there = variables.find(({ schemaName }) => same(schemaName, name))
  const way = { setting: { kind: 'environment variable', name, from }, near: packed.variables.names } as const
  if (packed.variables.get(name) !== undefined) {
    // The row that the value goes into: the environment's, else the one that travels in the archive. Without it the
    // platform makes a second row, and what then counts is not documented.
    const id = there?.value?.id ?? packed.values.get(name)?.get('environmentvariablevalueid')
    return { ...way, row: variableRow(name, value, id) }
  }
  return there === undefined
    ? way
    : { ...way, write: (target) => setEnvironmentVariable(target, there, value) }
}

function wayOfReference(
  wanted: GivenConnection,
  packed: PackedSettings,
  references: readonly ConnectionReference[],
): Way {
  const { logicalName: name, connectionId, from } = wanted
  const there = references.find(({ logicalName }) => same(logicalName, name))
  const attributes = packed.references.get(name)
  const connectorId = connectorOf(wanted, attributes?.get('connectorid') || there?.connectorId || '')
  const way = {
    setting: { kind: 'connection reference', name, from },
    near: packed.references.names,
  } as const
  if (attributes !== undefined) {
    return { ...way, row: referenceRow({ name, connectionId, connectorId }, attributes) }
  }
  return there === undefined
    ? way
    : { ...way, write: (target) => bindConnection(target, there, connectionId) }
}

/** Unbound references whose connector has exactly one connection in use in the environment. */
async function reusable(
  client: DataverseClient,
  { references }: PackedSettings,
  unbound: readonly string[],
): Promise<readonly Way[]> {
  const found: Way[] = []
  for (const name of unbound) {
    const attributes = references.get(name)
    const connectorId = attributes?.get('connectorid') ?? ''
    if (attributes === undefined || connectorId === '') continue
    const bound = await listBoundReferences(client, connectorId)
    const [connectionId, ...others] = new Set(bound.map((one) => one.connectionId))
    if (connectionId === undefined || others.length > 0) continue
    found.push({
      setting: { kind: 'connection reference', name, from: "'reuse-connections'" },
      row: referenceRow({ name, connectionId, connectorId }, attributes),
      near: [],
    })
  }
  return found
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Map(names.map((name) => [name.toLowerCase(), name])).values()]
}

/** A default or a value, in the archive or in the environment. */
function hasValue(name: string, variables: readonly EnvironmentVariable[], packed: PackedSettings): boolean {
  const there = variables.find(({ schemaName }) => same(schemaName, name))
  return (
    there?.value !== undefined ||
    Boolean(there?.defaultValue) ||
    Boolean(packed.variables.get(name)?.get('defaultvalue')) ||
    packed.values.get(name) !== undefined
  )
}

/** @throws UserError when the solution has it for another connector */
function connectorOf({ logicalName, connectorId }: GivenConnection, own: string): string {
  if (connectorId !== '' && own !== '' && !same(connectorId, own)) {
    throw new UserError(
      `The connection reference '${logicalName}' is given for the connector ${connectorId}, but it is of ` +
        `the connector ${own} in the solution. Give a connection of that connector.`,
    )
  }
  return own || connectorId
}
