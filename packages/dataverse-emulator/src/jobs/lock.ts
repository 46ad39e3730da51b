import { unfinishedJob } from './queue.ts'
import type { Environment } from '../environment.ts'
import { refuse } from '../odata/errors.ts'

/**
 * One solution operation runs at a time. Jobs wait in a queue, calls that are answered at once are refused.
 * @throws ApiError 429 `0x80071151`, without `Retry-After`
 */
export function refuseWhileBusy(environment: Environment, operation: string): void {
  const job = unfinishedJob(environment)
  if (job === undefined) return
  const running = job.lock
  throw running === operation
    ? refuse('busy', `another [${operation}]`, `a previous [${running}]`)
    : refuse('busy', `the requested operation [${operation}]`, `another [${running}]`)
}
