import type { ActionDeps } from '@dsa/action-kit'
import {
  type ConnectedDeps,
  type EnvironmentInputs,
  exportKinds,
  refuseLackingRights,
  RIGHTS_OF,
  signIn,
  userAgentOf,
} from '@dsa/connected-action'
import {
  type DataverseClient,
  findSolutions,
  listPatches,
  openQueue,
  type Solution,
  solutionNamed,
  waitUntilFree,
  withHttp,
} from '@dsa/dataverse-client'
import { archiveTree, openPackage, openZip, readSourceManifest } from '@dsa/solution-package'
import type { ComparedTree } from '@dsa/solution-package/diff'
import action from '../../action.yml'
import type { Inputs } from '../inputs.ts'
import { managedBase } from './managed-base.ts'
import type { Pair } from './pair.ts'
import { namedHeads, type Pairs } from './pairs.ts'

/** The new versions that the workflow names, each with what an environment has of it. Nothing is written there. */
export async function installedPairs(
  environment: EnvironmentInputs,
  inputs: Inputs,
  deps: ActionDeps,
): Promise<Pairs> {
  const heads = await namedHeads(inputs, deps)
  const userAgent = userAgentOf(action, 'action-diff')
  return withHttp(
    async (fetch) => {
      const connected = { ...deps, fetch, userAgent }
      const client = await signIn(environment, connected)
      const host = new URL(client.environmentUrl).host
      const pairs = await pairsIn(client, heads.pairs, environment, inputs, connected)
      return { ...heads, pairs, base: host, asked: [...heads.asked, host] }
    },
    { env: deps.environment },
  )
}

async function pairsIn(
  client: DataverseClient,
  heads: readonly Pair[],
  environment: EnvironmentInputs,
  inputs: Inputs,
  deps: ConnectedDeps,
): Promise<readonly Pair[]> {
  const wanted = heads.flatMap(({ folder, head }) =>
    head === undefined ? [] : [{ folder, head, name: readSourceManifest(head).uniqueName }],
  )
  await waitUntilFree(client, openQueue(client))
  const found = await findSolutions(
    client,
    wanted.map(({ name }) => name),
  )
  const solutions = wanted.map((one) => ({ ...one, installed: solutionNamed(found, one.name) }))
  if (solutions.some(({ installed }) => installed?.isManaged === false))
    await refuseLackingRights(client, RIGHTS_OF.export, 'an export')
  const host = new URL(client.environmentUrl).host
  const pairs: Pair[] = []
  for (const { folder, head, name, installed } of solutions) {
    deps.log.info(`${host}: ${inWords(name, installed)}.`)
    if (installed !== undefined) await tellPatches(installed, client, deps)
    pairs.push({
      folder,
      head,
      base:
        installed === undefined
          ? undefined
          : installed.isManaged
            ? await managedBase({ installed, folder, host }, inputs, deps)
            : await exportedTree(installed, client, environment, deps),
      installed: {
        environment: host,
        version: installed?.version ?? null,
        isManaged: installed?.isManaged === true,
      },
    })
  }
  return pairs
}

function inWords(name: string, installed: Solution | undefined): string {
  if (installed === undefined) return `'${name}' is not installed`
  return `'${name}' ${installed.version} is installed, ${installed.isManaged ? 'managed' : 'unmanaged'}`
}

async function exportedTree(
  solution: Solution,
  client: DataverseClient,
  { maxWaitMinutes }: EnvironmentInputs,
  deps: ConnectedDeps,
): Promise<ComparedTree> {
  const [exported] = await exportKinds(client, solution, {
    kinds: [false],
    maxWaitMinutes,
    group: (title, work) => deps.log.group(title, work),
  })
  if (exported === undefined) throw new Error('Nothing was exported.')
  const label = `the export of '${solution.uniqueName}'`
  return archiveTree(openPackage(openZip(exported.bytes, { label }), label))
}

/** A patch is a solution of its own, which neither an export nor an archive of its parent holds. */
async function tellPatches(
  { id, uniqueName }: Solution,
  client: DataverseClient,
  { log }: ConnectedDeps,
): Promise<void> {
  const patches = await listPatches(client, id)
  if (patches.length === 0) return
  const names = patches.map((patch) => `'${patch.uniqueName}' ${patch.version}`).join(', ')
  log.notice(`'${uniqueName}' has patches in ${client.environmentUrl} that are not compared with: ${names}.`)
}
