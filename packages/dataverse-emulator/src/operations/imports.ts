import { startJob } from '../jobs/queue.ts'
import type { Row } from '../store/row.ts'
import type { ImportOptions } from '../solutions/import/import-options.ts'
import { asText } from '../store/value.ts'
import { randomUUID } from 'node:crypto'
import type { ImportReport } from '../solutions/import/import-report.ts'
import { createImportJob, finishImportJob } from '../jobs/import-job.ts'
import { recordHistory } from '../jobs/history.ts'
import { type JobInput } from '../jobs/job.ts'
import { JOB_KINDS } from '../jobs/kinds.ts'
import type { Call } from '../odata/call.ts'
import { ApiError, refuse } from '../odata/errors.ts'
import { EMPTY_GUID, normalizeGuid } from '../stable-id.ts'
import { isRecord } from '../http/exchange.ts'
import { formattedResults } from '../solutions/import/formatted-results.ts'
import { applyUpgrade, importSolution } from '../solutions/import/import-solution.ts'
import { readParameters } from '../solutions/import/parameters.ts'
import { readArchive } from '../solutions/archive/read-archive.ts'
import { stagedArchive, stageSolution } from '../solutions/import/staging.ts'
import {
  bytesOf,
  guidOf,
  optional,
  required,
  textOf,
  type Arguments,
  type Operation,
  type Parameter,
} from './operation.ts'

const IMPORT = 'prvImportCustomization'

/** What every import operation takes. */
const COMMON: readonly Parameter[] = [
  required('OverwriteUnmanagedCustomizations', 'Edm.Boolean'),
  required('PublishWorkflows', 'Edm.Boolean'),
  optional('ConvertToManaged', 'Edm.Boolean'),
  optional('SkipProductUpdateDependencies', 'Edm.Boolean'),
  optional('SkipQueueRibbonJob', 'Edm.Boolean'),
  optional('AsyncRibbonProcessing', 'Edm.Boolean'),
  // The reference calls it not nullable; real services take null and its absence.
  optional('ComponentParameters', 'Collection(mscrm.crmbaseentity)'),
  optional('SolutionParameters', 'mscrm.SolutionParameters'),
  optional('IsTemplateMode', 'Edm.Boolean'),
  optional('TemplateSuffix', 'Edm.String'),
  optional('TemplateDisplayNamePrefix', 'Edm.String'),
]
const HOLDING: readonly Parameter[] = [
  optional('HoldingSolution', 'Edm.Boolean'),
  optional('LayerDesiredOrder', 'mscrm.LayerDesiredOrder'),
]
const SYNC_FILE: readonly Parameter[] = [
  required('CustomizationFile', 'Edm.Binary'),
  required('ImportJobId', 'Edm.Guid'),
]
const ASYNC_FILE: readonly Parameter[] = [
  optional('CustomizationFile', 'Edm.Binary'),
  optional('ImportJobId', 'Edm.Guid'),
]

/**
 * The archive that a request means: its own file, or one that was staged.
 * @throws ApiError 400 `0x8004f066` for a bad upload id, `0x80048d19` for neither
 */
function requestedArchive(input: Arguments, operation: string, call: Call): Uint8Array {
  const staged = isRecord(input['SolutionParameters'])
    ? input['SolutionParameters']['StageSolutionUploadId']
    : undefined
  const id = typeof staged === 'string' ? (normalizeGuid(staged) ?? staged) : undefined
  const file = bytesOf(input, 'CustomizationFile')
  // Microsoft's sample sends an all-zero id beside the file.
  if (file !== undefined && (id === undefined || id === EMPTY_GUID)) return file
  if (id !== undefined) return stagedArchive(id, call)
  throw refuse(
    'badPayload',
    operation,
    `The parameter 'CustomizationFile' of the operation '${operation}' is missing; the request could not be deserialized.`,
  )
}

function importOptions(input: Arguments, upgrade: boolean): ImportOptions {
  return {
    upgrade,
    holding: input['HoldingSolution'] === true,
    overwriteUnmanaged: input['OverwriteUnmanagedCustomizations'] === true,
    publishWorkflows: input['PublishWorkflows'] === true,
    skipProductUpdates: input['SkipProductUpdateDependencies'] === true,
    parameters: readParameters(input['ComponentParameters']),
  }
}

function queueImport(message: string, input: Arguments, upgrade: boolean, call: Call): object {
  const content = readArchive(requestedArchive(input, message, call))
  const importJobId = guidOf(input, 'ImportJobId') ?? randomUUID()
  createImportJob(call, importJobId, content)
  const options = importOptions(input, upgrade)
  const started = queue(message, { solution: content.uniqueName, content, importJobId, options }, call)
  return { ImportJobKey: importJobId, ...started }
}

/** The synchronous form: done, or refused, when the answer comes. */
function importNow(message: string, input: Arguments, upgrade: boolean, call: Call): Row {
  const content = readArchive(requestedArchive(input, message, call))
  const importJobId = guidOf(input, 'ImportJobId') ?? randomUUID()
  createImportJob(call, importJobId, content)
  const fault = call.environment.jobFaults.next(call.environment.name, message)
  try {
    const { mode, solution } = importSolution(call, content, importOptions(input, upgrade), fault)
    finishImportJob(call, importJobId, { content, startedAt: call.now, mode, solution })
    recordHistory(call, {
      operation: 'Import',
      suboperation: mode === 'upgrade' ? 'singleStep' : mode,
      solution,
    })
    return solution
  } catch (error) {
    if (error instanceof ApiError) {
      finishImportJob(call, importJobId, {
        content,
        startedAt: call.now,
        error,
        ...(fault?.component === undefined ? {} : { component: fault.component }),
      })
    }
    throw error
  }
}

