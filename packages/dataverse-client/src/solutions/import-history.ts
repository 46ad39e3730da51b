import type { DataverseClient } from '../pipeline/client.ts'
import { literal } from '../pipeline/query.ts'
import { listSolutionHistory } from '../jobs/solution-history.ts'

/** An import of a solution that succeeded. Times in milliseconds since 1970. */
export interface PastImport {
  readonly version: string
  readonly startedMs: number
  readonly endedMs: number
}

/** The imports of a solution that the solution history of the environment knows, newest first. */
export async function listPastImports(
  client: DataverseClient,
  uniqueName: string,
): Promise<readonly PastImport[]> {
  const entries = await listSolutionHistory(client, `msdyn_name eq ${literal(uniqueName)}`)
  return entries
    .filter(({ operation, state }) => operation === 'import' && state === 'succeeded')
    .map(({ version, startedOn, endedOn }) => ({
      version,
      startedMs: Date.parse(startedOn),
      endedMs: Date.parse(endedOn),
    }))
    .filter(({ startedMs, endedMs }) => !Number.isNaN(startedMs) && !Number.isNaN(endedMs))
    .toSorted((a, b) => b.endedMs - a.endedMs)
}
