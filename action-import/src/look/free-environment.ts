import { DataverseError, listSolutionOperations } from '@dsa/dataverse-client'
import type { AsyncOperation, Queue } from '@dsa/dataverse-client'
import type { Session } from '../session.ts'
import type { Archive } from './archive.ts'
import { findRunningImport } from './running-import.ts'

/**
 * Waits until no solution operation runs in the environment: what is read after that is what the import will meet.
 * Where the jobs may not be read, the environment's own lock is met when the import is sent.
 * @param ours the archive whose import may have been started by an attempt of this job before
 * @returns the operation of that import, which is followed instead of waited for
 * @throws EnvironmentBusyError when the time of the queue is used up
 */
export async function waitUntilFree(
  session: Session,
  queue: Queue,
  ours?: Archive,
): Promise<string | undefined> {
  for (;;) {
    const unfinished = await operations(session)
    const [first] = unfinished
    if (first === undefined) return undefined
    const own = ours && (await findRunningImport(session, ours, unfinished))
    if (own !== undefined) return own
    const { messageName, startedOn, createdOn, id } = first
    await queue.wait(`${messageName} runs there since ${startedOn || createdOn} (async operation ${id}).`)
  }
}

async function operations({ client }: Session): Promise<readonly AsyncOperation[]> {
  try {
    return await listSolutionOperations(client)
  } catch (error) {
    if (!(error instanceof DataverseError) || error.status !== 403) throw error
    client.log.debug(`The jobs of the environment could not be read: ${error.message}`)
    return []
  }
}
