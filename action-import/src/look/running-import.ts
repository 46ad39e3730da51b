import { listImportJobs, listSolutionOperations, whoAmI } from '@dsa/dataverse-client'
import type { Session } from '../session.ts'
import type { Archive } from './archive.ts'

const IMPORTS = new Set(['ImportSolutionAsync', 'ImportSolution', 'StageAndUpgradeAsync', 'StageAndUpgrade'])

/** The import job begins with its operation; much older ones belong to other operations. Both times are the server's. */
const LOOK_BACK_MS = 3_600_000

/**
 * The operation of an import of this solution that the attempt before started and that still runs. Only ours counts:
 * what somebody else imports at this moment is waited for, not followed.
 */
export async function findRunningImport(session: Session, archive: Archive): Promise<string | undefined> {
  const { client } = session
  const { userId } = await whoAmI(client)
  const running = await listSolutionOperations(client)
  const own = running.filter(({ createdBy, messageName }) => createdBy === userId && IMPORTS.has(messageName))
  const [operation] = own
  if (operation === undefined || own.length > 1) return undefined
  const createdMs = Date.parse(operation.createdOn)
  const jobs = await listImportJobs(client, {
    ...(Number.isNaN(createdMs) ? {} : { sinceMs: createdMs - LOOK_BACK_MS }),
    createdBy: userId,
    solutionName: archive.name,
  })
  return jobs.some(({ completedOn }) => completedOn === '') ? operation.id : undefined
}
