import { DataverseError, hasBegun, listSolutionOperations } from '@dsa/dataverse-client'
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
    const unfinished = (await unfinishedOperations(session)) ?? []
    const holder = unfinished.find(hasBegun) ?? unfinished.at(-1)
    if (holder === undefined) return undefined
    const own = ours && (await findRunningImport(session, ours, unfinished))
    if (own !== undefined) return own
    await queue.wait(standing(holder))
  }
}

/** What is waited for, since when, and how to end it where it never begins. */
export function standing(operation: AsyncOperation): string {
  const { messageName, startedOn, createdOn, id } = operation
  const since = `there since ${startedOn || createdOn} (async operation ${id}).`
  return hasBegun(operation)
    ? `${messageName} runs ${since}`
    : `${messageName} waits ${since} If it does not begin, cancel it: Power Platform admin center, the environment, Settings, System jobs.`
}

/** The solution operations of the environment that have not ended; undefined where its jobs may not be read. */
export async function unfinishedOperations({
  client,
}: Session): Promise<readonly AsyncOperation[] | undefined> {
  try {
    return await listSolutionOperations(client)
  } catch (error) {
    if (!(error instanceof DataverseError) || error.status !== 403) throw error
    client.log.debug(`The jobs of the environment could not be read: ${error.message}`)
    return undefined
  }
}
