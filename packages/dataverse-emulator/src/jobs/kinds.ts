import type { ImportOptions } from '../solutions/import/import-options.ts'
import type { JobKind } from './queue.ts'
import { text } from '../store/value.ts'
import { ApiError, refuse, signedCode } from '../odata/errors.ts'
import { applyUpgrade, failOnRequest, importSolution } from '../solutions/import/import-solution.ts'
import { exportSolution, keepExport } from '../solutions/export-solution.ts'
import { installContent } from '../solutions/import/install.ts'
import { publishAll } from '../solutions/layers/publish.ts'
import type { ArchiveContent } from '../solutions/archive/content.ts'
import { uninstall } from '../solutions/remove.ts'
import { findSolution, storeRow, newRow, type Actor } from '../solutions/solution-row.ts'
import { ensurePublisher } from '../solutions/solution-row.ts'
import { recordHistory } from './history.ts'
import { finishImportJob, setImportProgress } from './import-job.ts'
import type { Job } from './job.ts'

const NO_OPTIONS: ImportOptions = {
  holding: false,
  upgrade: false,
  overwriteUnmanaged: false,
  publishWorkflows: false,
  skipProductUpdates: false,
  parameters: [],
}

/** What an import brings; every job that imports has it. */
function contentOf({ id, input }: Job): ArchiveContent {
  if (input.content === undefined) throw new Error(`The job ${id} has no archive.`)
  return input.content
}

const IMPORT_BEHAVIOUR: Pick<JobKind, 'begin' | 'progress' | 'finish' | 'failed'> = {
  begin(job, actor) {
    const content = contentOf(job)
    // The row of a new solution is there long before the import ends; its existence proves nothing.
    if (findSolution(actor.environment, content.uniqueName) !== undefined || !content.managed) return
    const publisher = ensurePublisher(actor, content.publisher)
    storeRow(
      actor.environment,
      'solution',
      newRow(actor, 'solution', {
        uniquename: content.uniqueName,
        friendlyname: content.friendlyName,
        version: content.version,
        ismanaged: content.managed,
        publisherid: publisher['publisherid'] ?? null,
        solutionpackageversion: content.packageVersion,
        '(begun)': job.id,
      }),
    )
  },
  progress(job, actor, share) {
    setImportProgress(actor, job.input.importJobId ?? '', share)
  },
  finish(job, actor) {
    takeBack(job, actor)
    const content = contentOf(job)
    const options = job.input.options ?? NO_OPTIONS
    const { mode, solution } = importSolution(actor, content, options, job.fault ?? undefined)
    finishImportJob(actor, job.input.importJobId ?? '', {
      content,
      startedAt: job.startedAt,
      mode,
      solution,
    })
    const suboperation = mode === 'upgrade' ? 'singleStep' : mode
    recordHistory(
      actor,
      { operation: 'Import', suboperation, solution, overwrite: options.overwriteUnmanaged },
      job,
    )
  },
  failed(job, actor, error) {
    takeBack(job, actor)
    const content = contentOf(job)
    const component = job.fault?.component
    finishImportJob(actor, job.input.importJobId ?? '', {
      content,
      startedAt: job.startedAt,
      error,
      ...(component === undefined ? {} : { component }),
    })
    const present = findSolution(actor.environment, content.uniqueName)
    const code = error instanceof ApiError ? signedCode(error.code) : -1
    recordHistory(
      actor,
      {
        operation: 'Import',
        error: { code, message: error.message },
        solution: present ?? {
          uniquename: content.uniqueName,
          version: content.version,
          ismanaged: content.managed,
        },
      },
      job,
    )
    if (job.fault?.leavesHolding === true && present !== undefined) {
      installContent(actor, content, {
        uniqueName: `${content.uniqueName}_Upgrade`,
        overwriteUnmanaged: false,
      })
    }
  },
}

/** Removes the row that `begin` made, so that the import itself meets the environment as it was. */
function takeBack(job: Job, actor: Actor): void {
  const { store } = actor.environment
  const row = store.find('solution', (item) => item['(begun)'] === job.id)
  if (row !== undefined) store.remove('solution', text(row, 'solutionid'))
}

function solutionOrRefuse(actor: Actor, uniqueName: string) {
  const solution = findSolution(actor.environment, uniqueName)
  if (solution === undefined) throw refuse('noSuchKey', 'solution')
  return solution
}

const KINDS: readonly JobKind[] = [
  {
    message: 'ImportSolutionAsync',
    name: 'ImportSolution',
    operationType: 203,
    lock: 'Import',
    ...IMPORT_BEHAVIOUR,
  },
  {
    message: 'StageAndUpgradeAsync',
    name: 'StageAndUpgrade',
    operationType: 211,
    lock: 'Import',
    ...IMPORT_BEHAVIOUR,
    async finish(job, actor) {
      try {
        await IMPORT_BEHAVIOUR.finish(job, actor)
      } catch (error) {
        // Failures of the second half are told so.
        if (!(error instanceof ApiError)) throw error
        throw new ApiError(
          error.status,
          error.code,
          `ImportAsHolding failed with exception :${error.message}`,
          { cause: error },
        )
      }
    },
  },
  {
    message: 'DeleteAndPromoteAsync',
    name: 'DeleteAndPromote',
    operationType: 207,
    lock: 'Uninstall',
    finish(job, actor) {
      failOnRequest(job.fault ?? undefined)
      const solution = applyUpgrade(actor, job.input.solution)
      recordHistory(actor, { operation: 'Uninstall', suboperation: 'upgrade', solution }, job)
    },
  },
  {
    message: 'UninstallSolutionAsync',
    name: 'UninstallSolution',
    operationType: 208,
    lock: 'Uninstall',
    finish(job, actor) {
      failOnRequest(job.fault ?? undefined)
      const solution = solutionOrRefuse(actor, job.input.solution)
      uninstall(actor, solution)
      recordHistory(actor, { operation: 'Uninstall', suboperation: 'delete', solution }, job)
    },
  },
  {
    message: 'ExportSolutionAsync',
    name: 'ExportSolution',
    operationType: 202,
    lock: 'Export',
    async finish(job, actor) {
      failOnRequest(job.fault ?? undefined)
      const uniqueName = job.input.solution
      const bytes = await exportSolution(actor.environment, uniqueName, job.input.managed === true)
      keepExport(actor, job.input.exportJobId ?? '', uniqueName, bytes)
      recordHistory(actor, { operation: 'Export', solution: solutionOrRefuse(actor, uniqueName) }, job)
    },
  },
  {
    message: 'PublishAllXmlAsync',
    name: 'PublishAll',
    operationType: 204,
    lock: 'PublishAll',
    finish(job, actor) {
      failOnRequest(job.fault ?? undefined)
      publishAll(actor)
      recordHistory(actor, { operation: 'PublishAll' }, job)
    },
  },
]

export const JOB_KINDS: ReadonlyMap<string, JobKind> = new Map(KINDS.map((kind) => [kind.message, kind]))
