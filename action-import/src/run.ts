import { readFile } from 'node:fs/promises'
import { resolvePath } from '@dsa/action-kit'
import type { ActionDeps, Outputs } from '@dsa/action-kit'
import { connect } from '@dsa/dataverse-auth'
import { findSolution, publishAll, StillRunningError } from '@dsa/dataverse-client'
import type { DataverseClient, Fetch } from '@dsa/dataverse-client'
import { LARGE_BYTES, readArchive } from './archive.ts'
import type { Archive } from './archive.ts'
import { carryOut } from './carry-out.ts'
import { decide } from './decision.ts'
import type { Decision } from './decision.ts'
import { NO_SETTINGS, parseSettings, SettingsError } from './deployment-settings.ts'
import type { DeploymentSettings } from './deployment-settings.ts'
import type { ImportOutcome } from './follow.ts'
import { ImportFailedError, ImportGoesOnError, RefusedError } from './import-errors.ts'
import type { Inputs } from './inputs.ts'
import {
  componentAnnotations,
  decisionLines,
  summarizeDecision,
  summarizeOutcome,
  summarizeStage,
} from './report.ts'
import { planSettings } from './settings-plan.ts'
import type { SettingsPlan } from './settings-plan.ts'
import { readTarget, situationOf } from './situation.ts'
import type { Target } from './situation.ts'

export type ImportDeps = ActionDeps & { readonly fetch: Fetch; readonly userAgent?: string }

/** Imports a solution: looks, decides, says so, carries it out, and reports. */
export const run = async (inputs: Inputs, deps: ImportDeps): Promise<Outputs> => {
  for (const notice of inputs.notices) deps.log.notice(notice)
  for (const warning of inputs.warnings) deps.log.warning(warning)
  const base =
    inputs.workingDirectory === undefined ? deps.root : resolvePath(deps.root, inputs.workingDirectory)
  const archive = await readArchive(resolvePath(base, inputs.solutionFile))
  if (archive.bytes.length > LARGE_BYTES) {
    deps.log.warning(`${archive.path} is larger than 95 MB; the service may refuse it.`)
  }
  const settings = await readSettings(inputs.settingsFile, base)
  deps.setOutput('solution-name', archive.name)

  const maxQueueWaitMs = inputs.maxQueueWaitMinutes * 60_000
  const client = await connect(inputs.connection, { ...deps, maxQueueWaitMs })
  const target = await readTarget(client, archive, inputs.environmentKind)
  const decision = decide(situationOf(archive, target, inputs.wishes, 'none'))
  tell(deps, client, archive, target, decision)
  if (decision.action === 'refuse') {
    throw new RefusedError(
      `${archive.name} ${archive.version} was not imported into ${client.environmentUrl}: ${decision.because} ${decision.wayOut}`,
    )
  }
  const work = { inputs, deps, client, archive, settings, target }
  return decision.action === 'skip'
    ? skip(work)
    : importIt({ ...work, action: decision.action, maxQueueWaitMs })
}

interface Work {
  readonly inputs: Inputs
  readonly deps: ImportDeps
  readonly client: DataverseClient
  readonly archive: Archive
  readonly settings: DeploymentSettings
  readonly target: Target
}

const readSettings = async (file: string | undefined, base: string): Promise<DeploymentSettings> => {
  if (file === undefined) return NO_SETTINGS
  const path = resolvePath(base, file)
  try {
    return parseSettings(await readFile(path, 'utf8'), path)
  } catch (error) {
    if (error instanceof SettingsError) throw error
    throw new SettingsError(`'deployment-settings-file' ${path} cannot be read: ${String(error)}`, {
      cause: error,
    })
  }
}

const tell = (
  { log, summary, setOutput }: ImportDeps,
  client: DataverseClient,
  archive: Archive,
  target: Target,
  decision: Decision,
): void => {
  for (const line of decisionLines(archive, target, decision)) log.info(line)
  summarizeDecision(summary, client.environmentUrl, archive, target, decision)
  setOutput('decision', decision.action)
  setOutput('previous-version', target.installed?.version ?? '')
  if (decision.action !== 'refuse') for (const notice of decision.notices) log.notice(notice)
}

/** Nothing is imported, but values of the environment may have changed in the file, so they are applied. */
const skip = async ({ deps, client, settings, target }: Work): Promise<Outputs> => {
  const plan = await planSettings(client, settings, [])
  warnUnknown(deps, plan)
  await plan.applyDirectly(client)
  if (plan.count > 0) deps.log.info(`Nothing was imported; ${plan.count} settings were applied.`)
  return {
    changed: plan.count > 0,
    version: target.installed?.version,
    'import-status': 'skipped',
    'duration-seconds': 0,
    warnings: 0,
    errors: 0,
  }
}

