import { cancelWaitingOperation, hasBegun, ifTold, listSolutionOperations } from '@dsa/dataverse-client'
import type { AsyncOperation } from '@dsa/dataverse-client'
import type { Session } from '../session.ts'

/** How long to leave the other of two jobs of the same second to find out who of them begins. */
const TIE_MS = 2_000
/** A row can appear a moment after its id; after this many looks it does not matter any more. */
const MOST_LOOKS = 30

/**
 * Whether a job that was just started is the first of those that wait. The service takes one after the other, so that
 * one that slipped in since the decision changes what this one meets. Then this one is withdrawn before it begins.
 * @returns false when it was withdrawn
 */
export async function keepsItsPlace(session: Session, id: string): Promise<boolean> {
  const { client } = session
  const isWithdrawn = await ifTold(
    client,
    async () => {
      for (let look = 1; look <= MOST_LOOKS; look++) {
        const place = placeOf(id, await listSolutionOperations(client))
        if (place !== 'tied') return place === 'later' && cancelWaitingOperation(client, id)
        await client.sleep(TIE_MS)
      }
      return false
    },
    // The job is there and is followed, whatever this look met.
    (why) => client.log.debug(`The jobs of the environment could not be read: ${why}`),
  )
  return isWithdrawn !== true
}

/** `tied` when the second of their coming does not tell two jobs apart, of which the one with the lower id stays. */
export function placeOf(id: string, unfinished: readonly AsyncOperation[]): 'first' | 'later' | 'tied' {
  const own = unfinished.find((one) => one.id === id)
  const others = unfinished.filter((one) => one.id !== id)
  if (others.length === 0 || (own !== undefined && hasBegun(own))) return 'first'
  if (own === undefined) return 'tied'
  const isBefore = (other: AsyncOperation): boolean =>
    hasBegun(other) ||
    other.createdOn < own.createdOn ||
    (other.createdOn === own.createdOn && other.id < own.id)
  if (others.some(isBefore)) return 'later'
  return others.some(({ createdOn }) => createdOn === own.createdOn) ? 'tied' : 'first'
}
