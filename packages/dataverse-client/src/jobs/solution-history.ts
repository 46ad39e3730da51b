import type { DataverseClient } from '../pipeline/client.ts'
import { query } from '../pipeline/query.ts'
import { optionalNumber, optionalText, truth } from '../pipeline/wire.ts'
import type { Row } from '../pipeline/wire.ts'
import type { PollState } from './poller.ts'

/** An entry of the solution history of the environment. */
export interface HistoryEntry {
  readonly id: string
  readonly operation: 'import' | 'publish' | 'publish-all' | 'other'
  readonly version: string
  readonly state: Exclude<PollState, 'canceled'>
  readonly message: string
  /** As the service writes it, such as `2026-11-27T11:02:55Z`. */
  readonly startedOn: string
  /** '' while it runs. */
  readonly endedOn: string
}

const FORMATTED = 'msdyn_operation@OData.Community.Display.V1.FormattedValue'

/** The documented numbers; others were seen, so the formatted name counts where there is one. */
const OPERATIONS = [
  { operation: 'import', number: 0, name: /^import$/i },
  { operation: 'publish', number: 3, name: /^publish$/i },
  { operation: 'publish-all', number: 4, name: /^publish ?all/i },
] as const

const COMPLETED = 1

/** The entries of a filter, which is encoded, newest first. The table is virtual and filters little. */
export async function listSolutionHistory(
  client: DataverseClient,
  filter: string,
): Promise<readonly HistoryEntry[]> {
  const path = query('msdyn_solutionhistories', {
    select: [
      'msdyn_solutionhistoryid',
      'msdyn_operation',
      'msdyn_solutionversion',
      'msdyn_status',
      'msdyn_result',
      'msdyn_exceptionmessage',
      'msdyn_starttime',
      'msdyn_endtime',
    ],
    filter,
  })
  const found = await client.list(path, { headers: { prefer: 'odata.include-annotations="*"' } })
  return found.map(entry).toSorted((a, b) => b.startedOn.localeCompare(a.startedOn))
}

function entry(row: Row): HistoryEntry {
  return {
    id: optionalText(row, 'msdyn_solutionhistoryid') ?? '',
    operation: operationOf(row),
    version: optionalText(row, 'msdyn_solutionversion') ?? '',
    state: stateOf(row),
    message: optionalText(row, 'msdyn_exceptionmessage') ?? '',
    startedOn: optionalText(row, 'msdyn_starttime') ?? '',
    endedOn: optionalText(row, 'msdyn_endtime') ?? '',
  }
}

function operationOf(row: Row): HistoryEntry['operation'] {
  const name = optionalText(row, FORMATTED)
  const number = optionalNumber(row, 'msdyn_operation')
  const known = OPERATIONS.find((each) =>
    name === undefined ? each.number === number : each.name.test(name),
  )
  return known?.operation ?? 'other'
}

function stateOf(row: Row): HistoryEntry['state'] {
  const hasEnded =
    optionalNumber(row, 'msdyn_status') === COMPLETED || optionalText(row, 'msdyn_endtime') !== undefined
  if (!hasEnded) return 'running'
  return truth(row, 'msdyn_result') ? 'succeeded' : 'failed'
}
