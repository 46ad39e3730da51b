import type { Outputs } from '@dsa/action-kit'
import { applyStagedUpgrade, JobFailedError } from '@dsa/connected-action'
import { ImportFailedError } from '../import-errors.ts'
import { identify } from '../report/import-report.ts'
import type { ImportReport } from '../report/import-report.ts'
import type { Session } from '../session.ts'
import { Job } from './job.ts'

/** Mode `promote`: applies an upgrade that was staged before. Nothing staged and the solution there is a success. */
export async function runPromote(session: Session, report: ImportReport): Promise<Outputs> {
  const { deps, client, inputs } = session
  const { solutionName: name } = report
  deps.setOutput('decision', 'promote')
  await identify(session, report)
  const job = new Job(session, `The upgrade of ${name}`)
  try {
    const end = await applyStagedUpgrade(client, {
      name,
      maxWaitMinutes: inputs.maxWaitMinutes,
      found({ installed, holding }) {
        deps.setOutput('previous-version', installed.version)
        deps.log.info(
          `The upgrade of ${name} ${installed.version} to ${holding.version} is applied; what the new version lacks is deleted.`,
        )
        job.isBeingSent()
      },
      started: (operation) => job.isKnownAs(operation),
    })
    if (!end.applied) return nothingStaged(session, report, end.version)
    report.promoted = { from: end.from, to: end.to }
  } catch (error) {
    if (error instanceof JobFailedError) {
      deps.setOutput('import-status', error.state)
      throw new ImportFailedError(error.message, [], { cause: error })
    }
    const explained = job.explained(error)
    report.unfinished = job.unfinished
    throw explained
  } finally {
    report.asyncOperationId = job.asyncOperationId
  }
  report.elapsedMs = deps.clock() - job.startedMs
  report.version = report.promoted.to
  return {
    changed: true,
    version: report.version,
    'import-status': 'succeeded',
    'duration-seconds': Math.round(report.elapsedMs / 1_000),
  }
}

function nothingStaged({ deps }: Session, report: ImportReport, version: string): Outputs {
  deps.log.notice(`No upgrade of '${report.solutionName}' is staged; version ${version} is there.`)
  deps.setOutput('previous-version', version)
  report.version = version
  return { changed: false, version, 'import-status': 'skipped', 'duration-seconds': 0 }
}
