import { listImportJobs, retrieveAsyncOperation, whoAmI } from '@dsa/dataverse-client'
import type { AsyncOperation } from '@dsa/dataverse-client'
import { UserError } from '@dsa/user-error'
import type { Session } from '../session.ts'
import type { Archive } from './archive.ts'

const IMPORTS = new Set(['ImportSolutionAsync', 'ImportSolution', 'StageAndUpgradeAsync', 'StageAndUpgrade'])

/** The import job begins with its operation; much older ones belong to other operations. Both times are the server's. */
const LOOK_BACK_MS = 3_600_000

/**
 * The operation of an import of this solution that the attempt before started and that still runs. Only ours counts:
 * what somebody else imports at this moment is waited for, not followed. One that waits its turn tells nobody which
 * solution it is of; it is known as soon as it begins.
 * @param unfinished the solution operations of the environment
 */
export async function findRunningImport(
  { client }: Session,
  archive: Archive,
  unfinished: readonly AsyncOperation[],
): Promise<string | undefined> {
  if (unfinished.length === 0) return undefined
  const { userId } = await whoAmI(client)
  const own = unfinished.filter(
    ({ createdBy, messageName }) => createdBy === userId && IMPORTS.has(messageName),
  )
  // The environment works on one at a time.
  const operation =
    own.find(({ status }) => status === 'in progress') ?? (own.length === 1 ? own[0] : undefined)
  if (operation === undefined) return undefined
  const createdMs = Date.parse(operation.createdOn)
  const jobs = await listImportJobs(client, {
    ...(Number.isNaN(createdMs) ? {} : { sinceMs: createdMs - LOOK_BACK_MS }),
    createdBy: userId,
    solutionName: archive.name,
  })
  return jobs.some(({ completedOn }) => completedOn === '') ? operation.id : undefined
}

/** @throws UserError when the environment has no import of that id, which would be waited for in vain */
export async function requireImport({ client }: Session, id: string): Promise<void> {
  const operation = await retrieveAsyncOperation(client, id)
  const where = `'async-operation-id' is '${id}', but`
  if (operation === undefined) {
    throw new UserError(
      `${where} ${client.environmentUrl} has no operation of that id. Is it of another environment? Nothing was started.`,
    )
  }
  if (operation.messageName !== '' && !IMPORTS.has(operation.messageName)) {
    throw new UserError(
      `${where} that operation is no import (${operation.messageName}). Give the id that the step of the import printed.`,
    )
  }
}
