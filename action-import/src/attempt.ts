import type { Outputs } from '@dsa/action-kit'
import { runPromote } from './carry-out/promote.ts'
import { importSolution } from './import-solution.ts'
import type { Archive } from './look/archive.ts'
import { headlineOf } from './report/headline.ts'
import type { Headline } from './report/headline.ts'
import type { ImportReport } from './report/import-report.ts'
import { keepRecord } from './report/record.ts'
import { sourceOf } from './report/source.ts'
import { guardResult } from './report/strict.ts'
import { writeSummary } from './report/summary.ts'
import type { Session } from './session.ts'
import { runSettings } from './settings/apply-settings.ts'

/** How the work on one solution ended. */
export interface Attempt {
  readonly headline: Headline
  /** Empty where it failed; what was known by then was set at once. */
  readonly outputs: Outputs
  /** Why it ended without success. */
  readonly error?: unknown
}

/** Does what the mode says for one solution, and leaves summary and record whatever becomes of it. */
export async function attempt(session: Session, archive: Archive | undefined): Promise<Attempt> {
  const { inputs, deps } = session
  const report: ImportReport = {
    mode: inputs.mode,
    solutionName: archive?.name ?? inputs.solutionName ?? '',
    archive,
    environmentUrl: session.client.environmentUrl,
    startedMs: deps.clock(),
    notChecked: [],
  }
  if (report.solutionName !== '') deps.setOutput('solution-name', report.solutionName)
  let outputs: Outputs = {}
  try {
    outputs = strictly(session, report, await carryOutMode(session, archive, report))
  } catch (error) {
    report.error = error
  }
  const headline = headlineOf(report, deps.clock() - report.startedMs)
  writeSummary(deps.summary, report, headline, sourceOf(deps.environment))
  await keepRecord(session, report, headline)
  return { headline, outputs, error: report.error }
}

async function carryOutMode(
  session: Session,
  archive: Archive | undefined,
  report: ImportReport,
): Promise<Outputs> {
  const { mode } = session.inputs
  if (mode === 'settings') return runSettings(session, report)
  if (mode === 'promote') return runPromote(session, report)
  if (archive === undefined) throw new Error('The inputs name no solution.')
  return importSolution(session, archive, report)
}

/** The outputs are there for the steps after this one, also when `fail-on` stops the run. */
function strictly({ deps, inputs }: Session, report: ImportReport, outputs: Outputs): Outputs {
  try {
    guardResult(report, inputs.failOn)
    return outputs
  } catch (error) {
    for (const [name, value] of Object.entries(outputs)) deps.setOutput(name, value)
    throw error
  }
}
