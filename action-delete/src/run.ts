import type { Outputs } from '@dsa/action-kit'
import {
  type ConnectedDeps,
  followJob,
  refuseInProduction,
  refuseLackingRights,
  RIGHTS_OF,
  signIn,
} from '@dsa/connected-action'
import {
  type DataverseClient,
  findSolution,
  openQueue,
  type Queue,
  startUninstall,
  UnknownOutcomeError,
  waitUntilFree,
} from '@dsa/dataverse-client'
import { UserError } from '@dsa/user-error'
import { type Deletion, guardDeletion, lookAtDeletion } from './deletion.ts'
import type { Inputs } from './inputs.ts'
import { concludeDeletion, describeDeletion } from './report.ts'

/** Says what goes with a solution, refuses what must not go unasked, and deletes it as a job. */
export async function run(inputs: Inputs, deps: ConnectedDeps): Promise<Outputs> {
  const client = await signIn(inputs, deps)
  const queue = openQueue(client)
  if (!inputs.dryRun) await waitUntilFree(client, queue)
  const deletion = await lookAtDeletion(client, inputs)
  if (deletion === undefined) return nothingThere(inputs, client, deps)
  putOut(deletion, deps)
  describeDeletion(deletion, deps)
  const { solution } = deletion
  if (inputs.dryRun) {
    concludeDeletion(deletion, 'would be deleted', client, deps)
    return { deleted: false }
  }
  concludeDeletion(deletion, 'was not deleted', client, deps)
  await refuseInProduction(client, `deleting '${solution.uniqueName}'`, {
    environmentKind: inputs.environmentKind,
    isAllowed: inputs.allowInProduction,
  })
  guardDeletion(deletion, inputs)
  await refuseLackingRights(client, RIGHTS_OF.delete, 'a deletion')
  await carryOut(deletion, inputs, queue, client, deps)
  concludeDeletion(deletion, 'was deleted', client, deps)
  deps.log.info(`Done: ${solution.uniqueName} ${solution.version} is gone from ${client.environmentUrl}.`)
  return { deleted: true }
}

function nothingThere(
  { solutionName }: Inputs,
  { environmentUrl }: DataverseClient,
  { log, summary }: ConnectedDeps,
): Outputs {
  const words = `There is no solution '${solutionName}' in ${environmentUrl}.`
  log.notice(words)
  summary.outcome('nothing to do', words)
  return { deleted: false }
}

function putOut({ solution, lost, hindrances }: Deletion, { setOutput }: ConnectedDeps): void {
  setOutput('version', solution.version)
  setOutput('managed', solution.isManaged)
  setOutput('removed-components', lost.length)
  setOutput(
    'data-tables',
    lost
      .filter(({ rows }) => rows !== undefined)
      .map(({ name }) => name)
      .join(','),
  )
  setOutput('dependents', hindrances.length)
}

async function carryOut(
  { solution }: Deletion,
  inputs: Inputs,
  queue: Queue,
  client: DataverseClient,
  { log, setOutput }: ConnectedDeps,
): Promise<void> {
  const isGone = async () => (await findSolution(client, solution.uniqueName))?.id !== solution.id
  try {
    await followJob(client, {
      what: `The deletion of '${solution.uniqueName}' ${solution.version}`,
      maxWaitMinutes: inputs.maxWaitMinutes,
      start: () =>
        startUninstall(client, {
          solution,
          queue,
          async prepare(reason) {
            if (reason !== 'waited') return
            // What ran meanwhile may have changed what goes.
            const now = await lookAtDeletion(client, { ...inputs, ifMissing: 'fail' })
            if (now !== undefined) guardDeletion(now, inputs)
          },
        }),
      started: (id) => setOutput('async-operation-id', id),
    })
  } catch (error) {
    if (!(error instanceof UnknownOutcomeError) || !(await isGone())) throw error
    log.notice('The answers were lost, and the solution is gone.')
  }
  if (await isGone()) return
  throw new UserError(
    `The job ended well, and '${solution.uniqueName}' is still in ${client.environmentUrl}: it was the deletion of another solution. Run the step again.`,
  )
}
