import {
  deleteStageUpload,
  findWithUpgrade,
  isCustomizationLock,
  listSolutionOperations,
  startImport,
  startPromote,
  UnknownOutcomeError,
} from '@dsa/dataverse-client'
import type { ImportRequest, Queue, StartedOperation } from '@dsa/dataverse-client'
import type { Action } from '../decide/decision.ts'
import type { Archive } from '../look/archive.ts'
import { hasVersionOf, isUnchanged } from '../look/target.ts'
import type { Target } from '../look/target.ts'
import { isError } from '../prepare/findings.ts'
import { discard, guardFindings, stage } from '../prepare/prepare.ts'
import type { Staged } from '../prepare/prepare.ts'
import type { Session } from '../session.ts'
import { followImport } from './follow.ts'
import type { ImportOutcome } from './follow.ts'
import type { Job } from './job.ts'
import { keepsItsPlace } from './place-in-queue.ts'

export interface Undertaking {
  readonly action: Exclude<Action, 'skip'>
  readonly archive: Archive
  /** What the decision was made from. */
  readonly target: Target
  /** Missing for `promote`, which applies what is there. */
  readonly staged: Staged | undefined
  /** Time for waiting until the environment is free. */
  readonly queue: Queue
}

/** What the decision was made from is no longer so, and nothing was imported. Never seen by a person: it is decided again. */
export class TargetChangedError extends Error {
  override readonly name = 'TargetChangedError'
}

/**
 * Starts the job of a decision, once, and follows it to its end. No upload is left behind.
 * @throws TargetChangedError when, right before a sending, the environment has other versions than the decision knew
 */
export async function carryOut(session: Session, undertaking: Undertaking, job: Job): Promise<ImportOutcome> {
  const { archive, staged } = undertaking
  const started = await (staged === undefined
    ? promote(session, undertaking, job)
    : start(session, undertaking, staged, job))
  const outcome = await followImport(session.client, started, job, {
    what: `${archive.name} ${archive.version}`,
    solutionName: archive.name,
    maxWaitMinutes: session.inputs.maxWaitMinutes,
  })
  if (started.isFound === true && staged !== undefined && outcome.status === 'succeeded') {
    await requireOwn(session, undertaking, staged, job)
  }
  return outcome
}

/**
 * A job that was found by looking can be another deployment of the solution by the same application; then the
 * environment has another version at its end. The request whose answer was lost is fenced, and it is decided again.
 * @throws TargetChangedError when the request certainly started nothing and will start nothing
 * @throws UnknownOutcomeError when that is not certain
 */
async function requireOwn(
  { client }: Session,
  { action, archive }: Undertaking,
  { result: { uploadId } }: Staged,
  job: Job,
): Promise<void> {
  const now = await findWithUpgrade(client, archive.name)
  if (hasVersionOf(archive, action === 'stage' ? now.holding : now.installed)) return
  const followed = `The job that was followed is the import of another version: ${client.environmentUrl} has ${archive.name} ${now.installed?.version ?? '(nothing)'}.`
  const isFenced = uploadId !== undefined && (await deleteStageUpload(client, uploadId))
  if (isFenced && (await listSolutionOperations(client)).length === 0) {
    job.isWithdrawn()
    throw new TargetChangedError(`${followed} That of ${archive.version} was certainly not started.`)
  }
  job.isOfAnother()
  throw new UnknownOutcomeError(
    `${followed} Whether the import of ${archive.version} was started is not known, so it was not sent again. Look at ` +
      `Solutions, History in the environment for '${archive.name}'; if it is not there, run the step again.`,
  )
}

/** Whether the job ended because another solution operation held the environment, so that it did nothing. */
export function metTheLock({ status, operation, reason }: ImportOutcome): boolean {
  return status === 'failed' && isCustomizationLock(operation.errorCode, reason)
}

/** Looks again before a sending: the upload, a backup and each wait take their time. */
async function confirm({ client }: Session, { archive, target }: Undertaking): Promise<void> {
  if (await isUnchanged(client, archive, target)) return
  throw new TargetChangedError(
    `${client.environmentUrl} has another version of ${archive.name} than before; nothing was sent.`,
  )
}

/** While a job waits in the queue, none is on its way. */
function queueOf({ queue }: Undertaking, job: Job): Queue {
  return {
    async wait(reason, askedMs) {
      job.isWaiting()
      await queue.wait(reason, askedMs)
    },
  }
}

async function promote(session: Session, undertaking: Undertaking, job: Job): Promise<StartedOperation> {
  const started = await startPromote(session.client, {
    baseName: undertaking.archive.name,
    queue: queueOf(undertaking, job),
    async prepare() {
      await confirm(session, undertaking)
      job.isBeingSent()
    },
  })
  return holdPlace(session, started, job)
}

/** @throws TargetChangedError when the job was withdrawn, since another one came first */
async function holdPlace(session: Session, started: StartedOperation, job: Job): Promise<StartedOperation> {
  job.isKnownAs(started)
  if (await keepsItsPlace(session, started.asyncOperationId)) return started
  job.isWithdrawn()
  throw new TargetChangedError(
    `Another operation came first in ${session.client.environmentUrl}, so the import was withdrawn before it began.`,
  )
}

async function start(
  session: Session,
  undertaking: Undertaking,
  prepared: Staged,
  job: Job,
): Promise<StartedOperation> {
  const { action, archive, target } = undertaking
  let staged = prepared
  try {
    const started = await startImport(session.client, {
      solutionName: archive.name,
      version: archive.version,
      decidedFrom: [target.installed, target.holding].filter((one) => one !== undefined),
      queue: queueOf(undertaking, job),
      async prepare(reason) {
        if (reason === 'lost' || reason === 'expired') {
          staged = await stage(session, archive)
          guardFindings(session, archive, staged.findings.filter(isError))
        }
        if (reason !== 'first') await confirm(session, undertaking)
        job.isBeingSent()
        return requestOf(session, action, archive, staged)
      },
    })
    return await holdPlace(session, started, job)
  } catch (error) {
    // After an unknown outcome the upload may be in use.
    if (!(error instanceof UnknownOutcomeError)) await discard(session, staged.result)
    throw error
  }
}

function requestOf(
  { inputs }: Session,
  action: Undertaking['action'],
  archive: Archive,
  { result, plan }: Staged,
): ImportRequest {
  return {
    action: action === 'stage' || action === 'upgrade' ? action : 'import',
    // A failed staging gives no upload; it only gets here when missing product updates may be skipped.
    source: result.uploadId === undefined ? { archive: archive.bytes } : { uploadId: result.uploadId },
    overwriteUnmanagedCustomizations: inputs.forceOverwrite,
    publishWorkflows: inputs.activatePlugins,
    skipProductUpdateDependencies: inputs.skipDependencyCheck,
    componentParameters: plan.componentParameters,
  }
}
