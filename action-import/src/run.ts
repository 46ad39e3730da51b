import { resolvePath } from '@dsa/action-kit'
import { UserError } from '@dsa/user-error'
import type { Outputs } from '@dsa/action-kit'
import { runPromote } from './carry-out/promote.ts'
import { importSolution } from './import-solution.ts'
import type { Inputs } from './inputs.ts'
import { readArchive } from './look/archive.ts'
import type { Archive } from './look/archive.ts'
import type { ImportReport } from './report/import-report.ts'
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
  if (inputs.mode === 'settings') return runSettings(session)
  if (inputs.mode === 'promote') return runPromote(session, inputs.solutionName ?? archive?.name ?? '')
  if (archive === undefined) throw new Error('The inputs name no solution.')
  deps.setOutput('solution-name', archive.name)
  return importAndReport(session, archive)
}

async function importAndReport(session: Session, archive: Archive): Promise<Outputs> {
  const report: ImportReport = {
    archive,
    environmentUrl: session.client.environmentUrl,
    isCheck: session.inputs.mode === 'check',
  }
  try {
    return await importSolution(session, archive, report)
  } catch (error) {
    report.error = error
    throw error
  } finally {
    writeSummary(session.deps.summary, report)
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
