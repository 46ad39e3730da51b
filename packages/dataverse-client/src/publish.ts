import { listAsyncOperations, waitForAsyncOperation } from './async-operations.ts'
import type { DataverseClient } from './client.ts'
import { LostAnswerError } from './errors.ts'
import { poll } from './poller.ts'
import { findPublishRecord } from './publish-history.ts'
import { moment } from './query.ts'
import { listSolutionOperations } from './solution-operations.ts'

/** Gateways cut long synchronous requests after some minutes; the server goes on all the same. */
const PUBLISH_TIMEOUT_MS = 20 * 60_000

/** Our clock and the server's may differ by this much when there was no `Date` header to compare. */
const CLOCK_SKEW_MS = 60_000

const LOOKS = 4
const LOOK_EVERY_MS = 15_000

/** The first sending and two more, each only after no trace of the one before was to be seen. */
const MAX_SENDS = 3

/**
 * Publishes all customizations. When the connection is cut before the answer, the `PublishAll` system job or entry of the solution
 * history is looked for and waited for instead of publishing again.
 * @returns true when the answer was lost and the job had to be watched
 */
export const publishAll = async (
  client: DataverseClient,
  options: { readonly maxWaitMinutes: number },
): Promise<boolean> => {
  const timeoutMs = Math.min(PUBLISH_TIMEOUT_MS, options.maxWaitMinutes * 60_000)
  for (let sends = 1; ; sends++) {
    try {
      await client.post('PublishAllXml', {}, { timeoutMs })
      return false
    } catch (error) {
      if (!(error instanceof LostAnswerError)) throw error
      client.log.notice(
        'The connection was lost while publishing; looking for the publish job before repeating it.',
      )
      if (await followPublish(client, error.sentAtMs - CLOCK_SKEW_MS, options.maxWaitMinutes)) return true
      const running = await listSolutionOperations(client)
      // Publishing what is published changes nothing, so it is repeated as soon as the environment is idle.
      if (sends < MAX_SENDS && running.length === 0) continue
      throw new Error(
        `${error.message} No publish job is to be seen. Whether everything is published is not known: look at ` +
          'Solutions, History in the environment, then run the step again (publishing twice does no harm).',
        { cause: error },
      )
    }
  }
}

const WHAT = 'Publishing all customizations'

/** Waits for the publish that a lost request started. @returns false when no trace of one is to be seen */
const followPublish = async (
  client: DataverseClient,
  sinceMs: number,
  maxWaitMinutes: number,
): Promise<boolean> => {
  const filter =
    "(messagename eq 'PublishAllXml' or messagename eq 'PublishAll' or messagename eq 'PublishAllXmlAsync')" +
    ` and createdon ge ${moment(sinceMs)}`
  for (let look = 0; look < LOOKS; look++) {
    if (look > 0) await client.sleep(LOOK_EVERY_MS)
    const [job] = await listAsyncOperations(client, filter)
    if (job !== undefined) {
      await waitForAsyncOperation(client, job.id, { what: WHAT, maxWaitMinutes })
      return true
    }
    if ((await findPublishRecord(client, sinceMs)) !== undefined) {
      await followRecord(client, sinceMs, maxWaitMinutes)
      return true
    }
  }
  return false
}

const followRecord = async (
  client: DataverseClient,
  sinceMs: number,
  maxWaitMinutes: number,
): Promise<void> => {
  const { state, value } = await poll(client, {
    what: WHAT,
    read: () => findPublishRecord(client, sinceMs),
    state: (record) => record.state,
    maxWaitMinutes,
  })
  if (state !== 'succeeded')
    throw new Error(`${WHAT} ended as ${state}: ${value.message || 'no reason is given.'}`)
}
