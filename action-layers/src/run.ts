import type { Outputs } from '@dsa/action-kit'
import { resolvePath } from '@dsa/action-kit'
import { type ConnectedDeps, refuseLackingRights, RIGHTS_OF, signIn } from '@dsa/connected-action'
import {
  type DataverseClient,
  isBuiltInSolution,
  listLayers,
  listSolutions,
  openQueue,
  removeUnmanagedLayer,
  requireSolution,
  type Solution,
  waitUntilFree,
} from '@dsa/dataverse-client'
import { requireWritable, writeWholeFile } from '@dsa/solution-package'
import { counted, UserError } from '@dsa/user-error'
import { chosen, findLayers, type FoundLayer } from './found-layer.ts'
import type { Inputs } from './inputs.ts'
import { reportOf, summarize } from './report.ts'

/** Tells what was changed by hand over managed solutions, and takes off the layers that were named. */
export async function run(inputs: Inputs, deps: ConnectedDeps): Promise<Outputs> {
  const { log, setOutput } = deps
  const file =
    inputs.reportFile === undefined
      ? undefined
      : resolvePath(resolvePath(deps.root, inputs.workingDirectory ?? '.'), inputs.reportFile)
  if (file !== undefined) await requireWritable([file])
  const client = await signIn(inputs, deps)
  const { managed, unmanaged } = await solutionsOf(inputs, client)
  const found = await findLayers(client, managed)
  for (const layer of found) {
    log.info(
      `${layer.words} of ${layer.solution}: changed by hand${layer.changedBy === '' ? '' : ` by '${layer.changedBy}'`}${layer.changedOn === '' ? '' : `, last on ${layer.changedOn}`}`,
    )
    for (const change of layer.changes) log.info(`  ${change}`)
  }
  const removed = await remove(chosen(found, inputs.remove), client, deps)
  const left = found.filter((layer) => !removed.includes(layer))
  const report = reportOf(client.environmentUrl, left, removed, unmanaged)
  if (file !== undefined) {
    await writeWholeFile(file, Buffer.from(`${JSON.stringify(report, undefined, 2)}\n`))
    setOutput('report-file', file)
  }
  summarize(left, removed, unmanaged, client, deps)
  setOutput('layers', left.length)
  setOutput('removed', removed.length)
  setOutput('changed', removed.length > 0)
  if (inputs.solutionName === undefined) setOutput('unmanaged-solutions', unmanaged.length)
  setOutput('report', JSON.stringify(report))
  const open = left.length + unmanaged.length
  if (inputs.failIfFound && open > 0) {
    throw new UserError(
      `${client.environmentUrl} has ${counted(left.length, 'unmanaged layer')} and ${counted(unmanaged.length, 'unmanaged solution')} ('fail-if-found'). They are in the summary, with the way out of each.`,
    )
  }
  return {}
}

/** The managed solutions whose layers are looked at, and what is unmanaged in the whole environment. */
async function solutionsOf(
  { solutionName }: Inputs,
  client: DataverseClient,
): Promise<{ readonly managed: readonly Solution[]; readonly unmanaged: readonly Solution[] }> {
  if (solutionName !== undefined) {
    const solution = await requireSolution(client, solutionName)
    if (solution.isManaged) return { managed: [solution], unmanaged: [] }
    throw new UserError(
      `'${solution.uniqueName}' is unmanaged in ${client.environmentUrl}: all of it is the unmanaged layer, and there is nothing below to show again. Layers lie over managed solutions.`,
    )
  }
  const all = (await listSolutions(client)).filter((solution) => !isBuiltInSolution(solution))
  return {
    managed: all.filter(({ isManaged }) => isManaged),
    unmanaged: all.filter(({ isManaged }) => !isManaged),
  }
}

/** @returns those that are gone, which is looked at afterwards */
async function remove(
  layers: readonly FoundLayer[],
  client: DataverseClient,
  { log }: ConnectedDeps,
): Promise<readonly FoundLayer[]> {
  if (layers.length === 0) return []
  await refuseLackingRights(client, RIGHTS_OF.layers, 'removing layers')
  await waitUntilFree(client, openQueue(client))
  const removed: FoundLayer[] = []
  for (const layer of layers) {
    await removeUnmanagedLayer(client, layer)
    if ((await listLayers(client, layer)).some(({ isUnmanaged }) => isUnmanaged)) {
      throw new UserError(
        `The environment took the request, and ${layer.words} still has its unmanaged layer. Removed before it: ${counted(removed.length, 'layer')}. Look at it in the maker portal: the solution, the component, Advanced, See solution layers.`,
      )
    }
    log.info(`Removed the unmanaged layer of ${layer.words}.`)
    removed.push(layer)
  }
  return removed
}
