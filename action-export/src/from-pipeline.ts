import type { ConnectedDeps } from '@dsa/connected-action'
import {
  type DataverseClient,
  downloadDeploymentArtifact,
  requireDeploymentArtifact,
} from '@dsa/dataverse-client'
import { openPackage, openZip, readManifest, type SolutionManifest } from '@dsa/solution-package'
import { UserError } from '@dsa/user-error'
import { type ExportedArchive, inspectArchive, type TakenSolution } from './exported-archive.ts'
import type { Inputs } from './inputs.ts'
import type { OutputFile } from './output-files.ts'
import type { PipelinesArtifact } from './pipelines-artifact.ts'

/** Takes the archives that a Power Platform pipeline exported, from its host environment. Nothing is changed there. */
export async function takeFromPipeline(
  { id, origin }: PipelinesArtifact,
  { solutionName }: Pick<Inputs, 'solutionName'>,
  files: readonly OutputFile[],
  client: DataverseClient,
  deps: ConnectedDeps,
): Promise<TakenSolution> {
  if (origin !== undefined && origin !== client.environmentUrl)
    throw new UserError(
      `'pipelines-artifact' is an address of ${origin}, and 'environment-url' is ${client.environmentUrl}. Give both the host environment of the pipelines: the token of one must not travel to another.`,
    )
  const artifact = await requireDeploymentArtifact(client, id)
  const named = `the deployment artifact '${artifact.name}'`
  const taken: { readonly archive: ExportedArchive; readonly manifest: SolutionManifest }[] = []
  for (const file of files) {
    const kind = file.managed ? 'managed' : 'unmanaged'
    const label = `the ${kind} archive of ${named}`
    const bytes = await downloadDeploymentArtifact(client, artifact, kind)
    if (bytes === undefined)
      throw new UserError(
        `There is no ${kind} archive in ${named}. Deploy the solution once more with the pipeline and take that artifact, or ask with 'solution-type' for what it has.`,
      )
    const archive = inspectArchive(file, { bytes }, label)
    const manifest = readManifest(openPackage(openZip(bytes, { label }), label))
    refuseOther(manifest, { solutionName, kind, label })
    taken.push({ archive, manifest })
    deps.log.info(`Took ${label}: ${manifest.uniqueName} ${manifest.version}, ${bytes.length} bytes.`)
  }
  const [first] = taken
  if (first === undefined) throw new Error('No file was asked for.')
  const { uniqueName, version } = first.manifest
  const other = taken.find(({ manifest }) => manifest.version !== version)
  if (other !== undefined)
    throw new UserError(
      `The archives of ${named} have the versions ${version} and ${other.manifest.version}, so they are not of one export. Deploy once more with the pipeline.`,
    )
  deps.setOutput('unique-name', uniqueName)
  deps.setOutput('solution-version', version)
  return {
    uniqueName,
    version,
    pipelinesArtifact: artifact.name,
    archives: taken.map(({ archive }) => archive),
  }
}

function refuseOther(
  { uniqueName, managed }: SolutionManifest,
  { solutionName, kind, label }: { solutionName: string; kind: string; label: string },
): void {
  if (uniqueName.toLowerCase() !== solutionName.toLowerCase())
    throw new UserError(
      `There is the solution '${uniqueName}' in ${label}, and 'solution-name' is '${solutionName}'. Give the id of a deployment of '${solutionName}'.`,
    )
  if (managed !== 'Both' && managed.toLowerCase() !== kind)
    throw new UserError(`There is something else in ${label}: it is ${managed.toLowerCase()}.`)
}
