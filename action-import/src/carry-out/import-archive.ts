import type { Outputs } from '@dsa/action-kit'
import { findSolution } from '@dsa/dataverse-client'
import type { Archive } from '../look/archive.ts'
import { check, refuseErrors } from '../prepare/check.ts'
import { carryOut } from './carry-out.ts'
import type { Action } from '../decide/decision.ts'
import { publishAfter } from './finish.ts'
import { switchFlows } from './flows.ts'
import type { ImportOutcome } from './follow.ts'
import { concludeImport, rememberIds, stopped } from '../report/outcome.ts'
import type { JobProgress } from '../report/outcome.ts'
import type { Rights } from '../look/rights.ts'
import type { Session } from '../session.ts'
import type { SettingsPlan } from '../settings/settings-plan.ts'
import { verifySettings } from '../settings/verify-settings.ts'

/** Carries a decision out, with the settings, and does what comes after a success. */
export const importArchive = async (
  session: Session,
  archive: Archive,
  action: Exclude<Action, 'skip'>,
  rights: Rights,
): Promise<Outputs> => {
  const { inputs, deps, client } = session
  const progress: JobProgress = { startedMs: deps.clock(), sending: false }
  const what = `${archive.name} ${archive.version} (${action})`
  let plan: SettingsPlan | undefined
  let outcome: ImportOutcome
  try {
    outcome = await carryOut(client, {
      action,
      archive,
      overwriteUnmanagedCustomizations: inputs.forceOverwrite,
      publishWorkflows: inputs.activatePlugins,
      skipProductUpdateDependencies: inputs.skipDependencyCheck,
      maxWaitMinutes: inputs.maxWaitMinutes,
      async onStaged(staged) {
        const checked = await check(session, archive, staged, rights)
        plan = checked.plan
        refuseErrors(session, archive, checked.findings)
        return plan.componentParameters
      },
      onSending() {
        progress.sending = true
      },
      onStarted: (started) => rememberIds(session, progress, started),
    })
  } catch (error) {
    throw stopped(error, session, `The import of ${what}`, progress)
  }
  const outputs = await concludeImport(session, what, progress, outcome)
  await plan?.applyDirectly(client)
  return { ...outputs, ...(await afterImport(session, archive, action)) }
}

/** Reads the settings back, publishes as asked, switches flows, and reads back what the environment has now. */
export const afterImport = async (session: Session, archive: Archive, action?: Action): Promise<Outputs> => {
  const { deps, client } = session
  // What is only staged beside the old version gets its settings and flows when it is applied.
  if (action !== 'stage') await verifySettings(session)
  await publishAfter(session, archive.managed)
  const flowsOff = action === 'stage' ? undefined : await switchFlows(session, archive)
  const now = await findSolution(client, archive.name)
  deps.log.info(`Done: ${client.environmentUrl} has ${archive.name} ${now?.version ?? archive.version}.`)
  return { changed: true, version: now?.version ?? archive.version, 'flows-off': flowsOff }
}
