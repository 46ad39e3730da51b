import { UserError } from '@dsa/user-error'
import type { DataverseClient } from '../pipeline/client.ts'
import { DataverseError, LostAnswerError } from '../pipeline/errors.ts'
import { moment } from '../pipeline/query.ts'
import type { Queue } from '../pipeline/queue.ts'
import { asRow, text } from '../pipeline/wire.ts'
import { listAsyncOperations, waitForAsyncOperation } from '../jobs/async-operations.ts'
import { poll } from '../jobs/poller.ts'
import { listSolutionHistory } from '../jobs/solution-history.ts'
import type { HistoryEntry } from '../jobs/solution-history.ts'
import { listSolutionOperations } from '../jobs/solution-operations.ts'
import { idsIn, startOnce } from '../jobs/start-once.ts'
import type { StartedOperation } from '../jobs/start-once.ts'

/** Gateways cut long synchronous requests after some minutes; the server goes on all the same. */
const PUBLISH_TIMEOUT_MS = 20 * 60_000

/** The history is read this far back, so that no clock can be wrong by more. */
const LOOK_BACK_MS = 24 * 3_600_000

const LOOKS = 4
const LOOK_EVERY_MS = 15_000

/** The first sending and two more, each only after no trace of the one before was to be seen. */
const MAX_SENDS = 3

/** A message that publishes, and the traces that it leaves. */
interface Publish {
  readonly what: string
  readonly action: string
  readonly parameters: Readonly<Record<string, string>>
  /** Message names of its system job. */
  readonly messages: readonly string[]
  readonly entry: HistoryEntry['operation']
}

const ALL: Publish = {
  what: 'Publishing all customizations',
  action: 'PublishAllXml',
  parameters: {},
  messages: ['PublishAllXml', 'PublishAll', 'PublishAllXmlAsync'],
  entry: 'publish-all',
}

interface PublishOptions {
  readonly maxWaitMinutes: number
}

/**
 * Publishes all customizations. When the connection is cut before the answer, the `PublishAll` system job or entry of
 * the solution history that was not there before is looked for and waited for instead of publishing again.
 * @returns true when the answer was lost and the job had to be watched
 */
export function publishAll(client: DataverseClient, options: PublishOptions): Promise<boolean> {
  return publish(client, ALL, options)
}

/** The same for the components that the XML of `PublishXml` names. */
export function publishNamed(
  client: DataverseClient,
  parameterXml: string,
  options: PublishOptions,
): Promise<boolean> {
  const named: Publish = {
    what: 'Publishing the components',
    action: 'PublishXml',
    parameters: { ParameterXml: parameterXml },
    messages: ['PublishXml', 'Publish'],
    entry: 'publish',
  }
  return publish(client, named, options)
}

/**
 * Starts publishing everything as a job, which no gateway cuts off.
 * @throws UnknownOutcomeError when the answer was lost and nobody can tell whether it started
 */
export function startPublishAll(client: DataverseClient, queue: Queue): Promise<StartedOperation> {
  const action = 'PublishAllXmlAsync'
  return startOnce<void, StartedOperation>(client, {
    what: ALL.what,
    messages: ALL.messages,
    solutionName: 'all solutions',
    hasImportJob: false,
    advice: 'When nothing runs there any more, run the step again: publishing twice does no harm.',
    queue,
    async prepare() {},
    async send() {
      const answer = await client.post(action, {}, { whenBusy: 'refuse' })
      return idsIn(action, () => ({
        asyncOperationId: text(asRow(answer, action), 'AsyncOperationId', action),
        importJobId: undefined,
      }))
    },
    // A second one publishes what is published.
    fence: async () => true,
  })
}

async function publish(
  client: DataverseClient,
  message: Publish,
  { maxWaitMinutes }: PublishOptions,
): Promise<boolean> {
  const timeoutMs = Math.min(PUBLISH_TIMEOUT_MS, maxWaitMinutes * 60_000)
  const sinceMs = client.clock() - LOOK_BACK_MS
  const before = await readTraces(client, message, sinceMs)
  for (let sends = 1; ; sends++) {
    try {
      await client.post(message.action, message.parameters, { timeoutMs })
      return false
    } catch (error) {
      if (!(error instanceof LostAnswerError)) throw error
      client.log.notice(
        'The connection was lost while publishing; looking for the publish job before repeating it.',
      )
      if (await followPublish(client, message, sinceMs, before, maxWaitMinutes)) return true
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

async function readTraces(client: DataverseClient, message: Publish, sinceMs: number): Promise<Traces> {
  const jobs = await listAsyncOperations(
    client,
    message.messages.map((name) => `messagename eq '${name}'`).join(' or '),
    50,
  )
  const entries = await publishEntries(client, message, sinceMs)
  return { jobs: jobs.map(({ id }) => id), entries: entries.map(({ id }) => id) }
}

async function publishEntries(
  client: DataverseClient,
  { entry }: Publish,
  sinceMs: number,
): Promise<readonly HistoryEntry[]> {
  try {
    const entries = await listSolutionHistory(client, `msdyn_starttime ge ${moment(sinceMs)}`)
    return entries.filter(({ operation }) => operation === entry)
  } catch (error) {
    // Without the right to read it, or where there is none, the system jobs have to do.
    if (error instanceof DataverseError && error.status < 500) return []
    throw error
  }
}

/** Waits for the publish that a lost request started. @returns false when no trace of one is to be seen */
async function followPublish(
  client: DataverseClient,
  message: Publish,
  sinceMs: number,
  before: Traces,
  maxWaitMinutes: number,
): Promise<boolean> {
  for (let look = 0; look < LOOKS; look++) {
    if (look > 0) await client.sleep(LOOK_EVERY_MS)
    const now = await readTraces(client, message, sinceMs)
    const job = now.jobs.find((id) => !before.jobs.includes(id))
    if (job !== undefined) {
      await waitForAsyncOperation(client, job, { what: message.what, maxWaitMinutes })
      return true
    }
    const entry = now.entries.find((id) => !before.entries.includes(id))
    if (entry !== undefined) {
      await followEntry(client, message, sinceMs, entry, maxWaitMinutes)
      return true
    }
  }
  return false
}

async function followEntry(
  client: DataverseClient,
  message: Publish,
  sinceMs: number,
  entryId: string,
  maxWaitMinutes: number,
): Promise<void> {
  const { state, value } = await poll(client, {
    what: message.what,
    read: async () => (await publishEntries(client, message, sinceMs)).find(({ id }) => id === entryId),
    state: (entry) => entry.state,
    maxWaitMinutes,
  })
  if (state === 'succeeded') return
  throw new UserError(`${message.what} ended as ${state}: ${value.message || 'no reason is given.'}`)
}
