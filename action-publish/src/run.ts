import type { Outputs } from '@dsa/action-kit'
import {
  componentInWords,
  type ConnectedDeps,
  followJob,
  refuseLackingRights,
  RIGHTS_OF,
  signIn,
} from '@dsa/connected-action'
import {
  type DataverseClient,
  listSolutionContent,
  openQueue,
  publishNamed,
  type Queue,
  requireSolution,
  startPublishAll,
  waitUntilFree,
} from '@dsa/dataverse-client'
import type { Inputs } from './inputs.ts'
import { publicationOf } from './parameter-xml.ts'

/** Publishes everything, or what one solution holds, once the environment is free. */
export async function run(inputs: Inputs, deps: ConnectedDeps): Promise<Outputs> {
  for (const notice of inputs.notices) deps.log.notice(notice)
  const client = await signIn(inputs, deps)
  await refuseLackingRights(client, RIGHTS_OF.publish, 'publishing')
  const queue = openQueue(client)
  // Publishing right after an import would collide with what the import still does.
  await waitUntilFree(client, queue)
  return inputs.solutionName === undefined
    ? publishEverything(inputs, client, queue, deps)
    : publishSolution(inputs.solutionName, inputs, client, deps)
}

async function publishEverything(
  { maxWaitMinutes }: Inputs,
  client: DataverseClient,
  queue: Queue,
  { log, setOutput, summary }: ConnectedDeps,
): Promise<Outputs> {
  await followJob(client, {
    what: 'Publishing all customizations',
    maxWaitMinutes,
    start: () => startPublishAll(client, queue),
    started: (id) => setOutput('async-operation-id', id),
  })
  log.info(`Done: everything is published in ${client.environmentUrl}.`)
  summary.outcome('done', `Published all customizations in ${new URL(client.environmentUrl).host}`)
  return { published: 'all' }
}

async function publishSolution(
  solutionName: string,
  { maxWaitMinutes }: Inputs,
  client: DataverseClient,
  { log, summary }: ConnectedDeps,
): Promise<Outputs> {
  const solution = await requireSolution(client, solutionName)
  const { uniqueName, version, isManaged } = solution
  if (isManaged) {
    log.notice(
      `'${uniqueName}' is managed and arrived published; what was changed over it by hand is published.`,
    )
  }
  const { xml, named, others } = publicationOf(await listSolutionContent(client, solution.id))
  const outputs: Outputs = { published: uniqueName, components: named.length, 'not-publishable': others }
  const where = new URL(client.environmentUrl).host
  if (xml === '') {
    const words = `${uniqueName} ${version} holds nothing that needs publishing.`
    log.notice(words)
    summary.outcome('nothing to do', words)
    return outputs
  }
  for (const row of named) log.info(`To be published: ${componentInWords(row)}`)
  await publishNamed(client, xml, { maxWaitMinutes })
  log.info(
    `Done: ${named.length} components of ${uniqueName} ${version} are published in ${client.environmentUrl}.`,
  )
  summary.outcome('done', `Published ${uniqueName} ${version} in ${where}`, [
    `${named.length} components, with tables all that belongs to them`,
    `${others} need no publishing`,
  ])
  summary.folded(`Components (${named.length})`, (body) => body.list(named.map(componentInWords)))
  return outputs
}
