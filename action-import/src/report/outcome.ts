import type { Outputs } from '@dsa/action-kit'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StillRunningError } from '@dsa/dataverse-client'
import type { ImportOutcome } from '../carry-out/follow.ts'
import { ImportFailedError, ImportGoesOnError } from '../import-errors.ts'
import { componentAnnotations, missingLines, summarizeOutcome } from './report.ts'
import type { Session } from '../session.ts'

/** What is known about a job at any moment, so that even a canceled step can say it. */
export interface JobProgress {
  readonly startedMs: number
  /** The request that starts the job is on its way, or was. */
  sending: boolean
  asyncOperationId?: string
  importJobId?: string
}

/** Remembers ids and puts them out at once, before anything else can fail. */
export const rememberIds = (
  { deps }: Session,
  progress: JobProgress,
  ids: { readonly asyncOperationId?: string; readonly importJobId?: string | undefined },
): void => {
  if (ids.asyncOperationId !== undefined) {
    progress.asyncOperationId = ids.asyncOperationId
    deps.log.info(`Async operation ${ids.asyncOperationId}.`)
    deps.setOutput('async-operation-id', ids.asyncOperationId)
  }
  if (ids.importJobId !== undefined) {
    progress.importJobId = ids.importJobId
    deps.log.info(`Import job ${ids.importJobId}.`)
    deps.setOutput('import-job-id', ids.importJobId)
  }
}

/**
 * Puts an ended import into summary and outputs.
 * @returns the outputs of a success
 * @throws ImportFailedError with the platform's reason and an annotation for each component that failed
 */
export const concludeImport = async (
  session: Session,
  what: string,
  progress: JobProgress,
  outcome: ImportOutcome,
): Promise<Outputs> => {
  const { deps, client } = session
  const elapsedMs = deps.clock() - progress.startedMs
  summarizeOutcome(deps.summary, outcome, elapsedMs)
  for (const warning of outcome.verdict?.warnings ?? []) deps.log.warning(warning)
  const outputs = {
    'import-status': outcome.status,
    'duration-seconds': Math.round(elapsedMs / 1_000),
    warnings: count(outcome, 'warning'),
    errors: count(outcome, 'error'),
  }
  if (outcome.status === 'succeeded') return outputs
  for (const [name, value] of Object.entries(outputs)) deps.setOutput(name, value)
  await uploadLog(session, outcome)
  const ids = `async operation ${outcome.operation.id}, import job ${outcome.importJobId ?? 'unknown'}`
  const lines = [
    `${what} ${outcome.status} in ${client.environmentUrl}: ${outcome.reason} (${ids})`,
    ...missingLines(outcome.record.missingDependencies),
  ]
  throw new ImportFailedError(lines.join('\n'), componentAnnotations(outcome.record.results))
}

const count = ({ record, verdict }: ImportOutcome, level: 'warning' | 'error'): number => {
  const listed = record.results.filter((result) => result.level === level).length
  const said = (level === 'warning' ? verdict?.warnings : verdict?.errors)?.length ?? 0
  return Math.max(listed, said)
}

/** The platform's own record of the import, for those who must look further. A failed upload hides no reason. */
const uploadLog = async ({ inputs, deps }: Session, { rawLog, verdict }: ImportOutcome): Promise<void> => {
  if (inputs.logArtifactName === undefined || rawLog === '') return
  const folder = await mkdtemp(join(tmpdir(), 'import-log-'))
  try {
    const files = [{ name: 'import-job.xml', text: rawLog }]
    if (verdict !== undefined) files.push({ name: 'import-results.xml', text: verdict.formattedResults })
    for (const { name, text } of files) await writeFile(join(folder, name), text)
    await deps.artifacts.upload(
      inputs.logArtifactName,
      files.map(({ name }) => join(folder, name)),
      folder,
    )
  } catch (error) {
    deps.log.warning(`The record of the import could not be uploaded: ${String(error)}`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Gives an error the state that matters: does the job go on, and how can it be followed? */
export const stopped = (
  error: unknown,
  { deps, client }: Session,
  what: string,
  progress: JobProgress,
): unknown => {
  const canceled = deps.signal.aborted
  if (!progress.sending || error instanceof ImportFailedError) return error
  const { asyncOperationId, importJobId = 'not known yet' } = progress
  const goesOn = asyncOperationId !== undefined && (canceled || error instanceof StillRunningError)
  deps.setOutput('import-status', goesOn ? 'still-running' : 'unknown')
  if (asyncOperationId === undefined && !canceled) return error
  const why = canceled ? 'The step was canceled.' : error instanceof Error ? error.message : String(error)
  const words =
    asyncOperationId === undefined
      ? `${why} ${what} was just being started in ${client.environmentUrl}; whether it runs is not known. Look in the maker portal under Solutions, History.`
      : `${why} ${what} goes on in ${client.environmentUrl} as async operation ${asyncOperationId} (import job ${importJobId}). ` +
        `To follow it, run the step with 'async-operation-id: ${asyncOperationId}', or look in the maker portal under ` +
        'Solutions, History. Do not start it a second time.'
  deps.summary.text(words)
  return new ImportGoesOnError(words, { cause: error })
}
