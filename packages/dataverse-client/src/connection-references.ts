import type { DataverseClient } from './client.ts'
import { anyOf } from './environment-variables.ts'
import { literal, query } from './query.ts'
import { optionalText } from './wire.ts'
import type { Row } from './wire.ts'

/** A named place for a connection; flows and apps use it. */
export interface ConnectionReference {
  readonly id: string
  readonly logicalName: string
  /** Such as `/providers/Microsoft.PowerApps/apis/shared_office365`. */
  readonly connectorId: string
  /** Empty while no connection is bound. */
  readonly connectionId: string
}

const NAMES_A_QUERY = 20
const COLUMNS = ['connectionreferenceid', 'connectionreferencelogicalname', 'connectorid', 'connectionid']

/** The connection references of these logical names that the environment has. */
export const listConnectionReferences = async (
  client: DataverseClient,
  logicalNames: readonly string[],
): Promise<readonly ConnectionReference[]> => {
  const found: ConnectionReference[] = []
  for (let start = 0; start < logicalNames.length; start += NAMES_A_QUERY) {
    const page = await client.list(
      query('connectionreferences', {
        select: COLUMNS,
        filter: anyOf('connectionreferencelogicalname', logicalNames.slice(start, start + NAMES_A_QUERY)),
      }),
    )
    found.push(...page.map(parse))
  }
  return found
}

const parse = (row: Row): ConnectionReference => ({
  id: optionalText(row, 'connectionreferenceid') ?? '',
  logicalName: optionalText(row, 'connectionreferencelogicalname') ?? '',
  connectorId: optionalText(row, 'connectorid') ?? '',
  connectionId: optionalText(row, 'connectionid') ?? '',
})

/** The connection references of a connector that have a connection. */
export const listBoundReferences = async (
  client: DataverseClient,
  connectorId: string,
): Promise<readonly ConnectionReference[]> => {
  const filter = `connectorid eq ${literal(connectorId)} and connectionid ne null`
  const found = await client.list(query('connectionreferences', { select: COLUMNS, filter }))
  return found.map(parse).filter(({ connectionId }) => connectionId !== '')
}

/** Binds a connection; binding the same one twice is the same. */
export const bindConnection = async (
  client: DataverseClient,
  reference: ConnectionReference,
  connectionId: string,
): Promise<void> => client.patch(`connectionreferences(${reference.id})`, { connectionid: connectionId })
