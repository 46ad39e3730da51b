import type { Outputs } from '@dsa/action-kit'
import { listImportJobs, listSolutionOperations, whoAmI } from '@dsa/dataverse-client'
import type { Archive } from '../look/archive.ts'
import { followImport } from './follow.ts'
import { afterImport } from './import-archive.ts'
import { concludeImport, rememberIds, stopped } from '../report/outcome.ts'
import type { JobProgress } from '../report/outcome.ts'
import type { Session } from '../session.ts'

const IMPORTS = new Set(['ImportSolutionAsync', 'ImportSolution', 'StageAndUpgradeAsync', 'StageAndUpgrade'])

/** An import runs for hours at most; older import jobs belong to other operations. */
const LOOK_BACK_MS = 24 * 3_600_000

/**
 * The operation of an import of this solution that the attempt before started and that still runs. Only ours counts:
 * what somebody else imports at this moment is waited for, not followed.
 */
export const findRunningImport = async (session: Session, archive: Archive): Promise<string | undefined> => {
  const { client } = session
  const { userId } = await whoAmI(client)
  const running = await listSolutionOperations(client)
  const own = running.filter(({ createdBy, messageName }) => createdBy === userId && IMPORTS.has(messageName))
  const [operation] = own
  if (operation === undefined || own.length > 1) return undefined
  const jobs = await listImportJobs(client, {
    sinceMs: client.serverNow() - LOOK_BACK_MS,
    createdBy: userId,
    solutionName: archive.name,
  })
  return jobs.some(({ completedOn }) => completedOn === '') ? operation.id : undefined
}

/** Follows a running import instead of starting one. */
export const attach = async (
  session: Session,
  archive: Archive,
  asyncOperationId: string,
): Promise<Outputs> => {
  const { inputs, deps, client } = session
  const what = `${archive.name} ${archive.version} (attached)`
  const progress: JobProgress = { startedMs: deps.clock(), sending: true }
  deps.log.notice(
    `Following the import that runs as async operation ${asyncOperationId}; nothing new is started.`,
  )
  deps.setOutput('decision', 'attach')
  deps.summary.heading(`${archive.name} ${archive.version}: follow the running import`)
  rememberIds(session, progress, { asyncOperationId })
  try {
    const started = { asyncOperationId, importJobId: undefined }
    const outcome = await followImport(client, started, {
      what: `${archive.name} ${archive.version}`,
      solutionName: archive.name,
      maxWaitMinutes: inputs.maxWaitMinutes,
      onImportJob: (importJobId) => rememberIds(session, progress, { importJobId }),
    })
    const outputs = await concludeImport(session, what, progress, outcome)
    return { ...outputs, ...(await afterImport(session, archive)) }
  } catch (error) {
    throw stopped(error, session, `The import of ${what}`, progress)
  }
}
