import { waitForAsyncOperation } from './async-operations.ts'
import { readBase64Property } from './base64-answer.ts'
import type { DataverseClient } from './client.ts'
import { asRow, text } from './wire.ts'

/** Groups of settings that can travel with a solution; the names are those of the Web API. */
export const EXPORT_SETTINGS = [
  'ExportAutoNumberingSettings',
  'ExportCalendarSettings',
  'ExportCustomizationSettings',
  'ExportEmailTrackingSettings',
  'ExportExternalApplications',
  'ExportGeneralSettings',
  'ExportIsvConfig',
  'ExportMarketingSettings',
  'ExportOutlookSynchronizationSettings',
  'ExportRelationshipRoles',
  'ExportSales',
] as const
export type ExportSetting = (typeof EXPORT_SETTINGS)[number]

export interface ExportOptions {
  readonly uniqueName: string
  readonly managed: boolean
  readonly settings?: readonly ExportSetting[]
  readonly maxWaitMinutes: number
}

export interface ExportedSolution {
  /** The archive exactly as the environment made it. */
  readonly bytes: Uint8Array
  readonly asyncOperationId: string
  readonly exportJobId: string
}

const DOWNLOAD_TIMEOUT_MS = 15 * 60_000

/**
 * Exports a solution: ExportSolutionAsync, wait for its job, DownloadSolutionExportData. An export changes nothing in
 * the environment, so each of its requests may be repeated when an answer is lost.
 * @throws OperationFailedError with the server's reason; StillRunningError at the deadline
 */
export const exportSolution = async (
  client: DataverseClient,
  options: ExportOptions,
): Promise<ExportedSolution> => {
  const started = asRow(
    await client.post(
      'ExportSolutionAsync',
      {
        SolutionName: options.uniqueName,
        Managed: options.managed,
        ...Object.fromEntries((options.settings ?? []).map((name) => [name, true])),
      },
      { repeatable: true },
    ),
    'ExportSolutionAsync',
  )
  const asyncOperationId = text(started, 'AsyncOperationId', 'ExportSolutionAsync')
  const exportJobId = text(started, 'ExportJobId', 'ExportSolutionAsync')
  const kind = options.managed ? 'managed' : 'unmanaged'
  await waitForAsyncOperation(client, asyncOperationId, {
    what: `Export of '${options.uniqueName}' (${kind})`,
    maxWaitMinutes: options.maxWaitMinutes,
  })
  const bytes = await client.download(
    'DownloadSolutionExportData',
    { ExportJobId: exportJobId },
    {
      repeatable: true,
      timeoutMs: DOWNLOAD_TIMEOUT_MS,
      read: (response) => readBase64Property(response.chunks(), 'ExportSolutionFile'),
    },
  )
  return { bytes, asyncOperationId, exportJobId }
}
