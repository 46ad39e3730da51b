import type { Outputs } from '@dsa/action-kit'
import {
  failureText,
  findSolutions,
  NothingToPromoteError,
  startPromote,
  watchAsyncOperation,
} from '@dsa/dataverse-client'
import type { Solution } from '@dsa/dataverse-client'
import { ImportFailedError } from '../import-errors.ts'
import type { Session } from '../session.ts'
import { Job } from './job.ts'

/** Mode `promote`: applies an upgrade that was staged before. Nothing staged and the solution there is a success. */
export async function runPromote(session: Session, name: string): Promise<Outputs> {
  const { deps, client, inputs } = session
  deps.setOutput('solution-name', name)
  deps.setOutput('decision', 'promote')
  const before = await look(session, name)
  deps.setOutput('previous-version', before.base?.version ?? '')
  if (before.base === undefined) {
    throw new ImportFailedError(
      `There is no solution '${name}' in ${client.environmentUrl} that an upgrade could be applied to. Give the base ` +
        "solution's unique name, without '_Upgrade'.",
    )
  }
  if (before.holding === undefined) return nothingStaged(session, name, before.base)

  const what = `The upgrade of ${name} ${before.base.version} to ${before.holding.version}`
  const job = new Job(session, what)
  deps.log.info(`${what} is applied; what the new version lacks is deleted.`)
  try {
    job.isBeingSent()
    const started = await startPromote(client, { baseName: name })
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
    if (error instanceof NothingToPromoteError) return nothingStaged(session, name, before.base)
    throw job.explained(error)
  }
  const after = await look(session, name)
  const seconds = Math.round((deps.clock() - job.startedMs) / 1_000)
  deps.summary.outcome('done', `${name}: ${before.base.version} → ${after.base?.version ?? '?'}`)
  deps.summary.text(`The staged upgrade was applied in ${client.environmentUrl} in ${seconds} s.`)
  return {
    changed: true,
    version: after.base?.version,
    'import-status': 'succeeded',
    'duration-seconds': seconds,
  }
}

async function look(
  { client }: Session,
  name: string,
): Promise<{ readonly base: Solution | undefined; readonly holding: Solution | undefined }> {
  const found = await findSolutions(client, [name, `${name}_Upgrade`])
  const named = (wanted: string): Solution | undefined =>
    found.find(({ uniqueName }) => uniqueName.toLowerCase() === wanted.toLowerCase())
  return { base: named(name), holding: named(`${name}_Upgrade`) }
}

function nothingStaged({ deps }: Session, name: string, base: Solution): Outputs {
  deps.log.notice(`No upgrade of '${name}' is staged; version ${base.version} is there.`)
  deps.summary.outcome('nothing to do', `${name}: nothing to apply`)
  return { changed: false, version: base.version, 'import-status': 'skipped', 'duration-seconds': 0 }
}
