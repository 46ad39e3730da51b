import type { Row, Value } from '../store/row.ts'
import { isRecord } from '../http/exchange.ts'
import { asText, text } from '../store/value.ts'
import { isoSeconds } from '../clock.ts'
import { ApiError } from '../odata/errors.ts'
import { refuse } from '../odata/errors.ts'
import type { ArchiveContent } from '../solutions/archive/content.ts'
import type { ImportMode } from '../solutions/import/import-solution.ts'
import { unmetDependencies } from '../solutions/dependencies/dependencies.ts'
import { readArchive } from '../solutions/archive/read-archive.ts'
import { importJobData, missingDependenciesXml, type ImportReport } from '../solutions/import/result-xml.ts'
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
}

export function setImportProgress(actor: Actor, id: string, share: number): void {
  const row = actor.environment.store.get('importjob', id)
  if (row !== undefined)
    storeRow(actor.environment, 'importjob', {
      ...row,
      progress: Math.round(share * LAST_PROGRESS * 100) / 100,
    })
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
    '(report)': reportValue(report),
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

/** The parts of a report that its formatted form needs later; the archive is read again for the rest. */
function reportValue({ startedAt, stoppedAt, progress, failure }: ImportReport): Value {
  return {
    startedAt,
    stoppedAt,
    progress,
    failure:
      failure === undefined
        ? null
        : { code: failure.code, message: failure.message, component: failure.component ?? null },
  }
}

/** The report of a job whose archive is still known, for the formatted results. */
export function storedReport(row: Row, archive: Uint8Array | undefined): ImportReport | undefined {
  if (archive === undefined) return undefined
  const content = readArchive(archive)
  const stored = row['(report)']
  if (!isRecord(stored)) {
    const startedAt = Date.parse(text(row, 'startedon'))
    return { content, startedAt, stoppedAt: startedAt, progress: Number(row['progress'] ?? 0) }
  }
  const { startedAt, stoppedAt, progress, failure } = stored
  const times = { startedAt: Number(startedAt), stoppedAt: Number(stoppedAt), progress: Number(progress) }
  if (!isRecord(failure)) return { content, ...times }
  const component = asText(failure['component'])
  return {
    content,
    ...times,
    failure: {
      code: asText(failure['code']),
      message: asText(failure['message']),
      ...(component === '' ? {} : { component }),
    },
  }
}
