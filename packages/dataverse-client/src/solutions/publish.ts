import { UserError } from '@dsa/user-error'
import type { DataverseClient } from '../pipeline/client.ts'
import { DataverseError, LostAnswerError } from '../pipeline/errors.ts'
import { moment } from '../pipeline/query.ts'
import { listAsyncOperations, waitForAsyncOperation } from '../jobs/async-operations.ts'
import { poll } from '../jobs/poller.ts'
import { listSolutionHistory } from '../jobs/solution-history.ts'
import type { HistoryEntry } from '../jobs/solution-history.ts'
import { listSolutionOperations } from '../jobs/solution-operations.ts'

/** Gateways cut long synchronous requests after some minutes; the server goes on all the same. */
const PUBLISH_TIMEOUT_MS = 20 * 60_000

/** The history is read this far back, so that no clock can be wrong by more. */
const LOOK_BACK_MS = 24 * 3_600_000

const LOOKS = 4
const LOOK_EVERY_MS = 15_000

/** The first sending and two more, each only after no trace of the one before was to be seen. */
const MAX_SENDS = 3

const WHAT = 'Publishing all customizations'

/**
 * Publishes all customizations. When the connection is cut before the answer, the `PublishAll` system job or entry of
 * the solution history that was not there before is looked for and waited for instead of publishing again.
 * @returns true when the answer was lost and the job had to be watched
 */
export async function publishAll(
  client: DataverseClient,
  { maxWaitMinutes }: { readonly maxWaitMinutes: number },
): Promise<boolean> {
  const timeoutMs = Math.min(PUBLISH_TIMEOUT_MS, maxWaitMinutes * 60_000)
  const sinceMs = client.clock() - LOOK_BACK_MS
  const before = await readTraces(client, sinceMs)
  for (let sends = 1; ; sends++) {
    try {
      await client.post('PublishAllXml', {}, { timeoutMs })
      return false
    } catch (error) {
      if (!(error instanceof LostAnswerError)) throw error
      client.log.notice(
        'The connection was lost while publishing; looking for the publish job before repeating it.',
      )
      if (await followPublish(client, sinceMs, before, maxWaitMinutes)) return true
      const running = await listSolutionOperations(client)
      // Publishing what is published changes nothing, so it is repeated as soon as the environment is idle.
      if (sends < MAX_SENDS && running.length === 0) continue
      throw new UserError(
        `${error.message} No publish job is to be seen. Whether everything is published is not known: look at ` +
          'Solutions, History in the environment, then run the step again (publishing twice does no harm).',
        { cause: error },
      )
    }
  }
}

/** Ids of what tells of a publish, newest first. */
interface Traces {
  readonly jobs: readonly string[]
  /** A publish that is not a system job of its own stands only in the history. */
  readonly entries: readonly string[]
}

async function readTraces(client: DataverseClient, sinceMs: number): Promise<Traces> {
  const jobs = await listAsyncOperations(
    client,
    "messagename eq 'PublishAllXml' or messagename eq 'PublishAll' or messagename eq 'PublishAllXmlAsync'",
    50,
  )
  const entries = await publishEntries(client, sinceMs)
  return { jobs: jobs.map(({ id }) => id), entries: entries.map(({ id }) => id) }
}

async function publishEntries(client: DataverseClient, sinceMs: number): Promise<readonly HistoryEntry[]> {
  try {
    const entries = await listSolutionHistory(client, `msdyn_starttime ge ${moment(sinceMs)}`)
    return entries.filter(({ operation }) => operation === 'publish-all')
  } catch (error) {
    // Without the right to read it, or where there is none, the system jobs have to do.
    if (error instanceof DataverseError && error.status < 500) return []
    throw error
  }
}

/** Waits for the publish that a lost request started. @returns false when no trace of one is to be seen */
async function followPublish(
  client: DataverseClient,
  sinceMs: number,
  before: Traces,
  maxWaitMinutes: number,
): Promise<boolean> {
  for (let look = 0; look < LOOKS; look++) {
    if (look > 0) await client.sleep(LOOK_EVERY_MS)
    const now = await readTraces(client, sinceMs)
    const job = now.jobs.find((id) => !before.jobs.includes(id))
    if (job !== undefined) {
      await waitForAsyncOperation(client, job, { what: WHAT, maxWaitMinutes })
      return true
    }
    const entry = now.entries.find((id) => !before.entries.includes(id))
    if (entry !== undefined) {
      await followEntry(client, sinceMs, entry, maxWaitMinutes)
      return true
    }
  }
  return false
}

async function followEntry(
  client: DataverseClient,
  sinceMs: number,
  entryId: string,
  maxWaitMinutes: number,
): Promise<void> {
  const { state, value } = await poll(client, {
    what: WHAT,
    read: async () => (await publishEntries(client, sinceMs)).find(({ id }) => id === entryId),
    state: (entry) => entry.state,
    maxWaitMinutes,
  })
  if (state === 'succeeded') return
  throw new UserError(`${WHAT} ended as ${state}: ${value.message || 'no reason is given.'}`)
}
