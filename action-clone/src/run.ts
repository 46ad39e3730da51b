import type { Outputs } from '@dsa/action-kit'
import { resolvePath } from '@dsa/action-kit'
import {
  type ConnectedDeps,
  exportKinds,
  kindsOf,
  refuseLackingRights,
  refuseExport,
  RIGHTS_OF,
  signIn,
  unpackInto,
} from '@dsa/connected-action'
import {
  type DataverseClient,
  openQueue,
  requireSolution,
  type Solution,
  waitUntilFree,
} from '@dsa/dataverse-client'
import { cloneInEnvironment } from './clone-in-environment.ts'
import type { Inputs } from './inputs.ts'

/** Brings the source of a solution into a folder, or makes a new version or a patch of it in the environment. */
export async function run(inputs: Inputs, deps: ConnectedDeps): Promise<Outputs> {
  for (const notice of inputs.notices) deps.log.notice(notice)
  const client = await signIn(inputs, deps)
  await waitUntilFree(client, openQueue(client))
  const found = await requireSolution(client, inputs.solutionName)
  const { mode } = inputs
  if (mode !== 'source') return cloneInEnvironment(mode, found, inputs, client, deps)
  refuseExport(found, client)
  await refuseLackingRights(client, RIGHTS_OF.export, 'an export')
  return bringSource(found, inputs, client, deps)
}

async function bringSource(
  solution: Solution,
  { targetFolder, workingDirectory, type, maxWaitMinutes }: Inputs,
  client: DataverseClient,
  deps: ConnectedDeps,
): Promise<Outputs> {
  const { uniqueName, version } = solution
  const folder = resolvePath(resolvePath(deps.root, workingDirectory ?? '.'), targetFolder ?? uniqueName)
  const exported = await exportKinds(client, solution, {
    kinds: kindsOf(type),
    maxWaitMinutes,
    group: (title, work) => deps.log.group(title, work),
  })
  const { added, changed, deleted, unchanged } = unpackInto(folder, exported, deps)
  const count = added.length + changed.length + deleted.length
  const words = `${added.length} added, ${changed.length} changed, ${deleted.length} deleted, ${unchanged} unchanged`
  deps.log.info(`${folder}: ${words}.`)
  deps.summary.outcome(
    count === 0 ? 'nothing to do' : 'done',
    `${uniqueName} ${version} (${type}) unpacked from ${new URL(client.environmentUrl).host}`,
    [words],
  )
  return {
    'solution-folder': folder,
    'unique-name': uniqueName,
    'solution-version': version,
    'files-changed': count,
    changed: count > 0,
  }
}
