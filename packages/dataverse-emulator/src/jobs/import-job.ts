import type { Row } from '../store/row.ts'
import { isoSeconds } from '../clock.ts'
import { ApiError } from '../odata/errors.ts'
import { refuse } from '../odata/errors.ts'
import type { ArchiveContent } from '../solutions/archive/content.ts'
import type { ImportMode } from '../solutions/import/import-solution.ts'
import { unmetDependencies } from '../solutions/dependencies/dependencies.ts'
import type { ImportReport } from '../solutions/import/import-report.ts'
import { importJobData, missingDependenciesXml } from '../solutions/import/result-xml.ts'
import { newRow, storeRow, type Actor } from '../solutions/solution-row.ts'

/** The progress that a successful import stops at; real ones need not reach 100 either. */
const LAST_PROGRESS = 80

const CONTEXTS: Readonly<Record<ImportMode, string>> = {
  install: 'ImportInstall',
  update: 'ImportUpgrade',
  upgrade: 'ImportUpgrade',
  patch: 'ImportInstall',
  holding: 'ImportHolding',
}

/** @throws ApiError when a client's own import job id was used before */
export function createImportJob(actor: Actor, id: string, content: ArchiveContent): void {
  if (actor.environment.store.get('importjob', id) !== undefined) throw refuse('duplicateJobId', id)
  const row = newRow(actor, 'importjob', {
    importjobid: id,
    name: 'Customizations',
    solutionname: content.uniqueName,
    progress: 0,
    startedon: isoSeconds(actor.now),
  })
  storeRow(actor.environment, 'importjob', row)
  const report = { content, startedAt: actor.now, stoppedAt: actor.now, progress: 0 }
  actor.environment.store.reports.put(id, report)
}

export function setImportProgress(actor: Actor, id: string, share: number): void {
  const { store } = actor.environment
  const [row, report] = [store.get('importjob', id), store.reports.get(id)]
  if (row === undefined || report === undefined) return
  const progress = Math.round(share * LAST_PROGRESS * 100) / 100
  storeRow(actor.environment, 'importjob', { ...row, progress })
  store.reports.put(id, { ...report, progress, stoppedAt: actor.now })
}

export interface ImportEnd {
  readonly content: ArchiveContent
  readonly startedAt: number
  readonly mode?: ImportMode
  readonly solution?: Row
  readonly error?: Error
  /** The component that the result blames. */
  readonly component?: string
}

/** Writes the end of an import into its job, with the result document. */
export function finishImportJob(actor: Actor, id: string, end: ImportEnd): void {
  const row = actor.environment.store.get('importjob', id)
  if (row === undefined) return
  const report = reportOf(actor, end)
  actor.environment.store.reports.put(id, report)
  storeRow(actor.environment, 'importjob', {
    ...row,
    progress: report.progress,
    startedon: isoSeconds(end.startedAt),
    completedon: isoSeconds(actor.now),
    modifiedon: isoSeconds(actor.now),
    importcontext: CONTEXTS[end.mode ?? 'install'],
    operationcontext: end.mode === 'install' ? 'New' : 'Upgrade',
    solutionid: end.solution?.['solutionid'] ?? null,
    data: importJobData(report),
  })
}

function reportOf(actor: Actor, { content, startedAt, error, component }: ImportEnd): ImportReport {
  const base = { content, startedAt, stoppedAt: actor.now }
  if (error === undefined) return { ...base, progress: LAST_PROGRESS }
  const code = error instanceof ApiError ? error.code : '0x80040216'
  const missing =
    code === '0x8004801d'
      ? [content.uniqueName, missingDependenciesXml(unmetDependencies(actor.environment, content)), 'False']
      : []
  return {
    ...base,
    progress: 14.84,
    failure: {
      code,
      message: error.message,
      ...(component === undefined ? {} : { component }),
      parameters: missing,
    },
  }
}
