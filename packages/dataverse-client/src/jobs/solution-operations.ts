import { listAsyncOperations } from './async-operations.ts'
import type { AsyncOperation } from './async-operations.ts'
import type { DataverseClient } from '../pipeline/client.ts'

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
