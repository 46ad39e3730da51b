import type { DataverseClient } from './client.ts'
import type { PollState } from './poller.ts'
import { moment, query } from './query.ts'
import { asRow, optionalNumber, optionalText, rows, truth } from './wire.ts'
import type { Row } from './wire.ts'

/** An entry of the solution history for a publish of everything. */
export interface PublishRecord {
  readonly id: string
  readonly state: PollState
  readonly message: string
}

const FORMATTED = 'msdyn_operation@OData.Community.Display.V1.FormattedValue'
/** The documented number; others were seen, so the formatted name counts where there is one. */
const PUBLISH_ALL = 4
const COMPLETED = 1

const isPublishAll = (row: Row): boolean => {
  const name = optionalText(row, FORMATTED)
  return name === undefined
    ? optionalNumber(row, 'msdyn_operation') === PUBLISH_ALL
    : /^publish ?all/i.test(name)
}

const stateOf = (row: Row): PollState => {
  if (optionalNumber(row, 'msdyn_status') !== COMPLETED) return 'running'
  return truth(row, 'msdyn_result') ? 'succeeded' : 'failed'
}

/**
 * The latest publish of everything since a moment (server's milliseconds) in the solution history. A publish that is
 * not a system job of its own stands only there. The table is virtual and filters little, so its rows are sorted out
 * here.
 */
export const findPublishRecord = async (
  client: DataverseClient,
  sinceMs: number,
): Promise<PublishRecord | undefined> => {
  const page = asRow(
    await client.get(
      query('msdyn_solutionhistories', {
        select: [
          'msdyn_solutionhistoryid',
          'msdyn_operation',
          'msdyn_status',
          'msdyn_result',
          'msdyn_starttime',
          'msdyn_exceptionmessage',
        ],
        filter: `msdyn_starttime ge ${moment(sinceMs)}`,
      }),
      { headers: { prefer: 'odata.include-annotations="*"' } },
    ),
    'msdyn_solutionhistories',
  )
  const [latest] = rows(page['value'])
    .filter(isPublishAll)
    .toSorted((a, b) => String(b['msdyn_starttime']).localeCompare(String(a['msdyn_starttime'])))
  return (
    latest && {
      id: optionalText(latest, 'msdyn_solutionhistoryid') ?? '',
      state: stateOf(latest),
      message: optionalText(latest, 'msdyn_exceptionmessage') ?? '',
    }
  )
}
