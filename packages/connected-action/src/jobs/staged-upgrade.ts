import {
  failureText,
  findWithUpgrade,
  NothingToPromoteError,
  noSuchSolution,
  openQueue,
  startPromote,
  waitUntilFree,
  watchAsyncOperation,
} from '@dsa/dataverse-client'
import type { DataverseClient, Solution, StartedOperation } from '@dsa/dataverse-client'
import { JobFailedError } from './job.ts'

/** A solution, and the new version that is staged beside it. */
export interface StagedUpgrade {
  readonly installed: Solution
  readonly holding: Solution
}

export interface UpgradeOptions {
  /** The name of the installed solution, without `_Upgrade`. */
  readonly name: string
  readonly maxWaitMinutes: number
  /** Called when there is one to apply, before anything is sent; what it throws ends the step. */
  readonly found: (upgrade: StagedUpgrade) => Promise<void> | void
  readonly started: (operation: StartedOperation) => void
}

export type AppliedUpgrade =
  | { readonly applied: true; readonly from: string; readonly to: string }
  /** No upgrade is staged; the version is that of the installed solution. */
  | { readonly applied: false; readonly version: string }

/**
 * Applies an upgrade that was staged before: the base and its patches go with what the new version lacks, and the holding
 * solution takes the name.
 * @throws UserError when there is no such solution
 * @throws JobFailedError when the environment could not apply it
 */
export async function applyStagedUpgrade(
  client: DataverseClient,
  { name, maxWaitMinutes, found, started }: UpgradeOptions,
): Promise<AppliedUpgrade> {
  const queue = openQueue(client)
  await waitUntilFree(client, queue)
  const { installed, holding } = await findWithUpgrade(client, name)
  if (installed === undefined) throw await noSuchSolution(client, name)
  const nothing = { applied: false, version: installed.version } as const
  if (holding === undefined) return nothing
  await found({ installed, holding })
  const what = `The upgrade of ${installed.uniqueName} ${installed.version} to ${holding.version}`
  try {
    const operation = await startPromote(client, { baseName: installed.uniqueName, queue })
    started(operation)
    const { state, ...end } = await watchAsyncOperation(client, operation.asyncOperationId, {
      what,
      maxWaitMinutes,
    })
    if (state !== 'succeeded') {
      throw new JobFailedError(
        `${what} ${state} in ${client.environmentUrl}: ${failureText({ state, ...end })} (async operation ${end.id})`,
        state,
      )
    }
  } catch (error) {
    if (error instanceof NothingToPromoteError) return nothing
    throw error
  }
  const after = await findWithUpgrade(client, name)
  return { applied: true, from: installed.version, to: after.installed?.version ?? holding.version }
}
