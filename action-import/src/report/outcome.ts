import { uploadContents } from '@dsa/connected-action'
import type { Outputs } from '@dsa/action-kit'
import type { ImportOutcome } from '../carry-out/follow.ts'
import { ImportFailedError } from '../import-errors.ts'
import { missingSuppliers, supplierLine } from '../look/missing-dependencies.ts'
import type { Session } from '../session.ts'
import { componentAnnotations } from './words.ts'

/**
 * Puts an ended import into outputs, log and, on request, an artifact.
 * @returns the outputs of a success
 * @throws ImportFailedError with the platform's reason and an annotation for each component that failed
 */
export async function concludeImport(
  session: Session,
  what: string,
  elapsedMs: number,
  outcome: ImportOutcome,
): Promise<Outputs> {
  const { deps, client } = session
  for (const warning of outcome.verdict?.warnings ?? []) deps.log.warning(warning)
  const outputs = {
    'import-status': outcome.status,
    'duration-seconds': Math.round(elapsedMs / 1_000),
    warnings: count(outcome, 'warning'),
    errors: count(outcome, 'error'),
  }
  if (outcome.status === 'succeeded') return outputs
  for (const [name, value] of Object.entries(outputs)) deps.setOutput(name, value)
  await uploadLog(session, outcome)
  const lines = [
    `${what} ${outcome.status} in ${client.environmentUrl}: ${outcome.reason}`,
    ...missingSuppliers(outcome.record.missingDependencies).map((one) => `${supplierLine(one)}.`),
  ]
  throw new ImportFailedError(lines.join('\n'), componentAnnotations(outcome.record.results))
}

function count({ record, verdict }: ImportOutcome, level: 'warning' | 'error'): number {
  const listed = record.results.filter((result) => result.level === level).length
  const said = (level === 'warning' ? verdict?.warnings : verdict?.errors)?.length ?? 0
  return Math.max(listed, said)
}

/** The platform's own record of the import, for those who must look further. A failed upload hides no reason. */
async function uploadLog({ inputs, deps }: Session, { rawLog, verdict }: ImportOutcome): Promise<void> {
  if (inputs.logArtifactName === undefined || rawLog === '') return
  try {
    await uploadContents(deps, inputs.logArtifactName, {
      'import-job.xml': rawLog,
      ...(verdict && { 'import-results.xml': verdict.formattedResults }),
    })
  } catch (error) {
    deps.log.warning(`The record of the import could not be uploaded: ${String(error)}`)
  }
}
