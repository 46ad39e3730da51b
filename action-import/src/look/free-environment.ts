import { DataverseError, listSolutionOperations } from '@dsa/dataverse-client'
import type { AsyncOperation, Queue } from '@dsa/dataverse-client'
import type { Session } from '../session.ts'

/**
 * Waits until no solution operation runs in the environment: what is read after that is what the import will meet.
 * Where the jobs may not be read, the environment's own lock is met when the import is sent.
 * @throws EnvironmentBusyError when the time of the queue is used up
 */
export async function waitUntilFree({ client }: Session, queue: Queue): Promise<void> {
  for (;;) {
    const [running] = await operations(client)
    if (running === undefined) return
    const { messageName, startedOn, createdOn, id } = running
    await queue.wait(`${messageName} runs there since ${startedOn || createdOn} (async operation ${id}).`)
  }
}

async function operations(client: Session['client']): Promise<readonly AsyncOperation[]> {
  try {
    return await listSolutionOperations(client)
  } catch (error) {
    if (!(error instanceof DataverseError) || error.status !== 403) throw error
    client.log.debug(`The jobs of the environment could not be read: ${error.message}`)
    return []
  }
}
