import { isVersion } from './version.ts'
import type { TableRules } from '../tables/table-rules.ts'
import { text } from '../store/value.ts'
import { isoSeconds } from '../clock.ts'
import { refuseWhileBusy } from '../jobs/lock.ts'
import { recordHistory } from '../jobs/history.ts'
import { refuse } from '../odata/errors.ts'
import { uninstall } from './remove.ts'
import { findSolution, patchesOf } from './solution-row.ts'

const UNIQUE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/
const RESTRICTED_NAMES = new Set(['default', 'active', 'system', 'basic'])
/** Columns that a client cannot change once the row is there. */
const FIXED = ['uniquename', 'publisherid'] as const

export const solutionRules: TableRules = {
  create(row, call) {
    const uniqueName = text(row, 'uniquename')
    if (uniqueName !== '' && !UNIQUE_NAME.test(uniqueName)) throw refuse('badUniqueName')
    if (RESTRICTED_NAMES.has(uniqueName.toLowerCase())) throw refuse('restrictedName', uniqueName)
    if (findSolution(call.environment, uniqueName) !== undefined) throw refuse('nameInUse', uniqueName)
    if (!isVersion(text(row, 'version'))) throw refuse('badVersion')
    return { ...row, installedon: isoSeconds(call.now) }
  },
  update(before, after, call) {
    const name = text(before, 'uniquename')
    if (isBuiltIn(name))
      throw name === 'Default' ? refuse('updateDefault', 'version') : refuse('updateRestricted', name)
    if (before['ismanaged'] === true) throw refuse('updateManaged', name)
    if (!isVersion(text(after, 'version'))) throw refuse('badVersion')
    const patches = patchesOf(call.environment, before)
    if (patches.length > 0)
      throw refuse('patchedSolution', patches.map((row) => text(row, 'uniquename')).join(', '))
    return { ...after, ...Object.fromEntries(FIXED.map((column) => [column, before[column] ?? null])) }
  },
  remove(row, call) {
    const name = text(row, 'uniquename')
    if (isBuiltIn(name)) throw refuse('deleteRestricted')
    refuseWhileBusy(call.environment, 'Uninstall')
    const actor = { environment: call.environment, user: call.user, now: call.now }
    uninstall(actor, row)
    recordHistory(actor, { operation: 'Uninstall', solution: row })
    return true
  },
}

function isBuiltIn(uniqueName: string): boolean {
  return RESTRICTED_NAMES.has(uniqueName.toLowerCase())
}
