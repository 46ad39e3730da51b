import { resolvePath } from '@dsa/action-kit'
import { UserError } from '@dsa/user-error'
import type { Outputs } from '@dsa/action-kit'
import { runPromote } from './carry-out/promote.ts'
import { importSolution } from './import-solution.ts'
import type { Inputs } from './inputs.ts'
import { readArchive } from './look/archive.ts'
import type { Archive } from './look/archive.ts'
import type { ImportReport } from './report/import-report.ts'
import { headlineOf } from './report/headline.ts'
import { keepRecord } from './report/record.ts'
import { sourceOf } from './report/source.ts'
import { guardResult } from './report/strict.ts'
import { writeSummary } from './report/summary.ts'
import { baseOf, openSession } from './session.ts'
import type { ImportDeps, Session } from './session.ts'
import { runSettings } from './settings/apply-settings.ts'

/** The service's own limit is not documented; this is where people meet it. */
const LARGE_BYTES = 95 * 1024 * 1024

/** Brings a solution into an environment, or does the part of it that the mode names. */
export async function run(inputs: Inputs, deps: ImportDeps): Promise<Outputs> {
  for (const notice of inputs.notices) deps.log.notice(notice)
  for (const warning of inputs.warnings) deps.log.warning(warning)
  const archive = await archiveOf(inputs, deps)
  const session = await openSession(inputs, deps, archive)
  const report: ImportReport = {
    mode: inputs.mode,
    solutionName: archive?.name ?? inputs.solutionName ?? '',
    archive,
    environmentUrl: session.client.environmentUrl,
    startedMs: deps.clock(),
    notChecked: [],
  }
  if (report.solutionName !== '') deps.setOutput('solution-name', report.solutionName)
  try {
    return strictly(session, report, await carryOutMode(session, archive, report))
  } catch (error) {
    report.error = error
    throw error
  } finally {
    const headline = headlineOf(report, deps.clock() - report.startedMs)
    writeSummary(deps.summary, report, headline, sourceOf(deps.environment))
    await keepRecord(session, report, headline)
  }
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

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

async function archiveOf(inputs: Inputs, deps: ImportDeps): Promise<Archive | undefined> {
  if (inputs.solutionFile === undefined) return undefined
  const archive = await readArchive(resolvePath(baseOf(inputs, deps), inputs.solutionFile))
  if (inputs.solutionName !== undefined && !same(inputs.solutionName, archive.name)) {
    throw new UserError(
      `Input 'solution-name' is '${inputs.solutionName}', but 'solution-file' ${inputs.solutionFile} is the solution '${archive.name}'. Give the archive of that solution, or leave 'solution-name' out.`,
    )
  }
  if (archive.bytes.length > LARGE_BYTES) {
    deps.log.warning(`${archive.path} is larger than 95 MB; the service may refuse it.`)
  }
  return archive
}
