import type { DataverseClient } from '../pipeline/client.ts'
import { DataverseError } from '../pipeline/errors.ts'
import { literal, moment, query } from '../pipeline/query.ts'
import { asRow, isRow, optionalNumber, optionalText, texts } from '../pipeline/wire.ts'

/** A row of `importjobs`: the record of one import, with the result of each component. */
export interface ImportJob {
  readonly id: string
  readonly solutionName: string
  /** 0 to 100. A finished import can stop at less: `completedOn` marks the end, never this. */
  readonly progress: number
  readonly createdOn: string
  readonly startedOn: string
  readonly completedOn: string
  readonly createdBy: string
}

/** Without `data`, which can be hundreds of megabytes. */
const COLUMNS = [
  'importjobid',
  'solutionname',
  'progress',
  'createdon',
  'startedon',
  'completedon',
  '_createdby_value',
]

function parse(value: unknown): ImportJob {
  const row = asRow(value, 'importjob')
  return {
    id: optionalText(row, 'importjobid') ?? '',
    solutionName: optionalText(row, 'solutionname') ?? '',
    progress: optionalNumber(row, 'progress') ?? 0,
    createdOn: optionalText(row, 'createdon') ?? '',
    startedOn: optionalText(row, 'startedon') ?? '',
    completedOn: optionalText(row, 'completedon') ?? '',
    createdBy: optionalText(row, '_createdby_value') ?? '',
  }
}

/** One import job; `undefined` while it is not visible: a queued import has none yet. */
export async function retrieveImportJob(client: DataverseClient, id: string): Promise<ImportJob | undefined> {
  try {
    return parse(await client.get(query(`importjobs(${id})`, { select: COLUMNS })))
  } catch (error) {
    if (error instanceof DataverseError && error.status === 404) return undefined
    throw error
  }
}

/** Which import jobs are wanted; all conditions that are given must hold. */
export interface ImportJobFilter {
  readonly createdBy?: string
  readonly solutionName?: string
  /** On the server's clock, in milliseconds. */
  readonly sinceMs?: number
  readonly top?: number
}

/** Import jobs, newest first. */
export async function listImportJobs(
  client: DataverseClient,
  { createdBy, solutionName, sinceMs, top }: ImportJobFilter,
): Promise<readonly ImportJob[]> {
  const filter = [
    sinceMs !== undefined && `createdon ge ${moment(sinceMs)}`,
    createdBy !== undefined && `_createdby_value eq ${createdBy}`,
    solutionName !== undefined && `solutionname eq ${literal(solutionName)}`,
  ]
    .filter((part) => part !== false)
    .join(' and ')
  const found = await client.list(
    query('importjobs', { select: COLUMNS, filter, orderBy: 'createdon desc', ...(top && { top }) }),
  )
  return found.map(parse)
}

/** The record can be hundreds of megabytes. */
const MAX_DATA_BYTES = 256 * 1_048_576

/** The record of an ended import as XML: the root `importexportxml`, a `result` for each component. */
export async function retrieveImportJobData(client: DataverseClient, id: string): Promise<string> {
  const path = query(`importjobs(${id})`, { select: ['data'] })
  const row = asRow(await client.get(path, { maxBytes: MAX_DATA_BYTES }), 'importjob')
  return optionalText(row, 'data') ?? ''
}

export interface ImportVerdict {
  readonly passed: boolean
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
  /** Excel 2003 XML for people; nothing is ever read out of it. */
  readonly formattedResults: string
}

/** The platform's own verdict on an import; `undefined` where the service is too old to give one, or has none yet. */
export async function retrieveSolutionImportResult(
  client: DataverseClient,
  importJobId: string,
): Promise<ImportVerdict | undefined> {
  try {
    const answer = asRow(
      await client.get(`RetrieveSolutionImportResult(ImportJobId=${importJobId})`),
      'RetrieveSolutionImportResult',
    )
    const result = isRow(answer['SolutionOperationResult']) ? answer['SolutionOperationResult'] : {}
    return {
      passed: optionalText(result, 'Status') === 'Passed',
      errors: texts(result['ErrorMessages']),
      warnings: texts(result['WarningMessages']),
      formattedResults: optionalText(result, 'FormattedResults') ?? '',
    }
  } catch (error) {
    if (error instanceof DataverseError && (error.status === 404 || error.status === 400)) return undefined
    throw error
  }
}
