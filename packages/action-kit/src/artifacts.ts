import { mkdir } from 'node:fs/promises'
import { UserError } from '@dsa/user-error'

export interface UploadedArtifact {
  readonly id: number
  /** Bytes. */
  readonly size: number | undefined
  /** sha256 of the stored archive. */
  readonly digest: string | undefined
}

/** The artifacts of the workflow run. */
export interface Artifacts {
  /** @param files absolute paths below `rootDirectory` */
  upload(name: string, files: readonly string[], rootDirectory: string): Promise<UploadedArtifact>
  /** Downloads an artifact of the same run into a folder, which is made. */
  download(name: string, directory: string): Promise<void>
}

/** The client is three quarters of the bundle, so it is loaded only when an artifact is asked for. */
async function loadClient() {
  const { DefaultArtifactClient } = await import('@actions/artifact')
  return new DefaultArtifactClient()
}

export const artifacts: Artifacts = {
  async upload(name, files, rootDirectory) {
    const client = await loadClient()
    const { id, size, digest } = await explain(name, 'uploaded', () =>
      client.uploadArtifact(name, [...files], rootDirectory),
    )
    if (id === undefined)
      throw new UserError(`The artifact '${name}' was uploaded, but GitHub gave it no id.`)
    return { id, size, digest }
  },
  async download(name, directory) {
    const client = await loadClient()
    await mkdir(directory, { recursive: true })
    await explain(name, 'downloaded', async () => {
      const { artifact } = await client.getArtifact(name)
      return client.downloadArtifact(artifact.id, { path: directory })
    })
  },
}

async function explain<T>(name: string, done: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    // What follows the first line is general advice.
    const [why = ''] = (cause instanceof Error ? cause.message : String(cause)).trim().split('\n')
    throw new UserError(`The artifact '${name}' could not be ${done}: ${why}`, { cause })
  }
}
