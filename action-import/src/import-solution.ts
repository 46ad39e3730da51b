import type { Outputs } from '@dsa/action-kit'
import { UserError } from '@dsa/user-error'
import {
  EnvironmentBusyError,
  findSolution,
  findWithUpgrade,
  openQueue,
  waitUntilFree,
} from '@dsa/dataverse-client'
import type { Queue } from '@dsa/dataverse-client'
import { backUp } from './carry-out/backup.ts'
import { carryOut, metTheLock, TargetChangedError } from './carry-out/carry-out.ts'
import type { Undertaking } from './carry-out/carry-out.ts'
import { switchFlows } from './carry-out/flows.ts'
import { followImport } from './carry-out/follow.ts'
import type { ImportOutcome } from './carry-out/follow.ts'
import { Job } from './carry-out/job.ts'
import { publishAfter } from './carry-out/publish.ts'
import { decide } from './decide/decision.ts'
import type { Action } from './decide/decision.ts'
import { situationOf } from './decide/situation.ts'
import { ImportGoesOnError, RefusedError } from './import-errors.ts'
import type { Archive } from './look/archive.ts'
import { findRemovals } from './look/find-removals.ts'
import { removalState } from './look/removals.ts'
import { findRunningImport, requireImport } from './look/running-import.ts'
import { hasVersionOf, readTarget } from './look/target.ts'
import type { Target } from './look/target.ts'
import { fileFindings } from './prepare/archive-files.ts'
import { isError, raised } from './prepare/findings.ts'
import { findLayers, guardLayers } from './prepare/layers.ts'
import { findOverwritten } from './prepare/overwritten-changes.ts'
import { checkSurroundings, discard, guardFindings, stage } from './prepare/prepare.ts'
import type { Staged } from './prepare/prepare.ts'
import { guardRemovals } from './prepare/removal-guard.ts'
import { checkRights } from './prepare/rights.ts'
import { forgetFollowed, forgetPreparation, identify } from './report/import-report.ts'
import type { ImportReport } from './report/import-report.ts'
import { concludeImport } from './report/outcome.ts'
import { FLOWS_UNREAD, guardNotChecked } from './report/strict.ts'
import { decisionLines } from './report/words.ts'
import type { Session } from './session.ts'
import { applySettings, checkSettings } from './settings/apply-settings.ts'
import { verifySettings } from './settings/verify-settings.ts'

/**
 * The sequence of an import: look, decide, prepare, carry out. Mode `check` is the same and ends before the first write.
 * @param report is filled in as things become known, so that the summary of a failed run has them as well
 */
export async function importSolution(
  session: Session,
  archive: Archive,
  report: ImportReport,
): Promise<Outputs> {
  try {
    return await lookToEnd(session, archive, report)
  } catch (error) {
    throw session.deps.signal.aborted ? canceled(session, report, error) : error
  }
}

/** What a cancellation left behind, where nothing else tells. */
function canceled({ client }: Session, { outcome, decision }: ImportReport, error: unknown): unknown {
  if (error instanceof ImportGoesOnError) return error
  const what =
    outcome?.status === 'succeeded'
      ? `after the import had succeeded in ${client.environmentUrl}. What comes after it (settings, publishing, flows) may be missing; run it again.`
      : decision?.action === 'skip'
        ? `while settings were applied in ${client.environmentUrl}; run it again.`
        : `before an import was started; ${client.environmentUrl} was not changed.`
  return new UserError(`The step was canceled ${what}`, { cause: error })
}

async function lookToEnd(session: Session, archive: Archive, report: ImportReport): Promise<Outputs> {
  const { inputs, deps, client } = session
  if (inputs.asyncOperationId !== undefined) {
    await requireImport(session, inputs.asyncOperationId)
    const followed = await attach(session, archive, inputs.asyncOperationId, report)
    if (followed !== undefined) return followed
    throw new RefusedError(
      `'async-operation-id' ${inputs.asyncOperationId} has ended, but ${client.environmentUrl} does not have ${archive.name} ` +
        `${archive.version} now, so it was the import of something else. Nothing was started. Give the archive that it imports, or leave 'async-operation-id' out.`,
    )
  }
  const queue = openQueue(client)
  for (let pass = 1; ; pass++) {
    if (inputs.mode !== 'check') {
      const mayRun = isRerun(session) && pass === 1
      const running = await waitUntilFree(client, queue, async (unfinished) =>
        mayRun ? findRunningImport(session, archive, unfinished) : undefined,
      )
      if (running !== undefined) {
        const followed = await attach(session, archive, running, report)
        if (followed !== undefined) return followed
        deps.log.notice('What was followed is the import of another version. Deciding again.')
        continue
      }
    }
    const { action, target } = await lookAndDecide(session, archive, report)
    if (action === 'skip') {
      if (inputs.mode !== 'check') return skip(session, archive, target, report)
      await checkSettings(session, report)
      return checked(session, action, target)
    }
    const staged = await prepare(session, archive, action, target, report)
    if (inputs.mode === 'check') return checked(session, action, target)

    const job = new Job(session, `The import of ${archive.name} ${archive.version} (${action})`)
    const outcome = await carryOutDecision(session, { action, archive, target, staged, queue }, job, report)
    if (outcome === undefined) continue
    if (!metTheLock(outcome) || !(await waited(queue, outcome.reason))) {
      return conclude(session, archive, staged, outcome, job, report)
    }
    deps.log.notice(`The environment was busy, and nothing was imported; starting again. ${outcome.reason}`)
  }
}

