import { deleteStageUpload, stageSolution, unfinishedOperations } from '@dsa/dataverse-client'
import type { MissingDependency, StageResult } from '@dsa/dataverse-client'
import { counted, quotedList } from '@dsa/user-error'
import { ImportFailedError } from '../import-errors.ts'
import type { Archive } from '../look/archive.ts'
import { withKind } from '../look/missing-dependencies.ts'
import type { Target } from '../look/target.ts'
import type { Session } from '../session.ts'
import { supplies } from '../several/needs.ts'
import { planSettings } from '../settings/settings-plan.ts'
import type { SettingsPlan } from '../settings/settings-plan.ts'
import { isError, raised } from './findings.ts'
import type { Finding } from './findings.ts'
import { MISSING_DEPENDENCIES, operationFindings, preflight, unmanagedInProduction } from './preflight.ts'

/** The archive in the environment, checked and not yet imported. */
export interface Staged {
  readonly result: StageResult
  readonly plan: SettingsPlan
  readonly findings: readonly Finding[]
}

/** Uploads the archive, which changes nothing, and collects everything that can be known before the import. */
export async function stage(session: Session, archive: Archive): Promise<Staged> {
  const { inputs, deps, client } = session
  client.log.info(`Uploading ${archive.name} ${archive.version} for a check (nothing is changed yet).`)
  const result = withoutComing(session, await stageSolution(client, archive.bytes))
  try {
    await listMissing(deps.log, result.missingDependencies)
    const plan = await planSettings(session, result.components, inputs.reuseConnections)
    for (const name of plan.reused) {
      deps.log.notice(
        `The connection reference '${name}' takes the one connection that others of its connector have.`,
      )
    }
    const findings = await preflight(client, {
      archive,
      staged: result,
      plan,
      skipProductUpdateDependencies: inputs.skipDependencyCheck,
    })
    return { result, plan, findings }
  } catch (error) {
    await discard(session, result)
    throw error
  }
}

/**
 * In a check of several solutions: what an earlier one of them brings is missing now, and will not be then.
 */
function withoutComing({ inputs, deps, before }: Session, result: StageResult): StageResult {
  const coming = inputs.mode === 'check' ? before : []
  const isComing = ({ required }: MissingDependency): boolean =>
    coming.some((archive) => supplies(archive, { ...required, id: required.displayName }))
  const missingDependencies = result.missingDependencies.filter((one) => !isComing(one))
  if (missingDependencies.length === result.missingDependencies.length) return result
  const count = result.missingDependencies.length - missingDependencies.length
  deps.log.notice(
    `Missing now, and brought by ${quotedList(coming.map(({ name }) => name))} before it: ${counted(count, 'component')}.`,
  )
  if (missingDependencies.length > 0) return { ...result, missingDependencies }
  const findings = result.findings.filter(
    ({ level, code }) => level !== 'error' || code !== MISSING_DEPENDENCIES,
  )
  return {
    ...result,
    missingDependencies,
    findings,
    passed: !findings.some(({ level }) => level === 'error'),
  }
}

/** Removes an upload that is not used. There is no time for it when the workflow is canceled; uploads expire. */
export async function discard(
  { client }: Session,
  { uploadId }: Pick<StageResult, 'uploadId'>,
): Promise<void> {
  if (uploadId !== undefined && !client.signal.aborted) await deleteStageUpload(client, uploadId)
}

/**
 * What only a check tells: what an import would wait for, and what does not belong into production.
 * @param notChecked gets a line when the environment does not tell
 */
export async function checkSurroundings(
  session: Session,
  target: Target,
  notChecked: string[],
): Promise<readonly Finding[]> {
  const unfinished = await unfinishedOperations(session.client)
  if (unfinished === undefined) {
    notChecked.push('what runs in the environment (its jobs may not be read)')
  }
  return [
    ...operationFindings(unfinished ?? []),
    ...(target.kind === 'production' ? await unmanagedInProduction(session.client) : []),
  ]
}

/**
 * Tells the findings.
 * @throws ImportFailedError with every error among them
 */
export function guardFindings(
  { client, deps, inputs }: Session,
  archive: Archive,
  found: readonly Finding[],
): void {
  const findings = raised(found, inputs.failOn)
  for (const { level, text } of findings) if (level === 'warning') deps.log.warning(text)
  const errors = findings.filter(isError)
  deps.setOutput('findings', errors.length)
  if (errors.length === 0) return
  throw new ImportFailedError(
    [
      `${client.environmentUrl} does not take ${archive.name} ${archive.version}; nothing was changed.`,
      ...errors.map(({ text }) => text),
    ].join('\n'),
  )
}

/** Each missing component, folded away: what to do about them is one line for each solution that supplies some. */
async function listMissing(
  log: Session['deps']['log'],
  missing: readonly MissingDependency[],
): Promise<void> {
  if (missing.length === 0) return
  await log.group(`The missing components (${missing.length})`, async () => {
    for (const { required, dependent } of missing) {
      log.info(
        `${withKind(required)} of ${required.solution || 'no solution'}, needed by ${withKind(dependent)}`,
      )
    }
  })
}
