import type { Action } from '../decide/decision.ts'
import { RefusedError } from '../import-errors.ts'
import type { Removal, Removals } from '../look/removals.ts'
import type { Session } from '../session.ts'

/**
 * Tells what an upgrade deletes, and stops before data would be deleted without leave.
 * @throws RefusedError naming the tables and columns
 */
export function guardRemovals(session: Session, action: Action, removals: Removals): void {
  const { inputs, deps, client } = session
  deps.setOutput('removed-components', removals.removed.length)
  const when = action === 'stage' ? 'when the upgrade is applied' : 'by the upgrade'
  for (const one of removals.removed) deps.log.info(`To be deleted ${when}: ${line(one)}`)
  if (removals.notCompared.length > 0) deps.log.info(`Not compared: ${removals.notCompared.join(', ')}.`)
  if (action === 'stage' || inputs.allowDataDeletion) return
  const data = removals.removed.filter(({ data: held }) => held !== undefined)
  if (data.length === 0 && removals.dataIsCertain) return
  const what =
    data.length > 0
      ? `${data.map(line).join(', ')} would be deleted with ${data.length === 1 ? 'its' : 'their'} data.`
      : `which tables and columns would be deleted is not known (not compared: ${removals.notCompared.join(', ')}).`
  throw new RefusedError(
    `The upgrade of ${client.environmentUrl} was not started: ${what} If that is what you want, give ` +
      "'allow-data-deletion: true'; " +
      (action === 'promote'
        ? "to keep them, delete the staged upgrade in the environment, and import with 'mode: update'."
        : "to keep them, 'mode: update'.") +
      (removals.dataIsCertain
        ? ''
        : " With 'previous-solution-file' (the archive of the last release) it is known exactly."),
  )
}

function line({ kind, name, rows }: Removal): string {
  const count = rows === undefined ? '' : ` (${rows} rows)`
  return `${kind} ${name}${count}`
}
