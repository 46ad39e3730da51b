import type { DataverseClient } from './client.ts'
import { literal, query } from './query.ts'
import { asRow, optionalNumber, optionalText, rows, truth } from './wire.ts'
import type { Row } from './wire.ts'

/** An import of a solution that succeeded. Times in milliseconds since 1970. */
export interface PastImport {
  readonly version: string
  readonly startedMs: number
  readonly endedMs: number
}

const FORMATTED = 'msdyn_operation@OData.Community.Display.V1.FormattedValue'
/** The documented number; others were seen, so the formatted name counts where there is one. */
const IMPORT = 0

const isImport = (row: Row): boolean => {
  const name = optionalText(row, FORMATTED)
  return name === undefined ? optionalNumber(row, 'msdyn_operation') === IMPORT : /^import$/i.test(name)
}

const time = (row: Row, column: string): number => Date.parse(optionalText(row, column) ?? '')

/**
 * The imports of a solution that the solution history of the environment knows, newest first. The table is virtual and
 * filters little, so its rows are sorted out here.
 */
export const listPastImports = async (
  client: DataverseClient,
  uniqueName: string,
): Promise<readonly PastImport[]> => {
  const page = asRow(
    await client.get(
      query('msdyn_solutionhistories', {
        select: [
          'msdyn_name',
          'msdyn_operation',
          'msdyn_result',
          'msdyn_starttime',
          'msdyn_endtime',
          'msdyn_solutionversion',
        ],
        filter: `msdyn_name eq ${literal(uniqueName)}`,
      }),
      { headers: { prefer: 'odata.include-annotations="*"' } },
    ),
    'msdyn_solutionhistories',
  )
  return rows(page['value'])
    .filter((row) => isImport(row) && truth(row, 'msdyn_result'))
    .map((row) => ({
      version: optionalText(row, 'msdyn_solutionversion') ?? '',
      startedMs: time(row, 'msdyn_starttime'),
      endedMs: time(row, 'msdyn_endtime'),
    }))
    .filter(({ startedMs, endedMs }) => !Number.isNaN(startedMs) && !Number.isNaN(endedMs))
    .toSorted((a, b) => b.endedMs - a.endedMs)
}
