import { dirname } from 'node:path'
import { UserError } from '@dsa/user-error'
import { type Outputs, resolvePath } from '@dsa/action-kit'
import {
  type ConnectedDeps,
  exportKinds,
  type NeededRight,
  refuseLackingRights,
  refuseExport,
  refuseFixed,
  RIGHTS_OF,
  signIn,
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
import { compareVersions, requireWritable, writeWholeFile } from '@dsa/solution-package'
import { type ExportedArchive, inspectArchive } from './exported-archive.ts'
import type { Inputs } from './inputs.ts'
import { type OutputFile, outputFiles, refuseExisting } from './output-files.ts'
import { summarize } from './report.ts'

/** Publishes and sets the version when asked to, exports, and only then writes the archives. */
export async function run(inputs: Inputs, deps: ConnectedDeps): Promise<Outputs> {
  const { log, root } = deps
  for (const notice of inputs.notices) log.notice(notice)
  const base = resolvePath(root, inputs.workingDirectory ?? '.')
  const files = outputFiles(resolvePath(base, inputs.outputFile), inputs.type)
  if (!inputs.overwrite) refuseExisting(files)
  await requireWritable(files.map(({ path }) => path))

  const client = await signIn(inputs, deps)
  // What runs there may change what is exported, and the export would wait behind it.
  await waitUntilFree(client, openQueue(client))
  const found = await requireSolution(client, inputs.solutionName)
  refuseExport(found, client)
  log.info(`Found ${found.uniqueName} ${found.version} in ${client.environmentUrl}.`)
  deps.setOutput('unique-name', found.uniqueName)
  deps.setOutput('previous-version', found.version)

  if (inputs.version !== undefined) await refuseFixed(client, found, 'its version')
  await refuseLackingRights(client, neededRights(inputs), 'an export')
  await publish(inputs, client, deps)
  const solution = await setVersion(inputs, found, client, deps)
  const archives = await exportAll(inputs, files, found.version, solution, client, deps)
  await warnOfEdits(solution, client, deps)
  checkCurrentValues(archives, inputs, deps)

  for (const { path, bytes, sha256 } of archives) {
    await writeWholeFile(path, bytes)
    log.info(`${path}: ${bytes.length} bytes, sha256 ${sha256}`)
  }
  summarize({ solution, previousVersion: found.version, archives, environment: client.environmentUrl }, deps)
  const managed = archives.find((archive) => archive.managed)
  const [main] = archives
  return {
    'solution-file': main?.path,
    sha256: main?.sha256,
    size: main?.bytes.length,
    'managed-solution-file': managed?.path,
    'managed-sha256': managed?.sha256,
    'managed-size': managed?.bytes.length,
    'solution-type': inputs.type,
    'solution-version': solution.version,
    'async-operation-id': main?.asyncOperationId,
    'managed-async-operation-id': managed?.asyncOperationId,
    'current-values': main?.currentValues.length,
    'artifact-id': await upload(inputs.artifactName, archives, deps),
  }
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

function checkCurrentValues(
  archives: readonly ExportedArchive[],
  { currentValues }: Inputs,
  { log }: ConnectedDeps,
): void {
  const names = [...new Set(archives.flatMap((archive) => archive.currentValues))].toSorted()
  if (names.length === 0 || currentValues === 'ignore') return
  const found = `The archive holds the current value of ${names.length === 1 ? 'an environment variable' : `${names.length} environment variables`}, which reaches every environment that it is imported into: ${names.join(', ')}.`
  const advice =
    "In the maker portal, open the variable in the solution and choose 'Remove from this solution' for its current value."
  if (currentValues === 'fail')
    throw new UserError(`${found} Nothing was written ('current-values' is fail). ${advice}`)
  log.warning(`${found} ${advice}`)
}

async function upload(
  name: string | undefined,
  archives: readonly ExportedArchive[],
  { artifacts, log }: ConnectedDeps,
): Promise<number | undefined> {
  const [main] = archives
  if (name === undefined || main === undefined) return undefined
  const paths = archives.map(({ path }) => path)
  const { id } = await artifacts.upload(name, paths, dirname(main.path))
  log.info(`Uploaded as the artifact '${name}' (id ${id}).`)
  return id
}
