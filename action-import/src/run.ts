import { resolvePath } from '@dsa/action-kit'
import type { Outputs } from '@dsa/action-kit'
import { LARGE_BYTES, readArchive } from './look/archive.ts'
import type { Archive } from './look/archive.ts'
import { applySettings, runSettings } from './settings/apply-settings.ts'
import { attach, findRunningImport } from './carry-out/attach.ts'
import { backUp } from './prepare/backup.ts'
import { refuseWithoutRights, runCheck } from './prepare/check.ts'
import { decide } from './decide/decision.ts'
import type { Decision } from './decide/decision.ts'
import { RefusedError } from './import-errors.ts'
import { importArchive } from './carry-out/import-archive.ts'
import type { Inputs } from './inputs.ts'
import { reportLayers } from './look/layers.ts'
import { reportOverwritten } from './look/overwritten-changes.ts'
import { runPromote } from './carry-out/promote.ts'
import { findRemovals, guardRemovals } from './look/removal-guard.ts'
import { removalState } from './look/removals.ts'
import { decisionLines, summarizeDecision } from './report/report.ts'
import { checkRights, UNASKED } from './look/rights.ts'
import { baseOf, openSession } from './session.ts'
import type { ImportDeps, Session } from './session.ts'
import { readTarget, situationOf } from './look/target.ts'
import type { Target } from './look/target.ts'

export type { ImportDeps } from './session.ts'

/** Brings a solution into an environment: looks, decides, says so, carries it out, and reports. */
export const run = async (inputs: Inputs, deps: ImportDeps): Promise<Outputs> => {
  for (const notice of inputs.notices) deps.log.notice(notice)
  for (const warning of inputs.warnings) deps.log.warning(warning)
  const archive = await archiveOf(inputs, deps)
  const session = await openSession(inputs, deps)
  if (inputs.mode === 'settings') return runSettings(session)
  if (inputs.mode === 'promote') return runPromote(session, inputs.solutionName ?? archive?.name ?? '')
  if (archive === undefined) throw new Error('The inputs name no solution.')
  deps.setOutput('solution-name', archive.name)
  return runImport(session, archive)
}

const archiveOf = async (inputs: Inputs, deps: ImportDeps): Promise<Archive | undefined> => {
  if (inputs.solutionFile === undefined) return undefined
  const archive = await readArchive(resolvePath(baseOf(inputs, deps), inputs.solutionFile))
  if (archive.bytes.length > LARGE_BYTES) {
    deps.log.warning(`${archive.path} is larger than 95 MB; the service may refuse it.`)
  }
  return archive
}

const runImport = async (session: Session, archive: Archive): Promise<Outputs> => {
  const { inputs, client } = session
  const running =
    inputs.asyncOperationId ?? (isRerun(session.deps) ? await findRunningImport(session, archive) : undefined)
  if (running !== undefined) return attach(session, archive, running)

  const target = await readTarget(client, archive, inputs.environmentKind)
  const removals = await findRemovals(session, archive, target)
  const decision = decide(situationOf(archive, target, inputs.wishes, removalState(removals)))
  tell(session, archive, target, decision)
  if (decision.action === 'refuse') {
    throw new RefusedError(
      `${archive.name} ${archive.version} was not imported into ${client.environmentUrl}: ${decision.because} ${decision.wayOut}`,
    )
  }
  if (inputs.mode === 'check') return runCheck(session, archive, decision.action, removals, target)
  if (decision.action !== 'skip') {
    guardRemovals(session, decision.action, removals)
    await reportLayers(session, target)
    // What is staged already was uploaded by somebody with the rights for it; applying it uploads nothing.
    const rights =
      decision.action === 'promote' ? UNASKED : await checkRights(session, archive, decision.action, target)
    refuseWithoutRights(session, archive, rights)
    if (decision.action === 'import') {
      await reportOverwritten(session, archive, target.installed)
      await backUp(session, target.installed)
    }
    return importArchive(session, archive, decision.action, rights)
  }
  // Values of the environment may have changed in the file although the solution did not.
  const applied = await applySettings(session)
  return {
    changed: applied > 0,
    version: target.installed?.version,
    'import-status': 'skipped',
    'duration-seconds': 0,
    warnings: 0,
    errors: 0,
  }
}

/** Somebody pressed "re-run": the import of the attempt before may still be running. */
const isRerun = ({ environment }: ImportDeps): boolean => Number(environment['GITHUB_RUN_ATTEMPT'] ?? '1') > 1

const tell = ({ deps, client }: Session, archive: Archive, target: Target, decision: Decision): void => {
  for (const line of decisionLines(archive, target, decision)) deps.log.info(line)
  summarizeDecision(deps.summary, client.environmentUrl, archive, target, decision)
  deps.setOutput('decision', decision.action)
  deps.setOutput('previous-version', target.installed?.version ?? '')
  if (decision.action !== 'refuse') for (const notice of decision.notices) deps.log.notice(notice)
}
