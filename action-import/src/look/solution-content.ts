import { listSolutionContent } from '@dsa/dataverse-client'
import type { DataverseClient, SolutionContentRow } from '@dsa/dataverse-client'

const read = new WeakMap<DataverseClient, Map<string, Promise<readonly SolutionContentRow[]>>>()

/** The components of the installed solution, read once: removals and layers both look at them before anything changes. */
export const solutionContent = (
  client: DataverseClient,
  solutionId: string,
): Promise<readonly SolutionContentRow[]> => {
  const known = read.get(client) ?? new Map<string, Promise<readonly SolutionContentRow[]>>()
  read.set(client, known)
  const content = known.get(solutionId) ?? listSolutionContent(client, solutionId)
  known.set(solutionId, content)
  return content
}
