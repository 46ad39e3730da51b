import type { Outputs } from '@dsa/action-kit'
import { deleteStageUpload, listSolutions, stageSolution } from '@dsa/dataverse-client'
import type { StageResult } from '@dsa/dataverse-client'
import type { Archive } from '../look/archive.ts'
import type { Action } from '../decide/decision.ts'
import { ImportFailedError } from '../import-errors.ts'
import { reportOverwritten } from '../look/overwritten-changes.ts'
import { NOT_CHECKED, preflight, runningOperations } from './preflight.ts'
import type { Finding } from './preflight.ts'
import { guardRemovals } from '../look/removal-guard.ts'
import type { Removals } from '../look/removals.ts'
import { summarizeFindings } from '../report/report.ts'
import { checkRights } from '../look/rights.ts'
import type { Rights } from '../look/rights.ts'
import type { Session } from '../session.ts'
import { planSettings } from '../settings/settings-plan.ts'
import type { SettingsPlan } from '../settings/settings-plan.ts'
import type { Target } from '../look/target.ts'

/** Collects everything that can be known before the import and says it at once. */
export const check = async (
  session: Session,
  archive: Archive,
  staged: StageResult,
  rights: Rights,
): Promise<{ readonly plan: SettingsPlan; readonly findings: readonly Finding[] }> => {
  const { inputs, deps, client } = session
  const plan = await planSettings(client, session.settings, staged.components, inputs.reuseConnections)
  for (const name of plan.reused) {
    deps.log.notice(
      `The connection reference '${name}' takes the one connection that others of its connector have.`,
    )
  }
  const found = await preflight(client, {
    archive,
    staged,
    plan,
    skipProductUpdateDependencies: inputs.skipDependencyCheck,
  })
  const findings = [...found, ...rights.findings]
  tell(session, findings, staged.missingDependencies)
  return { plan, findings }
}

const tell = (
  { deps }: Session,
  findings: readonly Finding[],
  missing: StageResult['missingDependencies'],
): void => {
  for (const { level, text } of findings) if (level === 'warning') deps.log.warning(text)
  summarizeFindings(deps.summary, findings, missing)
  deps.setOutput('findings', findings.filter(({ level }) => level === 'error').length)
}

/**
 * Stops before an upload that would be refused. Everything else that could be found needs the upload.
 * @throws ImportFailedError naming the privilege that is missing
 */
export const refuseWithoutRights = (session: Session, archive: Archive, rights: Rights): void => {
  if (rights.canStage) return
  tell(session, rights.findings, [])
  refuseErrors(session, archive, rights.findings)
}

/** @throws ImportFailedError with every error among the findings */
export const refuseErrors = ({ client }: Session, archive: Archive, findings: readonly Finding[]): void => {
  const errors = findings.filter(({ level }) => level === 'error')
  if (errors.length === 0) return
  throw new ImportFailedError(
    [
      `${client.environmentUrl} does not take ${archive.name} ${archive.version}; nothing was changed.`,
      ...errors.map(({ text }) => text),
    ].join('\n'),
  )
}

/** Mode `check`: all of the looking, none of the changing. The upload that the check needs is removed again. */
export const runCheck = async (
  session: Session,
  archive: Archive,
  action: Action,
  removals: Removals,
  target: Target,
): Promise<Outputs> => {
  const { deps, client } = session
  const rights = await checkRights(session, archive, action, target)
  refuseWithoutRights(session, archive, rights)
  if (action === 'import') await reportOverwritten(session, archive, target.installed)
  const running = await runningOperations(client)
  const unmanaged = target.kind === 'production' ? await unmanagedSolutions(session) : []
  const staged = await stageSolution(client, archive.bytes)
  try {
    const { findings } = await check(session, archive, staged, rights)
    for (const { text } of [...running, ...unmanaged]) deps.log.warning(text)
    deps.summary.list([...running, ...unmanaged].map(({ text }) => text))
    deps.summary.text(`Not checked: ${NOT_CHECKED.join('; ')}.`)
    guardRemovals(session, action, removals)
    refuseErrors(session, archive, findings)
    deps.log.info(`Checked: an import would be done as '${action}'. Nothing was changed.`)
  } finally {
    if (staged.uploadId !== undefined && !deps.signal.aborted)
      await deleteStageUpload(client, staged.uploadId)
  }
  return {
    changed: false,
    version: target.installed?.version,
    'import-status': 'skipped',
    'duration-seconds': 0,
  }
}

/** Unmanaged solutions do not belong into production; those that every environment has do not count. */
const unmanagedSolutions = async ({ client }: Session): Promise<readonly Finding[]> => {
  const all = await listSolutions(client)
  return all
    .filter(({ isManaged, uniqueName }) => !isManaged && !BUILT_IN.test(uniqueName))
    .map(({ uniqueName, version }) => ({
      level: 'warning',
      text: `the production environment has the unmanaged solution '${uniqueName}' ${version}`,
    }))
}

const BUILT_IN = /^(Default|Active|System|Basic|Cr[0-9a-f]{5})$/
