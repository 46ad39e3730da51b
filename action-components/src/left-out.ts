import { componentInWords } from '@dsa/connected-action'
import {
  type DataverseClient,
  ifTold,
  listHolders,
  listMembers,
  listRequired,
  listSolutions,
  type Solution,
} from '@dsa/dataverse-client'
import type { FoundComponent } from './find-components.ts'

/**
 * What the components need and neither the solution nor a managed one has: another environment would refuse the solution
 * for it.
 * @returns in words; empty, with a line in the log, where the environment does not tell
 */
export async function leftOut(
  client: DataverseClient,
  solution: Solution,
  components: readonly FoundComponent[],
): Promise<readonly string[]> {
  const found = await ifTold(
    client,
    () => neededAndOpen(client, solution, components),
    (why) => client.log.info(`What the components need is not known: ${why}`),
  )
  return found ?? []
}

async function neededAndOpen(
  client: DataverseClient,
  solution: Solution,
  components: readonly FoundComponent[],
): Promise<readonly string[]> {
  const needed = new Map<string, string>()
  for (const component of components) {
    for (const { objectId, type, name } of await listRequired(client, component)) {
      needed.set(objectId, componentInWords({ type, name: name === '' ? objectId : name, table: '' }))
    }
  }
  const members = new Set((await listMembers(client, solution.id)).map(({ objectId }) => objectId))
  const open = [...needed.keys()].filter((id) => !members.has(id))
  const managed = new Set(
    (await listSolutions(client)).filter(({ isManaged }) => isManaged).map(({ id }) => id),
  )
  const holders = await listHolders(client, open)
  const supplied = new Set(
    holders.filter(({ solutionId }) => managed.has(solutionId)).map(({ objectId }) => objectId),
  )
  // What no solution holds came with the platform.
  const known = new Set(holders.map(({ objectId }) => objectId))
  return open.filter((id) => known.has(id) && !supplied.has(id)).map((id) => needed.get(id) ?? id)
}
