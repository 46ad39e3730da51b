import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { quotedList, UserError } from '@dsa/user-error'
import { failureOf } from './github/failure.ts'

export interface UploadedArtifact {
  readonly id: number
  /** Bytes. */
  readonly size: number | undefined
  /** sha256 of the stored archive. */
  readonly digest: string | undefined
}

/** A run of a workflow, which its artifacts are kept with. */
export interface WorkflowRun {
  readonly id: number
  readonly owner: string
  readonly repository: string
  /** Reads the actions of that repository. */
  readonly token: string
}

/** An artifact as it is stored: a zip of its files, or the one file that was uploaded as it is. */
export interface StoredArtifact {
  readonly bytes: Uint8Array
  /** sha256 in hex, as the service noted it at the upload. */
  readonly digest: string | undefined
}

/** The artifacts of the workflow run. */
export interface Artifacts {
  /** @param files absolute paths below `rootDirectory` */
  upload(name: string, files: readonly string[], rootDirectory: string): Promise<UploadedArtifact>
  /**
   * Downloads an artifact, and nothing is unpacked.
   *
   * @param maxBytes of which more are refused before they are downloaded
   * @param run another one than this
   */
  read(name: string, maxBytes: number, run?: WorkflowRun): Promise<StoredArtifact>
  /** Names of those of this run; of several with one name, as attempts leave them, once. */
  names(): Promise<readonly string[]>
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
  async read(name, maxBytes, run) {
    const client = await loadClient()
    const from = run === undefined ? {} : { findBy: findBy(run) }
    const { artifact } = await client.getArtifact(name, from).catch(async (cause: unknown) => {
      const isMissing = cause instanceof Error && cause.name === 'ArtifactNotFoundError'
      if (!isMissing)
        throw run === undefined
          ? explained(`The artifact '${name}'`, 'downloaded', cause)
          : refused(name, run, cause)
      const others = await client.listArtifacts({ ...from, latest: true }).catch(() => ({ artifacts: [] }))
      throw new UserError(
        missing(
          name,
          others.artifacts.map((one) => one.name),
          run,
        ),
        { cause },
      )
    })
    if (artifact.size > maxBytes) {
      throw new UserError(
        `The artifact '${name}' has ${artifact.size} bytes; more than ${maxBytes} are not taken.`,
      )
    }
    const folder = await mkdtemp(join(process.env['RUNNER_TEMP'] ?? tmpdir(), 'artifact-'))
    try {
      await explain(name, 'downloaded', () =>
        client.downloadArtifact(artifact.id, { ...from, path: folder, skipDecompress: true }),
      )
      const [file, ...rest] = await readdir(folder)
      if (file === undefined || rest.length > 0) {
        throw new UserError(`The artifact '${name}' could not be downloaded: no file came.`)
      }
      return {
        bytes: await readFile(join(folder, file)),
        digest: artifact.digest?.replace(/^sha256:/i, '').toLowerCase(),
      }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
  async names() {
    const client = await loadClient()
    const { artifacts: found } = await client
      .listArtifacts({ latest: true })
      .catch((cause: unknown) =>
        Promise.reject(explained('The list of artifacts of this run', 'downloaded', cause)),
      )
    return found.map(({ name }) => name)
  },
}

/** GitHub says 404 of what a token may not see. */
function refused(name: string, { id, owner, repository }: WorkflowRun, cause: unknown): UserError {
  const { status, message } = failureOf(cause)
  const answer = status === undefined ? message : `GitHub answered with ${status}: ${message}`
  const permission = [401, 403, 404].includes(status ?? 0)
    ? ` Is the id right? The token needs the permission 'actions: read' of ${owner}/${repository}.`
    : ''
  return new UserError(`The artifact '${name}' of run ${id} could not be read: ${answer}.${permission}`, {
    cause,
  })
}

function findBy({ id, owner, repository, token }: WorkflowRun) {
  return { workflowRunId: id, repositoryOwner: owner, repositoryName: repository, token }
}

function missing(name: string, others: readonly string[], run: WorkflowRun | undefined): string {
  const where = run === undefined ? 'This run' : `The run ${run.id} of ${run.owner}/${run.repository}`
  const has =
    others.length === 0
      ? 'It has none. Did the job that uploads it succeed, and is this job after it ("needs")?'
      : `It has ${quotedList(others)}.`
  const age =
    run === undefined ? '' : ' Artifacts are deleted after some time (90 days, if nothing else is set).'
  return `${where} has no artifact '${name}'. ${has}${age}`
}

async function explain<T>(name: string, done: 'uploaded' | 'downloaded', work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw explained(`The artifact '${name}'`, done, cause)
  }
}

function explained(what: string, done: 'uploaded' | 'downloaded', cause: unknown): UserError {
  if (cause instanceof Error && cause.name === 'GHESNotSupportedError') {
    return new UserError(
      `${what} could not be ${done}: this GitHub Enterprise Server does not have the artifact service that actions of today need. ` +
        `${WITHOUT_SERVICE[done]} See https://github.com/actions/upload-artifact#github-enterprise-server.`,
      { cause },
    )
  }
  // What follows the first line is general advice.
  const [why = ''] = (cause instanceof Error ? cause.message : String(cause)).trim().split('\n')
  const advice = why.includes(' env variable')
    ? '. Only a job of GitHub Actions can keep artifacts; act needs the option --artifact-server-path.'
    : ''
  return new UserError(`${what} could not be ${done}: ${why}${advice}`, { cause })
}

/** The way round on an Enterprise Server. */
const WITHOUT_SERVICE = {
  uploaded:
    "Leave the artifact's name out, and use actions/upload-artifact@v3 or the asset of a release for the files.",
  downloaded:
    "Take the files from a release (input 'release'), or get them with actions/download-artifact@v3.",
} as const
