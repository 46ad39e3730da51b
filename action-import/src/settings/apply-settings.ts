import type { Outputs } from '@dsa/action-kit'
import { counted, UserError } from '@dsa/user-error'
import { isError } from '../prepare/findings.ts'
import type { ImportReport } from '../report/import-report.ts'
import type { Session } from '../session.ts'
import { planSettings } from './settings-plan.ts'

/**
 * Applies the settings to what the environment has, without an import.
 * @returns how many were applied
 * @throws UserError, before anything is written, for values that cannot be of the type of their variable
 */
export async function applySettings(session: Session, report: ImportReport): Promise<number> {
  const { client, deps } = session
  const plan = await planSettings(session, [])
  // The archive and the environment may both tell the type of a variable.
  const found = [...session.settingFindings, ...plan.findings]
  report.findings = [...new Map(found.map((finding) => [finding.text, finding])).values()]
  for (const { level, text } of report.findings) if (level === 'warning') deps.log.warning(text)
  const errors = report.findings.filter(isError)
  if (errors.length > 0) {
    throw new UserError(
      ['The settings were not applied; nothing was changed.', ...errors.map(({ text }) => text)].join('\n'),
    )
  }
  await plan.applyDirectly(client)
  report.settings = plan.applied
  const { length } = plan.applied
  if (length > 0) deps.log.info(`${counted(length, 'setting')} ${length === 1 ? 'was' : 'were'} applied.`)
  return length
}

/** Mode `settings`: applies settings alone. */
export async function runSettings(session: Session, report: ImportReport): Promise<Outputs> {
  const { deps, settings } = session
  const wanted = settings.environmentVariables.length + settings.connectionReferences.length
  if (wanted === 0) deps.log.warning("Mode 'settings' has nothing to do: no setting with a value is given.")
  const applied = await applySettings(session, report)
  return { decision: 'settings', changed: applied > 0, 'import-status': 'skipped', 'duration-seconds': 0 }
}
