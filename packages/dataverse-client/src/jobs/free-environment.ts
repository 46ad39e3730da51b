import { retrieveUserRoles } from '../identity/user-roles.ts'
import type { DataverseClient } from '../pipeline/client.ts'
import { ifTold } from '../pipeline/if-told.ts'
import { DataverseError } from '../pipeline/errors.ts'
import type { Queue } from '../pipeline/queue.ts'
import { hasBegun } from './async-operations.ts'
import type { AsyncOperation } from './async-operations.ts'
import { listSolutionOperations } from './solution-operations.ts'

/**
 * Waits until no solution operation runs in the environment: what is read after that is what the next one will meet.
 * Where the jobs may not be read, the environment's own lock is met when the operation is sent.
 * @param findOwn whether one of those that have not ended is followed instead of waited for; its id
 * @returns the id that `findOwn` gave
 * @throws EnvironmentBusyError when the time of the queue is used up; it says what runs, since when and whose it is
 */
export async function waitUntilFree(
  client: DataverseClient,
  queue: Queue,
  findOwn: (unfinished: readonly AsyncOperation[]) => Promise<string | undefined> = async () => undefined,
): Promise<string | undefined> {
  const names = new Map<string, string>()
  for (;;) {
    const unfinished = (await unfinishedOperations(client)) ?? []
    const holder = unfinished.find(hasBegun) ?? unfinished.at(-1)
    if (holder === undefined) return undefined
    const own = await findOwn(unfinished)
    if (own !== undefined) return own
    if (!names.has(holder.createdBy)) names.set(holder.createdBy, await nameOf(client, holder.createdBy))
    await queue.wait(standing(holder, names.get(holder.createdBy)))
  }
}

/**
 * What is waited for, since when, whose it is, and how to end it where it never begins.
 * @param owner the user who started it, where that is known
 */
export function standing(operation: AsyncOperation, owner = ''): string {
  const { messageName, startedOn, createdOn, id } = operation
  const since = `there since ${startedOn || createdOn} (async operation ${id}${owner === '' ? '' : `, started by '${owner}'`}).`
  return hasBegun(operation)
    ? `${messageName} runs ${since}`
    : `${messageName} waits ${since} If it does not begin, cancel it: Power Platform admin center, the environment, Settings, System jobs.`
}

/** The solution operations of the environment that have not ended; undefined where its jobs may not be read. */
export async function unfinishedOperations(
  client: DataverseClient,
): Promise<readonly AsyncOperation[] | undefined> {
  try {
    return await listSolutionOperations(client)
  } catch (error) {
    if (!(error instanceof DataverseError) || error.status !== 403) throw error
    client.log.debug(`The jobs of the environment could not be read: ${error.message}`)
    return undefined
  }
}

/** '' where the environment does not tell: it is waited all the same. */
async function nameOf(client: DataverseClient, userId: string): Promise<string> {
  if (userId === '') return ''
  return (await ifTold(client, () => retrieveUserRoles(client, userId)))?.userName ?? ''
}
