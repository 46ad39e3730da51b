import type { Outputs } from '@dsa/action-kit'
import {
  applyStagedUpgrade,
  type ConnectedDeps,
  explainingEnd,
  listWhatGoes,
  type LostComponent,
  lostInWords,
  lostRows,
  refuseLackingRights,
  RIGHTS_OF,
  type SeenJob,
  signIn,
  type StagedUpgrade,
} from '@dsa/connected-action'
import { type DataverseClient, ifTold, listPatches } from '@dsa/dataverse-client'
import { UserError } from '@dsa/user-error'
import type { Inputs } from './inputs.ts'

/** Applies the upgrade that is staged beside a solution, after it has said what goes with the old version. */
export async function run(inputs: Inputs, deps: ConnectedDeps): Promise<Outputs> {
  const { log, setOutput } = deps
  for (const notice of inputs.notices) log.notice(notice)
  const { solutionName: name, maxWaitMinutes } = inputs
  const client = await signIn(inputs, deps)
  const job: SeenJob = { what: `The upgrade of '${name}'`, id: undefined }
  let lost: readonly LostComponent[] = []
  const end = await explainingEnd(client, job, () =>
    applyStagedUpgrade(client, {
      name,
      maxWaitMinutes,
      async found(upgrade) {
        await refuseLackingRights(client, RIGHTS_OF.upgrade, 'an upgrade')
        setOutput('previous-version', upgrade.installed.version)
        lost = await whatGoes(client, upgrade)
        setOutput('removed-components', lost.length)
        for (const one of lost) log.info(`Goes with the old version: ${lostInWords(one)}`)
        log.info(
          `Applying the upgrade of ${name} ${upgrade.installed.version} to ${upgrade.holding.version} …`,
        )
      },
      started({ asyncOperationId }) {
        job.id = asyncOperationId
        setOutput('async-operation-id', asyncOperationId)
      },
    }),
  )
  if (!end.applied) return nothingStaged(inputs, end.version, deps)
  summarize(name, end, lost, client, deps)
  return { changed: true, version: end.to }
}

/** The components of the base and its patches that the staged version does not hold. */
async function whatGoes(
  client: DataverseClient,
  { installed }: StagedUpgrade,
): Promise<readonly LostComponent[]> {
  const lost = await ifTold(
    client,
    async () => listWhatGoes(client, [installed, ...(await listPatches(client, installed.id))]),
    (why) => client.log.warning(`What goes with the old version is not known: ${why}`),
  )
  return lost ?? []
}

/** @throws UserError unless 'if-nothing-staged' is skip */
function nothingStaged(
  { solutionName, ifNothingStaged }: Inputs,
  version: string,
  { log, summary, setOutput }: ConnectedDeps,
): Outputs {
  const words = `No upgrade of '${solutionName}' is staged; version ${version} is there.`
  setOutput('previous-version', version)
  setOutput('version', version)
  if (ifNothingStaged === 'fail') {
    setOutput('changed', false)
    throw new UserError(
      `${words} Stage one with action-import ('mode: stage'), or give 'if-nothing-staged: skip' where that is well.`,
    )
  }
  log.notice(words)
  summary.outcome('nothing to do', words)
  return { changed: false, version }
}

function summarize(
  name: string,
  { from, to }: { readonly from: string; readonly to: string },
  lost: readonly LostComponent[],
  { environmentUrl }: DataverseClient,
  { log, summary }: ConnectedDeps,
): void {
  log.info(`Done: ${environmentUrl} has ${name} ${to}.`)
  summary.outcome('done', `Upgraded ${name} ${from} → ${to} in ${new URL(environmentUrl).host}`)
  if (lost.length === 0) return
  summary.heading(`Went with the old version (${lost.length})`)
  summary.table(['Kind', 'Name', 'With'], lostRows(lost))
}
