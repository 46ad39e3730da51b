import type { DataverseClient } from '../pipeline/client.ts'
import { optionalText } from '../pipeline/wire.ts'
import { listAny } from './list-any.ts'

/** That a solution holds a component. */
export interface Holding {
  readonly objectId: string
  readonly solutionId: string
}

/** Which solutions hold some components, whoever made them. */
export async function listHolders(
  client: DataverseClient,
  objectIds: readonly string[],
): Promise<readonly Holding[]> {
  const found = await listAny(client, 'solutioncomponents', {
    select: ['objectid', '_solutionid_value'],
    column: 'objectid',
    values: objectIds,
  })
  return found.map((row) => ({
    objectId: optionalText(row, 'objectid') ?? '',
    solutionId: optionalText(row, '_solutionid_value') ?? '',
  }))
}
