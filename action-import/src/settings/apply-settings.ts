import type { Outputs } from '@dsa/action-kit'
import { counted, UserError } from '@dsa/user-error'
import { isError, raised } from '../prepare/findings.ts'
import { settingFindings } from '../prepare/preflight.ts'
import { identify } from '../report/import-report.ts'
import type { ImportReport } from '../report/import-report.ts'
import type { Session } from '../session.ts'
import { missingSettings } from './missing-settings.ts'
import { planSettings } from './settings-plan.ts'
import type { SettingsPlan } from './settings-plan.ts'

/**
 * Looks at settings that go into the environment without an import; mode `check` ends here.
 * @throws UserError for values that cannot be of the type of their variable, and for what `fail-on` counts
 */
export async function checkSettings(session: Session, report: ImportReport): Promise<SettingsPlan> {
  const { deps, inputs } = session
  const plan = await planSettings(session, [])
  // The archive and the environment may both tell the type of a variable.
  const found = [...session.settingFindings, ...plan.findings]
  // Whoever wants none missing wants it as well where the version is there already.
  if (report.archive !== undefined && inputs.failOn.includes('missing-settings')) {
    const missing = await missingSettings(session, report.archive)
    found.push(...settingFindings({ findings: [], ...missing }))
  }
  const findings = raised(
    [...new Map(found.map((finding) => [finding.text, finding])).values()],
    inputs.failOn,
  )
  report.findings = findings
  for (const { level, text } of findings) if (level === 'warning') deps.log.warning(text)
  const errors = findings.filter(isError)
  deps.setOutput('findings', errors.length)
  if (errors.length > 0) {
    throw new UserError(
      ['The settings were not applied; nothing was changed.', ...errors.map(({ text }) => text)].join('\n'),
    )
  }
  report.settings = plan.applied
  return plan
}

/**
 * Applies the settings to what the environment has, without an import.
 * @returns how many were applied
 * @throws UserError before anything is written, see {@link checkSettings}
 */
export async function applySettings(session: Session, report: ImportReport): Promise<number> {
  const { client, deps } = session
  const plan = await checkSettings(session, report)
  try {
    await plan.applyDirectly(client)
  } catch (error) {
    // Some of them may be written; which ones is not known.
    delete report.settings
    throw error
  }
  const { length } = plan.applied
  if (length > 0) deps.log.info(`${counted(length, 'setting')} ${length === 1 ? 'was' : 'were'} applied.`)
  return length
}

/** Mode `settings`: applies settings alone. */
export async function runSettings(session: Session, report: ImportReport): Promise<Outputs> {
  const { deps, settings } = session
  const wanted = settings.environmentVariables.length + settings.connectionReferences.length
  if (wanted === 0) deps.log.warning("Mode 'settings' has nothing to do: no setting with a value is given.")
  else await identify(session, report)
  const applied = await applySettings(session, report)
  return { decision: 'settings', changed: applied > 0, 'import-status': 'skipped', 'duration-seconds': 0 }
}