function importJobRow(input: Arguments, call: Call): Row {
  const id = guidOf(input, 'ImportJobId') ?? ''
  const row = call.environment.store.get('importjob', id)
  if (row === undefined) throw refuse('noSuchRow', 'importjob', id)
  return row
}

function reportOf(row: Row, call: Call): ImportReport | undefined {
  return call.environment.store.reports.get(asText(row['importjobid']))
}

function formatted(row: Row, call: Call): string {
  const report = reportOf(row, call)
  return report === undefined ? '' : formattedResults(report)
}

/** The verdict of an import. */
function importResult(input: Arguments, call: Call): object {
  const row = importJobRow(input, call)
  const failure = reportOf(row, call)?.failure
  return {
    SolutionOperationResult: {
      FormattedResults: formatted(row, call),
      Type: 'Import',
      Status: row['completedon'] === null ? 'InProgress' : failure === undefined ? 'Passed' : 'Failed',
      WarningMessages: [],
      ErrorMessages: failure === undefined ? [] : [failure.message],
      ActionLink: { Label: null, Target: null },
    },
  }
}

export const IMPORT_OPERATIONS: readonly Operation[] = [
  {
    name: 'StageSolution',
    kind: 'action',
    parameters: [required('CustomizationFile', 'Edm.Binary'), optional('StageSolutionUploadId', 'Edm.Guid')],
    returns: 'StageSolutionResponse',
    privilege: IMPORT,
    handle: (input, call) => stageSolution(bytesOf(input, 'CustomizationFile') ?? new Uint8Array(), call),
  },
  {
    name: 'ImportSolution',
    kind: 'action',
    parameters: [...SYNC_FILE, ...COMMON, ...HOLDING],
    privilege: IMPORT,
    exclusive: 'Import',
    handle: (input, call) => importNow('ImportSolution', input, false, call),
  },
  {
    name: 'ImportSolutionAsync',
    kind: 'action',
    parameters: [...ASYNC_FILE, ...COMMON, ...HOLDING],
    returns: 'ImportSolutionAsyncResponse',
    privilege: IMPORT,
    handle: (input, call) => queueImport('ImportSolutionAsync', input, false, call),
  },
  {
    name: 'StageAndUpgrade',
    kind: 'action',
    parameters: [...ASYNC_FILE, ...COMMON],
    returns: 'StageAndUpgradeResponse',
    privilege: IMPORT,
    exclusive: 'Import',
    handle: (input, call) => ({ SolutionId: importNow('StageAndUpgrade', input, true, call)['solutionid'] }),
  },
  {
    name: 'StageAndUpgradeAsync',
    kind: 'action',
    parameters: [...ASYNC_FILE, ...COMMON],
    returns: 'StageAndUpgradeAsyncResponse',
    privilege: IMPORT,
    handle: (input, call) => queueImport('StageAndUpgradeAsync', input, true, call),
  },
  {
    name: 'DeleteAndPromote',
    kind: 'action',
    parameters: [required('UniqueName', 'Edm.String')],
    returns: 'DeleteAndPromoteResponse',
    privilege: IMPORT,
    exclusive: 'Uninstall',
    handle(input, call) {
      const solution = applyUpgrade(call, textOf(input, 'UniqueName'))
      recordHistory(call, { operation: 'Uninstall', suboperation: 'upgrade', solution })
      return { SolutionId: solution['solutionid'] }
    },
  },
  {
    name: 'DeleteAndPromoteAsync',
    kind: 'action',
    parameters: [required('UniqueName', 'Edm.String')],
    returns: 'DeleteAndPromoteAsyncResponse',
    privilege: IMPORT,
    handle: (input, call) => queue('DeleteAndPromoteAsync', { solution: textOf(input, 'UniqueName') }, call),
  },
  {
    name: 'UninstallSolutionAsync',
    kind: 'action',
    parameters: [required('SolutionUniqueName', 'Edm.String')],
    returns: 'UninstallSolutionAsyncResponse',
    privilege: 'prvDeleteSolution',
    handle: (input, call) =>
      queue('UninstallSolutionAsync', { solution: textOf(input, 'SolutionUniqueName') }, call),
  },
  {
    name: 'RetrieveSolutionImportResult',
    kind: 'function',
    parameters: [required('ImportJobId', 'Edm.Guid')],
    returns: 'RetrieveSolutionImportResultResponse',
    handle: importResult,
  },
  {
    name: 'RetrieveFormattedImportJobResults',
    kind: 'function',
    parameters: [required('ImportJobId', 'Edm.Guid')],
    returns: 'RetrieveFormattedImportJobResultsResponse',
    handle: (input, call) => ({ FormattedResults: formatted(importJobRow(input, call), call) }),
  },
]

/** Starts a job and answers with its id. */
export function queue(message: string, input: JobInput, call: Call): { readonly AsyncOperationId: string } {
  const kind = JOB_KINDS.get(message)
  if (kind === undefined) throw refuse('unexpected')
  return { AsyncOperationId: startJob(kind, input, call) }
}
