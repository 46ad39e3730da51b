import { isCustomizationLock, startImport, startPromote, UnknownOutcomeError } from '@dsa/dataverse-client'
import type { ImportRequest, Queue, StartedOperation } from '@dsa/dataverse-client'
import type { Action } from '../decide/decision.ts'
import type { Archive } from '../look/archive.ts'
import { discard, guardFindings, stage } from '../prepare/prepare.ts'
import type { Staged } from '../prepare/prepare.ts'
import type { Session } from '../session.ts'
import { followImport } from './follow.ts'
import type { ImportOutcome } from './follow.ts'
import type { Job } from './job.ts'

export interface Undertaking {
  readonly action: Exclude<Action, 'skip'>
  readonly archive: Archive
  /** Missing for `promote`, which applies what is there. */
  readonly staged: Staged | undefined
  /** Time for waiting until the environment is free. */
  readonly queue: Queue
}

/** Starts the job of a decision, once, and follows it to its end. No upload is left behind. */
export async function carryOut(session: Session, undertaking: Undertaking, job: Job): Promise<ImportOutcome> {
  const { archive, staged } = undertaking
  const started = await (staged === undefined
    ? promote(session, undertaking, job)
    : start(session, undertaking, staged, job))
  job.isKnownAs(started)
  return followImport(session.client, started, job, {
    what: `${archive.name} ${archive.version}`,
    solutionName: archive.name,
    maxWaitMinutes: session.inputs.maxWaitMinutes,
  })
}

/** Whether the job ended because another solution operation held the environment, so that it did nothing. */
export function metTheLock({ status, operation, reason }: ImportOutcome): boolean {
  return status === 'failed' && isCustomizationLock(operation.errorCode, reason)
}

function promote({ client }: Session, { archive, queue }: Undertaking, job: Job): Promise<StartedOperation> {
  return startPromote(client, {
    baseName: archive.name,
    queue,
    async prepare() {
      job.isBeingSent()
    },
  })
}

async function start(
  session: Session,
  { action, archive, queue }: Undertaking,
  prepared: Staged,
  job: Job,
): Promise<StartedOperation> {
  let staged = prepared
  try {
    return await startImport(session.client, {
      solutionName: archive.name,
      version: archive.version,
      queue,
      async prepare(reason) {
        if (reason === 'lost' || reason === 'expired') {
          staged = await stage(session, archive)
          guardFindings(session, archive, staged.findings)
        }
        job.isBeingSent()
        return requestOf(session, action, archive, staged)
      },
    })
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
