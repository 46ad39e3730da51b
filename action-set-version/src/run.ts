import type { Outputs } from '@dsa/action-kit'
import { resolvePath } from '@dsa/action-kit'
import {
  type ConnectedDeps,
  refuseFixed,
  refuseLackingRights,
  RIGHTS_OF,
  signIn,
} from '@dsa/connected-action'
import {
  type DataverseClient,
  openQueue,
  requireSolution,
  setSolutionVersion,
  type Solution,
  waitUntilFree,
} from '@dsa/dataverse-client'
import { compareVersions, requireWritable } from '@dsa/solution-package'
import { UserError } from '@dsa/user-error'
import { type Inputs, runFacts } from './inputs.ts'
import { readSourceFolder, type SourceFolder, writeVersion } from './source-folder.ts'

/** Sets one version in the environment, in the folder, or in both: what can fail is looked at before anything is written. */
export async function run(inputs: Inputs, deps: ConnectedDeps): Promise<Outputs> {
  const { log, setOutput } = deps
  for (const notice of inputs.notices) log.notice(notice)
  const base = resolvePath(deps.root, inputs.workingDirectory ?? '.')
  const source =
    inputs.solutionFolder === undefined
      ? undefined
      : await readSourceFolder(resolvePath(base, inputs.solutionFolder), inputs.solutionName, deps.root)
  const name = inputs.solutionName
  if (name !== undefined && source !== undefined) refuseOther(name, source)
  const online =
    name === undefined || !inputs.inEnvironment ? undefined : await lookOnline(name, inputs, deps)

  // The rule counts from the higher of the two, so that neither goes down.
  const present = [online?.solution.version, source?.version].filter((version) => version !== undefined)
  const highest = present.toSorted(compareVersions).at(-1) ?? ''
  const version = inputs.nextVersion(highest, runFacts(deps.environment, deps.clock()))
  setOutput('previous-version', online?.solution.version ?? source?.version)
  if (compareVersions(version, highest) < 0) {
    log.warning(
      `The version goes down from ${highest} to ${version}. Environments that have the higher one refuse it as an upgrade.`,
    )
  }
  if (source !== undefined) await requireWritable([source.file])
  const done: string[] = []
  if (online !== undefined && online.solution.version !== version) {
    await setSolutionVersion(online.client, online.solution, version)
    done.push(`${online.client.environmentUrl}: ${online.solution.version} → ${version}`)
  }
  if (source !== undefined && source.version !== version) {
    await writeVersion(source, version)
    done.push(`${source.file}: ${source.version} → ${version}`)
  }
  tell(online?.solution.uniqueName ?? source?.uniqueName ?? '', version, done, deps)
  return { version, changed: done.length > 0 }
}

async function lookOnline(
  name: string,
  inputs: Inputs,
  deps: ConnectedDeps,
): Promise<{ readonly client: DataverseClient; readonly solution: Solution }> {
  const client = await signIn(inputs, deps)
  await waitUntilFree(client, openQueue(client))
  const solution = await requireSolution(client, name)
  await refuseFixed(client, solution, 'its version')
  await refuseLackingRights(client, RIGHTS_OF['set-version'], 'setting the version')
  return { client, solution }
}

function refuseOther(name: string, source: SourceFolder): void {
  if (source.uniqueName.toLowerCase() === name.toLowerCase()) return
  throw new UserError(
    `'solution-folder' holds '${source.uniqueName}', and 'solution-name' is '${name}'. One version is for one solution; nothing was changed.`,
  )
}

function tell(
  name: string,
  version: string,
  done: readonly string[],
  { log, summary }: Pick<ConnectedDeps, 'log' | 'summary'>,
): void {
  if (done.length === 0) {
    const words = `${name} has version ${version} already.`
    log.notice(words)
    summary.outcome('nothing to do', words)
    return
  }
  for (const line of done) log.info(`Set: ${line}`)
  summary.outcome('done', `Set the version of ${name} to ${version}`)
  summary.list(done)
}
