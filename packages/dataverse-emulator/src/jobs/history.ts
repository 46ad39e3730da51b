import type { Job } from './job.ts'
import type { Row } from '../store/row.ts'
import { text } from '../store/value.ts'
import { randomUUID } from 'node:crypto'
import { isoSeconds } from '../clock.ts'
import { newRow, type Actor } from '../solutions/solution-row.ts'

/** Numbers of Microsoft's documentation of the table. */
const OPERATIONS = { Import: 0, Uninstall: 1, Export: 2, Publish: 3, PublishAll: 4 } as const
const SUBOPERATIONS = {
  none: 0,
  install: 1,
  upgrade: 2,
  update: 3,
  patch: 1,
  holding: 1,
  delete: 4,
  singleStep: 5,
} as const

export interface HistoryEntry {
  readonly operation: keyof typeof OPERATIONS
  readonly suboperation?: keyof typeof SUBOPERATIONS
  readonly solution?: Row
  readonly error?: { readonly code: number; readonly message: string }
  readonly overwrite?: boolean
}

/**
 * Writes an entry into the solution history.
 * @param job that did it; its id is that by which clients find the entry. What is done at once has none and takes no time
 */
export function recordHistory(actor: Actor, entry: HistoryEntry, job?: Job): void {
  const { id: activityId = randomUUID(), startedAt = actor.now, endsAt = actor.now } = job ?? {}
  const { environment } = actor
  const { solution } = entry
  const publisher =
    solution === undefined ? undefined : environment.store.get('publisher', text(solution, 'publisherid'))
  const id = randomUUID()
  const row = newRow(actor, 'msdyn_solutionhistory', {
    msdyn_solutionhistoryid: id,
    msdyn_name: text(solution, 'uniquename'),
    msdyn_activityid: activityId,
    msdyn_correlationid: randomUUID(),
    msdyn_starttime: isoSeconds(startedAt),
    msdyn_endtime: isoSeconds(endsAt),
    msdyn_totaltime: Math.round((endsAt - startedAt) / 1000),
    msdyn_operation: OPERATIONS[entry.operation],
    msdyn_suboperation: SUBOPERATIONS[entry.suboperation ?? 'none'],
    msdyn_status: 1,
    msdyn_result: entry.error === undefined,
    msdyn_errorcode: entry.error?.code ?? null,
    msdyn_exceptionmessage: entry.error?.message ?? null,
    msdyn_ismanaged: solution?.['ismanaged'] ?? false,
    msdyn_ispatch: (solution?.['parentsolutionid'] ?? null) !== null,
    msdyn_isoverwritecustomizations: entry.overwrite ?? false,
    msdyn_retrycount: 0,
    msdyn_maxretries: 0,
    msdyn_solutionid: solution?.['solutionid'] ?? null,
    msdyn_solutionversion: text(solution, 'version'),
    msdyn_publisherid: publisher?.['publisherid'] ?? null,
    msdyn_publishername: text(publisher, 'uniquename'),
  })
  environment.store.put('msdyn_solutionhistory', id, row)
}