/** Waits a while for the environment. @returns false when the time for it is used up */
async function waited(queue: Queue, reason: string): Promise<boolean> {
  try {
    await queue.wait(reason)
    return true
  } catch (error) {
    if (error instanceof EnvironmentBusyError) return false
    throw error
  }
}

/** Somebody pressed "re-run": the import of the attempt before may still be running. */
function isRerun({ deps }: Session): boolean {
  return Number(deps.environment['GITHUB_RUN_ATTEMPT'] ?? '1') > 1
}

/** What deletes components that the new version lacks, now or when it is applied. */
const DELETES: ReadonlySet<Action> = new Set(['upgrade', 'stage', 'promote'])

/** @throws RefusedError when the decision is not to import, or would delete data without leave */
async function lookAndDecide(
  session: Session,
  archive: Archive,
  report: ImportReport,
): Promise<{ readonly action: Action; readonly target: Target }> {
  const { deps, client, inputs } = session
  forgetPreparation(report)
  const target = await readTarget(client, archive, await identify(session, report))
  const removals = await findRemovals(session, archive, target)
  const decision = decide(situationOf(archive, target, inputs.wishes, removalState(removals)))
  report.target = target
  report.decision = decision
  // The service has the last word, so it is asked all the same.
  report.refusals = (removals.refusals ?? []).map((text) => ({ level: 'warning', text }))
  for (const line of decisionLines(archive, target, decision)) deps.log.info(line)
  deps.setOutput('decision', decision.action)
  deps.setOutput('previous-version', target.installed?.version ?? '')
  if (decision.action === 'refuse') {
    throw new RefusedError(
      `${archive.name} ${archive.version} was not imported into ${client.environmentUrl}: ${decision.because} ${decision.wayOut}`,
    )
  }
  for (const notice of decision.notices) deps.log.notice(notice)
  if (DELETES.has(decision.action)) {
    report.removals = removals
    guardRemovals(session, decision.action, removals)
  }
  return { action: decision.action, target }
}

/**
 * Everything that can be known before the import, the archive's upload included. Nothing is changed by it.
 * @returns undefined for `promote`: what is staged already was uploaded by somebody with the rights for it
 * @throws RefusedError, ImportFailedError with every finding that would make the import fail
 */
async function prepare(
  session: Session,
  archive: Archive,
  action: Exclude<Action, 'skip'>,
  target: Target,
  report: ImportReport,
): Promise<Staged | undefined> {
  report.layers = await findLayers(session, target, report.notChecked)
  guardLayers(session, target, report.layers ?? [])
  report.notChecked.push(...(report.removals?.notCompared ?? []))
  if (action === 'promote') {
    guardNotChecked(report, session.inputs.failOn)
    return undefined
  }
  const rights = await checkRights(session, archive, action, target)
  const files = fileFindings(archive)
  const known = [...files, ...session.settingFindings, ...(report.refusals ?? []), ...rights.findings]
  report.findings = raised(known, session.inputs.failOn)
  // With one of these the environment would refuse the upload itself.
  if (!rights.canStage || files.some(isError)) guardFindings(session, archive, known)
  if (action === 'import') {
    report.overwritten = await findOverwritten(session, archive, target)
    report.notChecked.push(...(report.overwritten?.gaps ?? []))
  }
  if (session.inputs.mode === 'check') {
    const surroundings = await checkSurroundings(session, target, report.notChecked)
    report.surroundings = raised(surroundings, session.inputs.failOn)
  }

  const staged = await stage(session, archive)
  report.findings = raised([...staged.findings, ...known], session.inputs.failOn)
  report.settings = staged.plan.applied
  report.references = staged.plan.references
  report.missing = staged.result.missingDependencies
  try {
    guardFindings(session, archive, [...report.findings, ...(report.surroundings ?? [])])
    guardNotChecked(report, session.inputs.failOn)
  } catch (error) {
    await discard(session, staged.result)
    throw error
  }
  if (session.inputs.mode === 'check') await discard(session, staged.result)
  return staged
}

/**
 * The first that changes something. What fails before the import has begun leaves no upload behind.
 * @returns undefined when nothing was started, since the environment is no longer what the decision was made from
 */
async function carryOutDecision(
  session: Session,
  undertaking: Undertaking,
  job: Job,
  report: ImportReport,
): Promise<ImportOutcome | undefined> {
  const { action, staged, target } = undertaking
  try {
    if (action === 'import') await backUp(session, target.installed)
  } catch (error) {
    if (staged !== undefined) await discard(session, staged.result)
    throw error
  }
  try {
    return await ended(job, report, () => carryOut(session, undertaking, job))
  } catch (error) {
    if (!(error instanceof TargetChangedError)) throw error
    session.deps.log.notice(`${error.message} Deciding again.`)
    return undefined
  }
}

