import type { DataverseClient } from './client.ts'
import { DataverseError } from './errors.ts'
import { literal, moment, query } from './query.ts'
import { asRow, isRow, optionalNumber, optionalText, texts } from './wire.ts'

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

const parse = (value: unknown): ImportJob => {
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
export const retrieveImportJob = async (
  client: DataverseClient,
  id: string,
): Promise<ImportJob | undefined> => {
  try {
    return parse(await client.get(query(`importjobs(${id})`, { select: COLUMNS })))
  } catch (error) {
    if (error instanceof DataverseError && error.status === 404) return undefined
    throw error
  }
}

/** Import jobs of one caller since a moment (server's milliseconds), newest first; of all solutions without a name. */
export const listImportJobs = async (
  client: DataverseClient,
  options: { readonly sinceMs: number; readonly createdBy?: string; readonly solutionName?: string },
): Promise<readonly ImportJob[]> => {
  const filter = [
    `createdon ge ${moment(options.sinceMs)}`,
    options.createdBy && `_createdby_value eq ${options.createdBy}`,
    options.solutionName && `solutionname eq ${literal(options.solutionName)}`,
  ]
    .filter((part) => typeof part === 'string' && part !== '')
    .join(' and ')
  const found = await client.list(query('importjobs', { select: COLUMNS, filter, orderBy: 'createdon desc' }))
  return found.map(parse)
}

/** The latest import jobs of one caller, of all solutions, newest first. */
export async function listLatestImportJobs(
  client: DataverseClient,
  { createdBy, top }: { readonly createdBy: string; readonly top: number },
): Promise<readonly ImportJob[]> {
  const filter = `_createdby_value eq ${createdBy}`
  const found = await client.list(
    query('importjobs', { select: COLUMNS, filter, orderBy: 'createdon desc', top }),
  )
  return found.map(parse)
}

/** The record of an ended import as XML: the root `importexportxml`, a `result` for each component. */
export const retrieveImportJobData = async (client: DataverseClient, id: string): Promise<string> => {
  const row = asRow(await client.get(query(`importjobs(${id})`, { select: ['data'] })), 'importjob')
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
export const retrieveSolutionImportResult = async (
  client: DataverseClient,
  importJobId: string,
): Promise<ImportVerdict | undefined> => {
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
