import { listAsyncOperations } from './async-operations.ts'
import type { AsyncOperation } from './async-operations.ts'
import type { DataverseClient } from '../pipeline/client.ts'
import type { Queue } from '../pipeline/queue.ts'

/** System jobs that hold the environment's one slot for solution operations, by `messagename`. */
const MESSAGES = [
  'ImportSolutionAsync',
  'ImportSolution',
  'StageAndUpgradeAsync',
  'DeleteAndPromoteAsync',
  'UninstallSolutionAsync',
  'ExportSolutionAsync',
  'PublishAllXml',
  'PublishAllXmlAsync',
]

/** Solution operations that run or wait in the environment at this moment, of any user, newest first. */
export async function listSolutionOperations(client: DataverseClient): Promise<readonly AsyncOperation[]> {
  const names = MESSAGES.map((message) => `messagename eq '${message}'`).join(' or ')
  return listAsyncOperations(client, `statecode ne 3 and (${names})`)
}

/**
 * Waits until no solution operation runs or waits in the environment.
 * @returns whether something was waited for, so that what was read before may be out of date
 * @throws EnvironmentBusyError when the time of the queue is used up
 */
export async function waitUntilFree(client: DataverseClient, queue: Queue): Promise<boolean> {
  for (let waited = false; ; waited = true) {
    const [oldest] = (await listSolutionOperations(client)).toReversed()
    if (oldest === undefined) return waited
    const { messageName, startedOn, createdOn } = oldest
    await queue.wait(`${messageName} runs there since ${startedOn || createdOn}.`)
  }
}