const importIt = async (
  work: Work & {
    readonly action: Exclude<Decision['action'], 'skip' | 'refuse'>
    readonly maxQueueWaitMs: number
  },
): Promise<Outputs> => {
  const { inputs, deps, client, archive, settings, action } = work
  const startedMs = deps.clock()
  const progress: Progress = { sending: false }
  let plan: SettingsPlan | undefined
  let outcome: ImportOutcome
  try {
    outcome = await carryOut(client, {
      ...work,
      overwriteUnmanagedCustomizations: inputs.forceOverwrite,
      publishWorkflows: inputs.activatePlugins,
      skipProductUpdateDependencies: inputs.skipDependencyCheck,
      maxWaitMinutes: inputs.maxWaitMinutes,
      async componentParameters(staged) {
        plan = await planSettings(client, settings, staged)
        warnUnknown(deps, plan)
        return plan.componentParameters
      },
      onSending() {
        progress.sending = true
      },
      onStarted(started) {
        if (started.asyncOperationId !== undefined) {
          progress.asyncOperationId = started.asyncOperationId
          deps.log.info(`Started as async operation ${started.asyncOperationId}.`)
          deps.setOutput('async-operation-id', started.asyncOperationId)
        }
        if (started.importJobId !== undefined) {
          progress.importJobId = started.importJobId
          deps.log.info(`Its import job is ${started.importJobId}.`)
          deps.setOutput('import-job-id', started.importJobId)
        }
      },
      onStageFailed: (staged) => summarizeStage(deps.summary, staged),
    })
  } catch (error) {
    throw stopped(error, work, progress)
  }

  const elapsedMs = deps.clock() - startedMs
  summarizeOutcome(deps.summary, outcome, elapsedMs)
  const counts = {
    'import-status': outcome.status,
    'duration-seconds': Math.round(elapsedMs / 1_000),
    warnings: count(outcome, 'warning'),
    errors: count(outcome, 'error'),
  }
  if (outcome.status !== 'succeeded') {
    for (const [name, value] of Object.entries(counts)) deps.setOutput(name, value)
    const what = `${archive.name} ${archive.version} (${action}) ${outcome.status} in ${client.environmentUrl}`
    throw new ImportFailedError(
      `${what}: ${outcome.reason} (async operation ${outcome.operation.id}, import job ${outcome.importJobId ?? 'unknown'})`,
      componentAnnotations(outcome.record.results),
    )
  }
  await plan?.applyDirectly(client)
  await publish(work)
  const now = await findSolution(client, archive.name)
  deps.log.info(`Done: ${archive.name} ${now?.version ?? archive.version} is in ${client.environmentUrl}.`)
  return { ...counts, changed: true, version: now?.version ?? archive.version }
}

const count = ({ record, verdict }: ImportOutcome, level: 'warning' | 'error'): number => {
  const listed = record.results.filter((result) => result.level === level).length
  const said = (level === 'warning' ? verdict?.warnings : verdict?.errors)?.length ?? 0
  return Math.max(listed, said)
}

const warnUnknown = ({ log }: ImportDeps, { unknown }: SettingsPlan): void => {
  for (const name of unknown) {
    log.warning(
      `'deployment-settings-file' sets '${name}', which is neither in the archive nor in the environment.`,
    )
  }
}

/** Unmanaged imports arrive as drafts, managed ones published. */
const publish = async ({ inputs, deps, client, archive }: Work): Promise<void> => {
  if (!inputs.publishChanges) {
    if (!archive.managed) {
      deps.log.notice(
        "The import arrives as a draft: forms, views and apps change when it is published ('publish-changes: true').",
      )
    }
    return
  }
  if (archive.managed)
    deps.log.notice(
      "'publish-changes': a managed solution arrives published; everything else is published now.",
    )
  deps.log.info('Publishing all customizations.')
  await publishAll(client, { maxWaitMinutes: inputs.maxWaitMinutes })
}

interface Progress {
  /** The request that starts the job is on its way, or was. */
  sending: boolean
  asyncOperationId?: string
  importJobId?: string
}

/** Gives an error the state that matters: does the import go on, and how can it be followed? */
const stopped = (error: unknown, { deps, client, archive }: Work, progress: Progress): unknown => {
  const canceled = deps.signal.aborted
  if (!progress.sending || error instanceof ImportFailedError) return error
  const { asyncOperationId, importJobId = 'not known yet' } = progress
  const goesOn = asyncOperationId !== undefined && (canceled || error instanceof StillRunningError)
  deps.setOutput('import-status', goesOn ? 'still-running' : 'unknown')
  if (asyncOperationId === undefined && !canceled) return error
  const why = canceled ? 'The step was canceled.' : error instanceof Error ? error.message : String(error)
  const what = `The import of ${archive.name} ${archive.version} into ${client.environmentUrl}`
  const words =
    asyncOperationId === undefined
      ? `${why} ${what} was just being started; whether it runs is not known. Look in the maker portal under Solutions, History.`
      : `${why} ${what} goes on as async operation ${asyncOperationId} (import job ${importJobId}). Follow it in the ` +
        'maker portal under Solutions, History. Do not start it a second time.'
  deps.summary.text(words)
  return new ImportGoesOnError(words, { cause: error })
}
