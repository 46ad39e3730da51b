import { unfinishedJob } from './queue.ts'
import type { Environment } from '../environment.ts'
import { refuse } from '../odata/errors.ts'

/** What each message does, in the words of the lock. */
const LOCK_NAMES: Readonly<Record<string, string>> = {
  ImportSolutionAsync: 'Import',
  StageAndUpgradeAsync: 'Import',
  DeleteAndPromoteAsync: 'Uninstall',
  UninstallSolutionAsync: 'Uninstall',
  ExportSolutionAsync: 'Export',
  PublishAllXmlAsync: 'PublishAll',
}

/**
 * One solution operation runs at a time. Jobs wait in a queue, calls that are answered at once are refused.
 * @throws ApiError 429 `0x80071151`, without `Retry-After`
 */
export function refuseWhileBusy(environment: Environment, operation: string): void {
  const job = unfinishedJob(environment)
  if (job === undefined) return
  const running = LOCK_NAMES[job.message] ?? 'EntityCustomization'
  throw running === operation
    ? refuse('busy', `another [${operation}]`, `a previous [${running}]`)
    : refuse('busy', `the requested operation [${operation}]`, `another [${running}]`)
}
