import type { Outputs } from '@dsa/action-kit'
import {
  failureText,
  NothingToPromoteError,
  openQueue,
  startPromote,
  watchAsyncOperation,
} from '@dsa/dataverse-client'
import type { Solution } from '@dsa/dataverse-client'
import { ImportFailedError } from '../import-errors.ts'
import { waitUntilFree } from '../look/free-environment.ts'
import { findWithUpgrade } from '../look/target.ts'
import { identify } from '../report/import-report.ts'
import type { ImportReport } from '../report/import-report.ts'
import type { Session } from '../session.ts'
import { Job } from './job.ts'

/** Mode `promote`: applies an upgrade that was staged before. Nothing staged and the solution there is a success. */
export async function runPromote(session: Session, report: ImportReport): Promise<Outputs> {
  const { deps, client, inputs } = session
  const { solutionName: name } = report
  deps.setOutput('decision', 'promote')
  const queue = openQueue(client)
  await waitUntilFree(session, queue)
  await identify(session, report)
  const before = await findWithUpgrade(client, name)
  deps.setOutput('previous-version', before.installed?.version ?? '')
  if (before.installed === undefined) {
    throw new ImportFailedError(
      `There is no solution '${name}' in ${client.environmentUrl} that an upgrade could be applied to. Give the base ` +
        "solution's unique name, without '_Upgrade'.",
    )
  }
  if (before.holding === undefined) return nothingStaged(session, report, before.installed)

  const what = `The upgrade of ${name} ${before.installed.version} to ${before.holding.version}`
  const job = new Job(session, what)
  deps.log.info(`${what} is applied; what the new version lacks is deleted.`)
  try {
    job.isBeingSent()
    const started = await startPromote(client, { baseName: name, queue })
    job.isKnownAs(started)
    const operation = await watchAsyncOperation(client, started.asyncOperationId, {
      what,
      maxWaitMinutes: inputs.maxWaitMinutes,
    })
    if (operation.state !== 'succeeded') {
      deps.setOutput('import-status', operation.state)
      throw new ImportFailedError(
        `${what} ${operation.state} in ${client.environmentUrl}: ${failureText(operation)} (async operation ${operation.id})`,
      )
    }
  } catch (error) {
    if (error instanceof NothingToPromoteError) return nothingStaged(session, report, before.installed)
    const explained = job.explained(error)
    report.unfinished = job.unfinished
    throw explained
  } finally {
    report.asyncOperationId = job.asyncOperationId
  }
  report.elapsedMs = deps.clock() - job.startedMs
  const after = await findWithUpgrade(client, name)
  report.version = after.installed?.version
  report.promoted = { from: before.installed.version, to: after.installed?.version ?? before.holding.version }
  return {
    changed: true,
    version: after.installed?.version,
    'import-status': 'succeeded',
    'duration-seconds': Math.round(report.elapsedMs / 1_000),
  }
}

function nothingStaged({ deps }: Session, report: ImportReport, base: Solution): Outputs {
  deps.log.notice(`No upgrade of '${report.solutionName}' is staged; version ${base.version} is there.`)
  report.version = base.version
  return { changed: false, version: base.version, 'import-status': 'skipped', 'duration-seconds': 0 }
}
