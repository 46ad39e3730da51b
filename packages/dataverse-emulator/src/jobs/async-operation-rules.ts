import type { TableRules } from '../tables/table-rules.ts'
import { asText } from '../store/value.ts'
import { isoSeconds } from '../clock.ts'
import { refuse } from '../odata/errors.ts'

const COMPLETED = 3
const CANCELED = 32

/** A job that waits can be cancelled; only a completed one can be deleted. */
export const asyncOperationRules: TableRules = {
  update(before, after, call) {
    if (after['statecode'] === before['statecode']) return after
    const isCancel = after['statecode'] === COMPLETED && after['statuscode'] === CANCELED
    if (!isCancel || before['statecode'] !== 0) {
      throw refuse(
        'invalidArgument',
        `The state of the system job cannot be changed from ${asText(before['statecode'])} to ${asText(after['statecode'])}.`,
      )
    }
    return { ...after, completedon: isoSeconds(call.now) }
  },
  remove(row) {
    if (row['statecode'] !== COMPLETED)
      throw refuse('invalidArgument', 'The system job is not completed and cannot be deleted.')
    return false
  },
}
