import { listAsyncOperations, waitForAsyncOperation } from './async-operations.ts'
import type { AsyncOperation } from './async-operations.ts'
import type { DataverseClient } from './client.ts'
import { LostAnswerError } from './errors.ts'
import { moment } from './query.ts'

/** Gateways cut long synchronous requests after some minutes; the server goes on all the same. */
const PUBLISH_TIMEOUT_MS = 20 * 60_000

/** Our clock and the server's may differ by this much when there was no `Date` header to compare. */
const CLOCK_SKEW_MS = 60_000

const LOOKS = 4
const LOOK_EVERY_MS = 15_000

/**
 * Publishes all customizations. When the connection is cut before the answer, the `PublishAll` system job is looked for
 * and waited for instead of publishing again.
 * @returns true when the answer was lost and the job had to be watched
 */
export const publishAll = async (
  client: DataverseClient,
  options: { readonly maxWaitMinutes: number },
): Promise<boolean> => {
  try {
    await client.post(
      'PublishAllXml',
      {},
      { timeoutMs: Math.min(PUBLISH_TIMEOUT_MS, options.maxWaitMinutes * 60_000) },
    )
    return false
  } catch (error) {
    if (!(error instanceof LostAnswerError)) throw error
    client.log.notice(
      'The connection was lost while publishing; looking for the publish job instead of repeating it.',
    )
    const job = await findPublishJob(client, error.sentAtMs)
    if (job === undefined) {
      throw new Error(
        `${error.message} No publish job is to be seen. Whether everything is published is not known: look at ` +
          'Solutions, History in the environment, then run the step again (publishing twice does no harm).',
        { cause: error },
      )
    }
    await waitForAsyncOperation(client, job.id, { what: 'Publishing all customizations', ...options })
    return true
  }
}

const findPublishJob = async (
  client: DataverseClient,
  sentAtMs: number,
): Promise<AsyncOperation | undefined> => {
  const filter =
    `(messagename eq 'PublishAllXml' or messagename eq 'PublishAll' or messagename eq 'PublishAllXmlAsync')` +
    ` and createdon ge ${moment(sentAtMs - CLOCK_SKEW_MS)}`
  for (let look = 0; look < LOOKS; look++) {
    if (look > 0) await client.sleep(LOOK_EVERY_MS)
    const [job] = await listAsyncOperations(client, filter)
    if (job !== undefined) return job
  }
  return undefined
}
