import type { DataverseClient } from '../pipeline/client.ts'
import { listAny } from './list-any.ts'
import { literal, query } from '../pipeline/query.ts'
import { optionalText } from '../pipeline/wire.ts'
import type { Row } from '../pipeline/wire.ts'

/** A named place for a connection; flows and apps use it. */
export interface ConnectionReference {
  readonly id: string
  readonly logicalName: string
  /** Such as `/providers/Microsoft.PowerApps/apis/shared_office365`. */
  readonly connectorId: string
  /** Empty while no connection is bound. */
  readonly connectionId: string
}

const COLUMNS = ['connectionreferenceid', 'connectionreferencelogicalname', 'connectorid', 'connectionid']

/** The connection references of these logical names that the environment has. */
export async function listConnectionReferences(
  client: DataverseClient,
  logicalNames: readonly string[],
): Promise<readonly ConnectionReference[]> {
  const found = await listAny(client, 'connectionreferences', {
    select: COLUMNS,
    column: 'connectionreferencelogicalname',
    values: logicalNames.map(literal),
  })
  return found.map(parse)
}

function parse(row: Row): ConnectionReference {
  return {
    id: optionalText(row, 'connectionreferenceid') ?? '',
    logicalName: optionalText(row, 'connectionreferencelogicalname') ?? '',
    connectorId: optionalText(row, 'connectorid') ?? '',
    connectionId: optionalText(row, 'connectionid') ?? '',
  }
}

/** The connection references that have a connection: of a connector, or all when it is left out. */
export async function listBoundReferences(
  client: DataverseClient,
  connectorId?: string,
): Promise<readonly ConnectionReference[]> {
  const bound = 'connectionid ne null'
  const filter = connectorId === undefined ? bound : `connectorid eq ${literal(connectorId)} and ${bound}`
  const found = await client.list(query('connectionreferences', { select: COLUMNS, filter }))
  return found.map(parse).filter(({ connectionId }) => connectionId !== '')
}

/** Binds a connection; binding the same one twice is the same. */
export async function bindConnection(
  client: DataverseClient,
  reference: ConnectionReference,
  connectionId: string,
): Promise<void> {
  return client.patch(`connectionreferences(${reference.id})`, { connectionid: connectionId })
}
