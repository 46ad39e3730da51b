import { join } from 'node:path'
import type { Outputs } from '@dsa/action-kit'
import { resolvePath } from '@dsa/action-kit'
import {
  type ConnectedDeps,
  type ExportedKind,
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
  isBuiltInSolution,
  listSolutions,
  openQueue,
  requireSolution,
  type Solution,
  waitUntilFree,
} from '@dsa/dataverse-client'
import { managedSibling, writeWholeFile } from '@dsa/solution-package'
import { counted, errorText, quotedList, UserError } from '@dsa/user-error'
import type { Inputs } from './inputs.ts'

/** What became of one solution. */
interface Kept {
  readonly solution: Solution
  /** Files that were written, added, changed or deleted. */
  readonly files: number
  readonly paths: readonly string[]
  /** '' when it was kept. */
  readonly error: string
}

/** Exports each solution on its own, so that one that fails does not cost the others. */
export async function run(inputs: Inputs, deps: ConnectedDeps): Promise<Outputs> {
  const { log, setOutput } = deps
  const folder = resolvePath(resolvePath(deps.root, inputs.workingDirectory ?? '.'), inputs.targetFolder)
  const client = await signIn(inputs, deps)
  await waitUntilFree(client, openQueue(client))
  const solutions = await solutionsOf(inputs, client)
  await refuseLackingRights(client, RIGHTS_OF.backup, 'a backup')
  setOutput('backup-folder', folder)
  const kept: Kept[] = []
  for (const solution of solutions) kept.push(await keep(solution, folder, inputs, client, deps))
  const good = kept.filter(({ error }) => error === '')
  const bad = kept.filter(({ error }) => error !== '')
  summarize(kept, folder, client, deps)
  const outputs: Outputs = {
    solutions: good.map(({ solution }) => solution.uniqueName).join(','),
    count: good.length,
    failed: bad.map(({ solution }) => solution.uniqueName).join(','),
    changed: good.some(({ files }) => files > 0),
    'artifact-id': await upload(inputs.artifactName, good, folder, deps),
  }
  if (bad.length === 0) {
    log.info(`Done: ${counted(good.length, 'solution')} of ${client.environmentUrl} in ${folder}.`)
    return outputs
  }
  for (const [name, value] of Object.entries(outputs)) setOutput(name, value)
  throw new UserError(
    [
      `${bad.length} of ${counted(kept.length, 'solution')} could not be backed up; the others are in ${folder}.`,
      ...bad.map(({ solution, error }) => `'${solution.uniqueName}': ${error}`),
    ].join('\n'),
  )
}

/** The named ones, or all unmanaged ones that somebody made. */
async function solutionsOf(
  { solutions, exclude, ifNothing }: Inputs,
  client: DataverseClient,
): Promise<readonly Solution[]> {
  const isExcluded = ({ uniqueName }: Solution): boolean =>
    exclude.some((name) => name.toLowerCase() === uniqueName.toLowerCase())
  if (solutions.length > 0) {
    const named: Solution[] = []
    for (const name of solutions) {
      const solution = await requireSolution(client, name)
      refuseExport(solution, client)
      if (!isExcluded(solution)) named.push(solution)
    }
    return named
  }
  const all = (await listSolutions(client)).filter(
    (one) => !one.isManaged && !isBuiltInSolution(one) && !isExcluded(one),
  )
  if (all.length > 0 || ifNothing === 'skip') return all
  throw new UserError(
    `${client.environmentUrl} has no unmanaged solution${exclude.length === 0 ? '' : ` but ${quotedList(exclude)}`}, so there is nothing to back up. Give the 'environment-url' of the environment that solutions are developed in.`,
  )
}

async function keep(
  solution: Solution,
  folder: string,
  { type, unpack, maxWaitMinutes }: Inputs,
  client: DataverseClient,
  deps: ConnectedDeps,
): Promise<Kept> {
  const { uniqueName, version } = solution
  try {
    const exported = await exportKinds(client, solution, {
      kinds: kindsOf(type),
      maxWaitMinutes,
      group: (title, work) => deps.log.group(title, work),
    })
    if (!unpack) return { solution, error: '', ...(await writeArchives(folder, uniqueName, exported)) }
    const { added, changed, deleted } = unpackInto(join(folder, uniqueName), exported, deps)
    const files = added.length + changed.length + deleted.length
    deps.log.info(
      `${uniqueName} ${version}: ${files === 0 ? 'nothing changed' : counted(files, 'changed file')}.`,
    )
    return { solution, files, paths: [], error: '' }
  } catch (error) {
    if (client.signal.aborted || !(error instanceof UserError)) throw error
    deps.log.error(`${uniqueName} ${version}: ${errorText(error)}`)
    return { solution, files: 0, paths: [], error: errorText(error) }
  }
}

async function writeArchives(
  folder: string,
  uniqueName: string,
  exported: readonly ExportedKind[],
): Promise<Pick<Kept, 'files' | 'paths'>> {
  const plain = join(folder, `${uniqueName}.zip`)
  const paths: string[] = []
  for (const { managed, bytes } of exported) {
    const path = managed ? managedSibling(plain) : plain
    await writeWholeFile(path, bytes)
    paths.push(path)
  }
  return { files: paths.length, paths }
}

async function upload(
  name: string | undefined,
  kept: readonly Kept[],
  folder: string,
  { artifacts, log }: ConnectedDeps,
): Promise<number | undefined> {
  const paths = kept.flatMap((one) => one.paths)
  if (name === undefined || paths.length === 0) return undefined
  const { id } = await artifacts.upload(name, paths, folder)
  log.info(`Uploaded as the artifact '${name}' (id ${id}).`)
  return id
}

function summarize(
  kept: readonly Kept[],
  folder: string,
  { environmentUrl }: DataverseClient,
  { summary }: Pick<ConnectedDeps, 'summary'>,
): void {
  const bad = kept.filter(({ error }) => error !== '').length
  summary.outcome(
    kept.length === 0 ? 'nothing to do' : bad === 0 ? 'done' : 'failed',
    `Backed up ${kept.length - bad} of ${counted(kept.length, 'solution')} of ${new URL(environmentUrl).host}`,
    [folder],
  )
  if (kept.length === 0) return
  summary.table(
    ['Solution', 'Version', 'Files', 'Result'],
    kept.map(({ solution, files, error }) => [
      solution.uniqueName,
      solution.version,
      files,
      error === '' ? 'kept' : error,
    ]),
  )
}
