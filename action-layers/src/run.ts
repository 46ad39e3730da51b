import { COMMENT_BYTES, type Outputs, resolvePath, summaryText } from '@dsa/action-kit'
import { type ConnectedDeps, refuseLackingRights, RIGHTS_OF, signIn } from '@dsa/connected-action'
import {
  type DataverseClient,
  listLayers,
  listSolutionContent,
  openQueue,
  removeUnmanagedLayer,
  requireSolution,
  waitUntilFree,
} from '@dsa/dataverse-client'
import { requireWritable, writeWholeFile } from '@dsa/solution-package'
import { counted, listed, UserError } from '@dsa/user-error'
import { chosen, findLayers, type FoundLayer } from './found-layer.ts'
import type { Inputs } from './inputs.ts'
import { openIn, openInWords, reportOf, summarize, type Unmanaged } from './report.ts'
import { type WholeEnvironment, wholeEnvironment } from './whole-environment.ts'

/** Where what was found is written to. */
interface Files {
  readonly report: string | undefined
  readonly markdown: string | undefined
}

/** A longer report is in its file alone: outputs of a job share one megabyte. */
const LONGEST_OUTPUT = 200_000

/** Tells what is unmanaged, and takes off the layers that were named. */
export async function run(inputs: Inputs, deps: ConnectedDeps): Promise<Outputs> {
  const { log } = deps
  const files = filesOf(inputs, deps)
  await requireWritable(Object.values(files).filter((file) => file !== undefined))
  const client = await signIn(inputs, deps)
  const { managed, solutions, ...others } = await lookAt(inputs, client)
  const found = await findLayers(client, managed)
  const told = found.filter(({ isOwn }) => !isOwn)
  if (told.length < found.length)
    log.info(
      `${counted(found.length - told.length, 'layer')} not counted, since nothing but connections, states and owners is in ${found.length - told.length === 1 ? 'it' : 'them'}.`,
    )
  for (const layer of told) {
    log.info(
      `${layer.words} of ${layer.solution}: changed by hand${layer.changedBy === '' ? '' : ` by '${layer.changedBy}'`}${layer.changedOn === '' ? '' : `, last on ${layer.changedOn}`}`,
    )
    for (const change of layer.changes) log.info(`  ${change}`)
  }
  const removed = await remove(chosen(found, inputs.remove), client, deps)
  const unmanaged = { ...others, removed, layers: told.filter((layer) => !removed.includes(layer)) }
  summarize(unmanaged, client, deps.summary)
  await tell(unmanaged, inputs.solutionName === undefined ? solutions : undefined, files, client, deps)
  if (inputs.failIfFound && openIn(unmanaged) > 0) {
    throw new UserError(
      `${client.environmentUrl} has ${listed(openInWords(unmanaged))} ('fail-if-found'). They are in the summary, with the way out of each.`,
    )
  }
  return {}
}

function filesOf({ workingDirectory, reportFile, markdownFile }: Inputs, { root }: ConnectedDeps): Files {
  const folder = resolvePath(root, workingDirectory ?? '.')
  const path = (file: string | undefined) => (file === undefined ? undefined : resolvePath(folder, file))
  return { report: path(reportFile), markdown: path(markdownFile) }
}

/** @param solutions undefined where one solution was looked at */
async function tell(
  found: Unmanaged,
  solutions: WholeEnvironment['solutions'] | undefined,
  files: Files,
  client: DataverseClient,
  { setOutput }: ConnectedDeps,
): Promise<void> {
  const report = reportOf(client.environmentUrl, found)
  if (files.report !== undefined) {
    await writeWholeFile(files.report, Buffer.from(`${JSON.stringify(report, undefined, 2)}\n`))
    setOutput('report-file', files.report)
  }
  if (files.markdown !== undefined) {
    const text = summaryText(COMMENT_BYTES, (summary) => summarize(found, client, summary))
    await writeWholeFile(files.markdown, Buffer.from(`${text}\n`))
    setOutput('markdown-file', files.markdown)
  }
  setOutput('open', openIn(found))
  setOutput('layers', found.layers.length)
  setOutput('removed', found.removed.length)
  setOutput('changed', found.removed.length > 0)
  if (solutions !== undefined) {
    setOutput('unmanaged-solutions', found.unmanaged.length)
    setOutput('loose-components', found.loose.length)
    setOutput('solutions', JSON.stringify(solutions))
  }
  const json = JSON.stringify(report)
  if (json.length <= LONGEST_OUTPUT) setOutput('report', json)
}

/** One managed solution, or the whole environment. */
async function lookAt({ solutionName }: Inputs, client: DataverseClient): Promise<WholeEnvironment> {
  if (solutionName === undefined) return wholeEnvironment(client)
  const { id, uniqueName, isManaged } = await requireSolution(client, solutionName)
  if (!isManaged)
    throw new UserError(
      `'${uniqueName}' is unmanaged in ${client.environmentUrl}: all of it is the unmanaged layer, and there is nothing below to show again. Layers lie over managed solutions.`,
    )
  const rows = await listSolutionContent(client, id)
  return { managed: [{ solution: uniqueName, rows }], unmanaged: [], loose: [], solutions: {} }
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
