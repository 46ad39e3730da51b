import { UserError } from '@dsa/user-error'
import { waitForAsyncOperation } from '../jobs/async-operations.ts'
import type { AsyncOperation } from '../jobs/async-operations.ts'
import { readBase64Property } from '../pipeline/answers/base64-answer.ts'
import type { DataverseClient } from '../pipeline/client.ts'
import { DataverseError } from '../pipeline/errors.ts'
import { idsIn, startOnce } from '../jobs/start-once.ts'
import type { StartedOperation } from '../jobs/start-once.ts'
import { query } from '../pipeline/query.ts'
import { asRow, optionalText, text } from '../pipeline/wire.ts'

const EXPORT_ACTION = 'ExportSolutionAsync'

/** Groups of settings that can travel with a solution; the names are those of the Web API. */
export type ExportSetting =
  | 'ExportAutoNumberingSettings'
  | 'ExportCalendarSettings'
  | 'ExportCustomizationSettings'
  | 'ExportEmailTrackingSettings'
  | 'ExportExternalApplications'
  | 'ExportGeneralSettings'
  | 'ExportIsvConfig'
  | 'ExportMarketingSettings'
  | 'ExportOutlookSynchronizationSettings'
  | 'ExportRelationshipRoles'
  | 'ExportSales'

export interface ExportOptions {
  readonly uniqueName: string
  readonly managed: boolean
  readonly settings?: readonly ExportSetting[]
  readonly maxWaitMinutes: number
  /** Exports that ended before. A job whose answer was lost is looked for by its time, and these are not it. */
  readonly earlier?: readonly ExportJob[]
  /**
   * In words, how an archive differs from the one that was asked for; `undefined` when it is that. A job that was found
   * after a lost answer can be somebody else's who signs in alike, and a service can be wrong.
   */
  readonly mismatch: (archive: Uint8Array) => string | undefined
}

type StartedExport = StartedOperation & Pick<ExportJob, 'exportJobId'>

/** The ids of an export. */
interface ExportJob {
  readonly asyncOperationId: string
  readonly exportJobId: string
}

export interface ExportedSolution extends ExportJob {
  /** The archive exactly as the environment made it. */
  readonly bytes: Uint8Array
}

const DOWNLOAD_TIMEOUT_MS = 15 * 60_000

/** The first export and another one, when the archive of the first cannot be told from others. */
const MAX_EXPORTS = 2

/**
 * Exports a solution: ExportSolutionAsync, wait for its job, DownloadSolutionExportData. When the answer that tells
 * the ids is lost, the job is looked for and followed instead of starting another one.
 * @throws UserError with the server's reason; StillRunningError at the deadline
 * @throws UnknownOutcomeError when the answer was lost and nobody can tell whether it started
 */
export async function exportSolution(
  client: DataverseClient,
  { earlier = [], ...options }: ExportOptions,
): Promise<ExportedSolution> {
  const what = `Export of '${options.uniqueName}' (${options.managed ? 'managed' : 'unmanaged'})`
  const before = [...earlier]
  for (let exports = 1; exports <= MAX_EXPORTS; exports++) {
    const { asyncOperationId, exportJobId } = await start(client, what, options)
    const { maxWaitMinutes } = options
    const operation = await waitForAsyncOperation(client, asyncOperationId, { what, maxWaitMinutes })
    if (exportJobId !== undefined) {
      const bytes = await download(client, exportJobId)
      const wrong = options.mismatch(bytes)
      if (wrong === undefined) return { bytes, asyncOperationId, exportJobId }
      throw new UserError(
        `${what}: the environment gave another archive than was asked for: ${wrong}. It is not kept. ` +
          'Somebody may have changed the solution meanwhile; run the step again.',
      )
    }
    const found = await downloadLost(client, operation, before)
    if (found !== undefined && options.mismatch(found.bytes) === undefined) {
      return { ...found, asyncOperationId }
    }
    client.log.notice(`${what}: the job that was found has ended, and the archive that it made is not ours.`)
    before.push({ asyncOperationId, exportJobId: '' })
  }
  throw new UserError(`${what}: the answers that name the archive were lost. Run the step again.`)
}

async function start(
  client: DataverseClient,
  what: string,
  { uniqueName, managed, settings = [] }: ExportOptions,
): Promise<{ readonly asyncOperationId: string; readonly exportJobId: string | undefined }> {
  const started = await startOnce<void, StartedExport>(client, {
    what,
    messages: [EXPORT_ACTION],
    solutionName: uniqueName,
    hasImportJob: false,
    advice: 'When nothing runs there any more, run the step again: an export changes nothing.',
    async prepare() {},
    async send() {
      const flags = Object.fromEntries(settings.map((name) => [name, true]))
      const parameters = { SolutionName: uniqueName, Managed: managed, ...flags }
      const answer = await client.post(EXPORT_ACTION, parameters, { whenBusy: 'refuse' })
      return idsIn(EXPORT_ACTION, () => {
        const row = asRow(answer, EXPORT_ACTION)
        return {
          asyncOperationId: text(row, 'AsyncOperationId', EXPORT_ACTION),
          exportJobId: text(row, 'ExportJobId', EXPORT_ACTION),
          importJobId: undefined,
        }
      })
    },
    // A second one changes nothing.
    fence: async () => true,
  })
  const { asyncOperationId } = started
  return { asyncOperationId, exportJobId: 'exportJobId' in started ? started.exportJobId : undefined }
}

function download(client: DataverseClient, exportJobId: string): Promise<Uint8Array> {
  return client.download(
    'DownloadSolutionExportData',
    { ExportJobId: exportJobId },
    {
      repeatable: true,
      timeoutMs: DOWNLOAD_TIMEOUT_MS,
      read: (response) => readBase64Property(response.chunks(), 'ExportSolutionFile'),
    },
  )
}

/**
 * The archive of a job whose export job id was lost. Archives wait in the table `exportsolutionupload`; that its key
 * is the export job id is not documented, so an answer that denies it counts as not found.
 */
async function downloadLost(
  client: DataverseClient,
  { createdOn, createdBy }: AsyncOperation,
  earlier: readonly ExportJob[],
): Promise<Pick<ExportedSolution, 'bytes' | 'exportJobId'> | undefined> {
  try {
    const uploads = await client.list(
      query('exportsolutionuploads', {
        select: ['exportsolutionuploadid'],
        filter: `createdon ge ${createdOn} and _createdby_value eq ${createdBy}`,
      }),
    )
    const ids = uploads.map((row) => optionalText(row, 'exportsolutionuploadid') ?? '')
    const [exportJobId, ...others] = ids.filter((id) => earlier.every((job) => job.exportJobId !== id))
    if (exportJobId === undefined || others.length > 0) return undefined
    return { bytes: await download(client, exportJobId), exportJobId }
  } catch (error) {
    if (error instanceof DataverseError && error.status < 500) return undefined
    throw error
  }
}
