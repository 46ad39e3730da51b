import type { Row, Value } from '../../store/row.ts'
import { isoSeconds } from '../../clock.ts'
import type { Environment } from '../../environment.ts'
import type { Table } from '../../tables/table.ts'

/** A row with the columns that the service sets when it comes to be, and null in all others. */
export function defaultRow(
  table: Table,
  by: { readonly environment: Environment; readonly now: number; readonly user: Row },
): Row {
  const user = by.user['systemuserid'] ?? null
  const service: Record<string, Value> = {
    createdon: isoSeconds(by.now),
    modifiedon: isoSeconds(by.now),
    createdby: user,
    modifiedby: user,
    ownerid: user,
    owninguser: user,
    owningbusinessunit: by.environment.businessUnitId,
    organizationid: by.environment.organizationId,
    versionnumber: by.environment.store.nextVersion(),
  }
  const row: Record<string, Value> = {}
  for (const column of table.columns.values())
    row[column.name] = column.default ?? service[column.name] ?? null
  return row
}
