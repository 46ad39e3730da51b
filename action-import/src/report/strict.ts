import { counted } from '@dsa/user-error'
import { RefusedError, StrictError } from '../import-errors.ts'
import type { Strictness } from '../prepare/findings.ts'
import type { ImportReport } from './import-report.ts'

/** @throws RefusedError, before the import, when `fail-on` has `not-checked` and something could not be looked at */
export function guardNotChecked({ notChecked }: ImportReport, failOn: readonly Strictness[]): void {
  if (!failOn.includes('not-checked') || notChecked.length === 0) return
  throw new RefusedError(
    `Not everything could be checked before the import, and 'fail-on' has 'not-checked'; nothing was changed. Not checked: ${notChecked.join('; ')}.`,
  )
}

/**
 * What only the end of an import tells.
 * @throws StrictError with all that `fail-on` counts
 */
export function guardResult(report: ImportReport, failOn: readonly Strictness[]): void {
  const { activation, decision, outcome } = report
  const reasons: string[] = []
  const details: string[] = []
  if (failOn.includes('flows-off') && activation !== undefined) {
    const off = activation.flows.filter(({ flow }) => !flow.isOn)
    if (off.length > 0) reasons.push(`${counted(off.length, 'flow')} ${off.length === 1 ? 'is' : 'are'} off`)
    details.push(
      ...off.map(
        ({ flow, reason }) => `The flow '${flow.name}' is off${reason === '' ? '' : `: ${reason}`}.`,
      ),
    )
  }
  const isUnread = report.notChecked.includes(FLOWS_UNREAD)
  if (isUnread && (failOn.includes('flows-off') || failOn.includes('not-checked'))) {
    reasons.push('the state of the flows is not known')
  }
  const warnings = outcome?.verdict?.warnings ?? []
  if (failOn.includes('warnings') && warnings.length > 0) {
    reasons.push(`${counted(warnings.length, 'warning')} of the platform`)
    details.push(...warnings)
  }
  if (reasons.length === 0) return
  throw new StrictError(
    [
      `${decision?.action === 'skip' ? 'Nothing was imported, since the environment has the version' : 'The import succeeded, and the environment has the new version'}. 'fail-on' stops the run, since ${reasons.join(', ')}.`,
      ...details,
    ].join('\n'),
    reasons,
  )
}

/** Told when the flows of the solution could not be looked at after the import. */
export const FLOWS_UNREAD = 'which flows are on (their state could not be read)'
