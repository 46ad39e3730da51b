import type { Outputs } from '@dsa/action-kit'
import type { Session } from '../session.ts'
import { planSettings } from './settings-plan.ts'
import type { SettingsPlan } from './settings-plan.ts'

/** Applies the settings to what the environment has, without an import. @returns how many were applied */
export async function applySettings(session: Session): Promise<number> {
  const plan = await planSettings(session.client, session.settings, [])
  warnUnknown(session, plan)
  await plan.applyDirectly(session.client)
  if (plan.count > 0) session.deps.log.info(`${plan.count} settings were applied.`)
  return plan.count
}

/** Settings that name nothing: most often a misspelt name or the file of another solution. */
function warnUnknown({ deps }: Session, { unknown }: SettingsPlan): void {
  for (const name of unknown) {
    deps.log.warning(`The settings name '${name}', which is neither in the archive nor in the environment.`)
  }
}

/** Mode `settings`: applies settings alone. */
export async function runSettings(session: Session): Promise<Outputs> {
  const { deps, client, settings } = session
  const wanted = settings.environmentVariables.length + settings.connectionReferences.length
  if (wanted === 0) deps.log.warning("Mode 'settings' has nothing to do: no setting with a value is given.")
  const applied = await applySettings(session)
  deps.summary.outcome('done', `${applied} of ${wanted} settings applied`)
  deps.summary.list([
    `Environment: ${client.environmentUrl}`,
    ...settings.environmentVariables.map(({ schemaName }) => `Environment variable ${schemaName}`),
    ...settings.connectionReferences.map(({ logicalName }) => `Connection reference ${logicalName}`),
  ])
  return { decision: 'settings', changed: applied > 0, 'import-status': 'skipped', 'duration-seconds': 0 }
}
