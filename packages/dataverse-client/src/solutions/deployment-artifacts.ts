import { UserError } from '@dsa/user-error'
import type { DataverseClient } from '../pipeline/client.ts'
import { CODE } from '../pipeline/error-code.ts'
import { DataverseError } from '../pipeline/errors.ts'
import { asRow, optionalText, type Row } from '../pipeline/wire.ts'

/**
 * What a deployment of a Power Platform pipeline exported, which the host environment of the pipelines keeps
 * (https://learn.microsoft.com/power-platform/developer/pipelines/table-reference).
 */
export interface DeploymentArtifact {
  readonly id: string
  readonly name: string
}

/** A large archive on a slow line. */
const DOWNLOAD_TIMEOUT_MS = 15 * 60_000

/** The file columns: the managed one came first, and has no word for it in its name. */
const COLUMNS = { managed: 'artifactfile', unmanaged: 'artifactfileunmanaged' } as const

/**
 * A deployment artifact by its id, or by that of a run of a stage that deploys it.
 * @throws UserError when there is neither, or when the environment is no host of pipelines
 */
export async function requireDeploymentArtifact(
  client: DataverseClient,
  id: string,
): Promise<DeploymentArtifact> {
  const artifact = await rowOf(client, `deploymentartifacts(${id})`)
  if (artifact !== undefined) return { id, name: optionalText(artifact, 'name') ?? id }
  const run = await rowOf(client, `deploymentstageruns(${id})`)
  const artifactId = run && optionalText(run, '_artifactid_value')
  if (run !== undefined && artifactId !== undefined)
    return { id: artifactId, name: optionalText(run, 'artifactname') ?? artifactId }
  throw new UserError(
    run === undefined
      ? `${client.environmentUrl} has no deployment artifact and no run of a stage with the id '${id}', or the application user may not read it. In the app Deployment Pipeline Configuration, open the run and take the id of it, or of its artifact.`
      : `The run of a stage '${id}' has no deployment artifact yet: the pipeline exports the solution when its pre-export step is done. Run the step again after that.`,
  )
}

/** The archive as the pipeline keeps it; `undefined` when it keeps none of this kind. */
export function downloadDeploymentArtifact(
  client: DataverseClient,
  { id }: DeploymentArtifact,
  kind: keyof typeof COLUMNS,
): Promise<Uint8Array | undefined> {
  return client.file(`deploymentartifacts(${id})/${COLUMNS[kind]}/$value`, { timeoutMs: DOWNLOAD_TIMEOUT_MS })
}

async function rowOf(client: DataverseClient, path: string): Promise<Row | undefined> {
  try {
    return asRow(await client.get(path), path)
  } catch (error) {
    if (!(error instanceof DataverseError) || error.status !== 404) throw error
    if (error.code === CODE.missingRow) return undefined
    throw new UserError(
      `${client.environmentUrl} keeps no deployment artifacts, so it is no host of Power Platform pipelines. Give 'environment-url' the address of the host environment, where the app Deployment Pipeline Configuration is.`,
      { cause: error },
    )
  }
}
