import { dirname } from 'node:path'
import { UserError } from '@dsa/user-error'
import { type Outputs, resolvePath } from '@dsa/action-kit'
import { type ConnectedDeps, signIn } from '@dsa/connected-action'
import { requireWritable, writeWholeFile } from '@dsa/solution-package'
import type { ExportedArchive } from './exported-archive.ts'
import { exportFromEnvironment } from './from-environment.ts'
import { takeFromPipeline } from './from-pipeline.ts'
import type { Inputs } from './inputs.ts'
import { outputFiles, refuseExisting } from './output-files.ts'
import { summarize } from './report.ts'

/** Exports, or takes what a pipeline exported, and only then writes the archives. */
export async function run(inputs: Inputs, deps: ConnectedDeps): Promise<Outputs> {
  const { log, root } = deps
  for (const notice of inputs.notices) log.notice(notice)
  const base = resolvePath(root, inputs.workingDirectory ?? '.')
  const files = outputFiles(resolvePath(base, inputs.outputFile), inputs.type)
  if (!inputs.overwrite) refuseExisting(files)
  await requireWritable(files.map(({ path }) => path))

  const client = await signIn(inputs, deps)
  const solution =
    inputs.pipelinesArtifact === undefined
      ? await exportFromEnvironment(inputs, files, client, deps)
      : await takeFromPipeline(inputs.pipelinesArtifact, inputs, files, client, deps)
  const { archives } = solution
  checkCurrentValues(archives, inputs, deps)

  for (const { path, bytes, sha256 } of archives) {
    await writeWholeFile(path, bytes)
    log.info(`${path}: ${bytes.length} bytes, sha256 ${sha256}`)
  }
  summarize(solution, client.environmentUrl, deps)
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
