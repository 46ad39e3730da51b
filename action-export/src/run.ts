import { createHash } from 'node:crypto'
import { basename, dirname } from 'node:path'
import { type ActionDeps, type Outputs, resolvePath } from '@dsa/action-kit'
import { connect } from '@dsa/dataverse-auth'
import {
  type DataverseClient,
  exportSolution,
  type Fetch,
  publishAll,
  requireSolution,
  setSolutionVersion,
  type Solution,
} from '@dsa/dataverse-client'
import { incrementVersion } from '@dsa/solution-package'
import { currentValues } from './current-values.ts'
import type { Inputs } from './inputs.ts'
import { type OutputFile, outputFiles, refuseExisting, writeWhole } from './output-files.ts'

export interface ExportDeps extends ActionDeps {
  readonly fetch: Fetch
  readonly userAgent: string
}

interface ExportedFile extends OutputFile {
  readonly bytes: Uint8Array
  readonly sha256: string
  readonly asyncOperationId: string
}

/** Publishes and sets the version when asked, exports, and writes the archives when all of them are there. */
export async function run(inputs: Inputs, deps: ExportDeps): Promise<Outputs> {
  const { log } = deps
  for (const notice of inputs.notices) log.notice(notice)
  const base =
    inputs.workingDirectory === undefined ? deps.root : resolvePath(deps.root, inputs.workingDirectory)
  const files = outputFiles(inputs.solutionType, resolvePath(base, inputs.outputFile))
  if (!inputs.overwrite) refuseExisting(files)

  const client = await connect(inputs.connection, {
    ...deps,
    maxQueueWaitMs: inputs.maxQueueWaitMinutes * 60_000,
  })
  const found = await requireUnmanaged(client, inputs.solutionName)
  deps.setOutput('previous-version', found.version)
  await publish(client, inputs, deps)
  const version = await setVersion(client, found, inputs, deps)
  deps.setOutput('solution-version', version)

  const exported = await exportAll(client, files, { ...found, version }, inputs, deps).catch(
    (cause: unknown) => {
      throw version === found.version ? cause : versionStays(cause, found, version)
    },
  )
  for (const { path, bytes } of exported) await writeWhole(path, bytes)
  for (const { path, bytes, sha256 } of exported) log.info(`${path}: ${bytes.length} bytes, sha256 ${sha256}`)
  const values = reportCurrentValues(exported, deps)
  summarize(client, { ...found, version }, found.version, exported, deps)
  const [main] = exported
  const managed = exported.find(({ kind }) => kind === 'Managed')
  return {
    'solution-file': main?.path,
    sha256: main?.sha256,
    'managed-solution-file': managed?.path ?? '',
    'managed-sha256': managed?.sha256 ?? '',
    'solution-type': inputs.solutionType,
    'async-operation-ids': exported.map(({ asyncOperationId }) => asyncOperationId).join('\n'),
    'current-values': values,
    'artifact-id': await upload(inputs.artifactName, exported, deps),
  }
}

async function requireUnmanaged(client: DataverseClient, name: string): Promise<Solution> {
  const solution = await requireSolution(client, name)
  if (!solution.isManaged) return solution
  throw new Error(
    `"${solution.uniqueName}" is managed in ${client.environmentUrl}, and a managed solution cannot be exported (0x80048036). Export it from the development environment, where it is unmanaged.`,
  )
}

async function publish(client: DataverseClient, inputs: Inputs, { log }: ExportDeps): Promise<void> {
  if (inputs.publishAll) {
    log.info('Publishing all customizations.')
    await publishAll(client, { maxWaitMinutes: inputs.maxWaitMinutes })
  } else if (inputs.solutionType !== 'Managed') {
    log.notice(
      'Changes that nobody published are not in the archive. Set "publish-all: true" to publish before exporting.',
    )
  }
  if (inputs.solutionType === 'Managed') {
    log.notice(
      'Only the managed archive is exported. Keep the unmanaged one too ("solution-type: Both"): development environments can be rebuilt from it alone.',
    )
  }
}

async function setVersion(
  client: DataverseClient,
  solution: Solution,
  { version }: Inputs,
  { log }: ExportDeps,
): Promise<string> {
  if (version === undefined) return solution.version
  const wanted = 'set' in version ? version.set : incrementVersion(solution.version, version.raise)
  if (wanted !== solution.version) {
    await setSolutionVersion(client, solution, wanted)
    log.info(`Set the version of ${solution.uniqueName} from ${solution.version} to ${wanted}.`)
  }
  return wanted
}

/** Both kinds come from one state: whoever edits the solution in between is noticed. */
async function exportAll(
  client: DataverseClient,
  files: readonly OutputFile[],
  solution: Solution,
  { settings, maxWaitMinutes }: Inputs,
  { log }: ExportDeps,
): Promise<readonly ExportedFile[]> {
  const before = await requireSolution(client, solution.uniqueName)
  const exported: ExportedFile[] = []
  for (const file of files) {
    log.info(`Exporting ${solution.uniqueName} ${solution.version} (${file.kind.toLowerCase()}).`)
    const { bytes, asyncOperationId } = await exportSolution(client, {
      uniqueName: solution.uniqueName,
      managed: file.kind === 'Managed',
      settings,
      maxWaitMinutes,
    })
    exported.push({
      ...file,
      bytes,
      asyncOperationId,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    })
  }
  const after = await requireSolution(client, solution.uniqueName)
  if (after.versionNumber !== before.versionNumber) {
    log.warning(
      `Somebody changed ${solution.uniqueName} in ${client.environmentUrl} while it was exported. The archives may differ in content; export again.`,
    )
  }
  return exported
}

/** A failed export leaves the new version behind in the environment. */
function versionStays(cause: unknown, { uniqueName, version }: Solution, wanted: string): Error {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new Error(
    `${why}\nThe version of ${uniqueName} in the environment is ${wanted} now; it was ${version}. Run the step again with "version: ${wanted}", or set it back.`,
    { cause },
  )
}

function reportCurrentValues(exported: readonly ExportedFile[], { log }: ExportDeps): number {
  const names = currentValues(exported[0]?.bytes ?? new Uint8Array())
  if (names.length > 0) {
    log.warning(
      `The archive holds the current value of ${names.join(', ')}. It would be set in every environment that the solution is imported into. Remove the current value from the solution, and give it at deployment.`,
    )
  }
  return names.length
}

function summarize(
  client: DataverseClient,
  { uniqueName, version }: Solution,
  previousVersion: string,
  exported: readonly ExportedFile[],
  { summary }: ExportDeps,
): void {
  summary.heading(`Exported ${uniqueName} ${version}`)
  summary.text(
    `From ${client.environmentUrl}${version === previousVersion ? '' : `, where its version was ${previousVersion}`}.`,
  )
  summary.table(
    ['Archive', 'Type', 'Bytes', 'SHA-256'],
    exported.map(({ path, kind, bytes, sha256 }) => [basename(path), kind, bytes.length, { code: sha256 }]),
  )
}

async function upload(
  name: string | undefined,
  exported: readonly ExportedFile[],
  { artifacts, log }: ExportDeps,
): Promise<number | undefined> {
  const [main] = exported
  if (name === undefined || main === undefined) return undefined
  const { id } = await artifacts.upload(
    name,
    exported.map(({ path }) => path),
    dirname(main.path),
  )
  log.info(`Uploaded as the artifact "${name}" (id ${id}).`)
  return id
}
