import { UserError } from '@dsa/user-error'
import {
  type ConnectedDeps,
  exportKinds,
  type NeededRight,
  refuseLackingRights,
  refuseExport,
  refuseFixed,
  RIGHTS_OF,
} from '@dsa/connected-action'
import {
  type DataverseClient,
  findSolution,
  openQueue,
  publishAll,
  requireSolution,
  setSolutionVersion,
  type Solution,
  waitUntilFree,
} from '@dsa/dataverse-client'
import { compareVersions } from '@dsa/solution-package'
import { type ExportedArchive, inspectArchive, type TakenSolution } from './exported-archive.ts'
import type { Inputs } from './inputs.ts'
import type { OutputFile } from './output-files.ts'

/** Publishes and sets the version when asked to, and exports. */
export async function exportFromEnvironment(
  inputs: Inputs,
  files: readonly OutputFile[],
  client: DataverseClient,
  deps: ConnectedDeps,
): Promise<TakenSolution> {
  // What runs there may change what is exported, and the export would wait behind it.
  await waitUntilFree(client, openQueue(client))
  const found = await requireSolution(client, inputs.solutionName)
  refuseExport(found, client)
  deps.log.info(`Found ${found.uniqueName} ${found.version} in ${client.environmentUrl}.`)
  deps.setOutput('unique-name', found.uniqueName)
  deps.setOutput('previous-version', found.version)

  if (inputs.version !== undefined) await refuseFixed(client, found, 'its version')
  await refuseLackingRights(client, neededRights(inputs), 'an export')
  await publish(inputs, client, deps)
  const solution = await setVersion(inputs, found, client, deps)
  const archives = await exportAll(inputs, files, found.version, solution, client, deps)
  await warnOfEdits(solution, client, deps)
  const { uniqueName, version } = solution
  return { uniqueName, version, previousVersion: found.version, archives }
}

/** What the steps of an export need, as the service names it when it refuses them. */
function neededRights({ publishAll: publishes, version }: Inputs): readonly NeededRight[] {
  return [
    ...RIGHTS_OF.export,
    ...(publishes ? [{ name: 'prvPublishCustomization', purpose: "'publish-all'", isCertain: true }] : []),
    ...(version === undefined ? [] : [{ name: 'prvWriteSolution', purpose: "'version'", isCertain: true }]),
  ]
}

async function publish(inputs: Inputs, client: DataverseClient, { log }: ConnectedDeps): Promise<void> {
  if (inputs.publishAll) {
    log.info('Publishing all customizations …')
    await publishAll(client, inputs)
  } else if (inputs.type !== 'Managed') {
    log.notice(
      "What is not published in the environment is not in the archive; 'publish-all' publishes it first.",
    )
  }
  if (inputs.type === 'Managed') {
    log.notice(
      "Only the managed solution is exported. Keep the unmanaged one as well: it is the source, and a managed archive cannot be turned back into it. 'solution-type: Both' exports both.",
    )
  }
}

/** The solution as it is after its version was set. */
async function setVersion(
  { version: wanted }: Inputs,
  found: Solution,
  client: DataverseClient,
  { log, setOutput }: ConnectedDeps,
): Promise<Solution> {
  const version = wanted === undefined ? found.version : wanted(found.version, {})
  if (version === found.version) {
    setOutput('solution-version', version)
    return found
  }
  if (compareVersions(version, found.version) < 0) {
    log.warning(
      `The version goes down from ${found.version} to ${version}. Environments that have the higher one refuse it as an upgrade.`,
    )
  }
  await setSolutionVersion(client, found, version)
  setOutput('solution-version', version)
  log.info(`Set the version from ${found.version} to ${version}.`)
  return requireSolution(client, found.uniqueName)
}

async function exportAll(
  { settings, maxWaitMinutes }: Inputs,
  files: readonly OutputFile[],
  previousVersion: string,
  { uniqueName, version }: Solution,
  client: DataverseClient,
  { log }: ConnectedDeps,
): Promise<readonly ExportedArchive[]> {
  try {
    const exported = await exportKinds(
      client,
      { uniqueName, version },
      {
        kinds: files.map(({ managed }) => managed),
        settings,
        maxWaitMinutes,
        group: (title, work) => log.group(title, work),
      },
    )
    return files.flatMap((file) =>
      exported.filter(({ managed }) => managed === file.managed).map((one) => inspectArchive(file, one)),
    )
  } catch (cause) {
    if (version === previousVersion || !(cause instanceof UserError)) throw cause
    throw new UserError(
      `${cause.message} The version of '${uniqueName}' in the environment had been set before: it is ${version} now and was ${previousVersion}.`,
      { cause },
    )
  }
}

/** The row's number grows with every change, so an edit between the exports does not stay unseen. */
async function warnOfEdits(before: Solution, client: DataverseClient, { log }: ConnectedDeps): Promise<void> {
  const after = await findSolution(client, before.uniqueName)
  if (after?.versionNumber === before.versionNumber) return
  log.warning(
    `'${before.uniqueName}' was changed in the environment while it was exported. Export again when nobody works on it, so that the archives fit together.`,
  )
}