/** Keeps what is known of the job, also when its end is not seen. */
async function ended<T>(job: Job, report: ImportReport, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof TargetChangedError) throw error
    const explained = job.explained(error)
    report.unfinished = job.unfinished
    throw explained
  } finally {
    report.asyncOperationId = job.asyncOperationId
    report.importJobId = job.importJobId
  }
}

/**
 * Follows a running import instead of starting one.
 * @returns undefined when it ended well and the environment does not have the archive's version: it was another import
 */
async function attach(
  session: Session,
  archive: Archive,
  asyncOperationId: string,
  report: ImportReport,
): Promise<Outputs | undefined> {
  const { deps, client, inputs } = session
  deps.log.notice(
    `Following the import that runs as async operation ${asyncOperationId}; nothing new is started.`,
  )
  deps.setOutput('decision', 'attach')
  report.isFollowed = true
  const job = new Job(session, `The import of ${archive.name} ${archive.version}`)
  job.isBeingSent()
  job.isKnownAs({ asyncOperationId })
  const started = { asyncOperationId, importJobId: undefined }
  const outcome = await ended(job, report, () =>
    followImport(client, started, job, {
      what: `${archive.name} ${archive.version}`,
      solutionName: archive.name,
      maxWaitMinutes: inputs.maxWaitMinutes,
    }),
  )
  if (outcome.status === 'succeeded') {
    const { installed, holding } = await findWithUpgrade(client, archive.name)
    if (!hasVersionOf(archive, installed) && !hasVersionOf(archive, holding)) {
      job.isWithdrawn()
      forgetFollowed(report)
      return undefined
    }
  }
  return conclude(session, archive, undefined, outcome, job, report)
}

/** Reports the end of the job and does what comes after a success. */
async function conclude(
  session: Session,
  archive: Archive,
  staged: Staged | undefined,
  outcome: ImportOutcome,
  job: Job,
  report: ImportReport,
): Promise<Outputs> {
  const { deps, client } = session
  report.outcome = outcome
  report.elapsedMs = deps.clock() - job.startedMs
  const figures = await concludeImport(session, job.what, report.elapsedMs, outcome)
  const isStaged = report.decision?.action === 'stage'
  report.version = isStaged ? report.target?.installed?.version : archive.version
  // Whatever becomes of the steps after it, the environment is changed.
  const outputs = { ...figures, changed: true, version: report.version }
  for (const [name, value] of Object.entries(outputs)) deps.setOutput(name, value)
  try {
    // What is only staged beside the old version gets its settings and flows when it is applied.
    await staged?.plan.applyDirectly(client)
    await identify(session, report)
    if (!isStaged) {
      const verified = await verifySettings(session)
      // Where a running import was followed, nothing else tells what was set.
      report.settings ??= verified
    }
    await publishAfter(session, archive.managed)
    if (!isStaged) await activate(session, archive, report)
    report.version = (await findSolution(client, archive.name))?.version ?? report.version
  } catch (error) {
    if (deps.signal.aborted || !(error instanceof UserError)) throw error
    throw new UserError(
      `The import succeeded, and ${client.environmentUrl} has ${archive.name} ${archive.version}${isStaged ? ' staged' : ''}, but a step after it failed: ${error.message}`,
      { cause: error },
    )
  }
  const beside = isStaged ? `, and ${archive.version} staged beside it` : ''
  deps.log.info(`Done: ${client.environmentUrl} has ${archive.name} ${report.version ?? ''}${beside}.`)
  return { ...outputs, version: report.version, 'flows-off': report.activation?.off }
}

async function activate(session: Session, archive: Archive, report: ImportReport): Promise<void> {
  const unbound = (report.references ?? []).filter(({ connection }) => connection === 'missing')
  report.activation = await switchFlows(
    session,
    archive,
    unbound.map(({ name }) => name),
  )
  if (report.activation === undefined) report.notChecked.push(FLOWS_UNREAD)
}

/** The end of a check. */
function checked({ deps }: Session, action: Action, { installed }: Target): Outputs {
  deps.log.info(`Checked: an import would be done as '${action}'. Nothing was changed.`)
  return {
    changed: false,
    version: installed?.version,
    'import-status': 'skipped',
    'duration-seconds': 0,
  }
}

/** Values of the environment may have changed in the settings although the solution did not. */
async function skip(
  session: Session,
  archive: Archive,
  { installed }: Target,
  report: ImportReport,
): Promise<Outputs> {
  const applied = await applySettings(session, report)
  report.version = installed?.version
  // Whoever wants no flow off wants it as well where the version is there already.
  if (session.inputs.failOn.includes('flows-off')) await activate(session, archive, report)
  return {
    changed: applied > 0,
    version: installed?.version,
    'import-status': 'skipped',
    'duration-seconds': 0,
    warnings: 0,
    errors: 0,
    'flows-off': report.activation?.off,
  }
}
