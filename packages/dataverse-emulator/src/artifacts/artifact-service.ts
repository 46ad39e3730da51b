import {
  isRecord,
  json,
  bearer,
  parseJson,
  text,
  type Handler,
  type Incoming,
  type Reply,
} from '../http/exchange.ts'
import { parseJwt } from '../entra/jwt.ts'
import { isoSeconds, type Clock } from '../clock.ts'

/** An artifact of a run, which it is kept under, with its name. */
export interface Artifact {
  readonly id: string
  readonly name: string
  readonly run: string
  readonly job: string
  readonly mimeType: string
  readonly createdAt: string
  readonly blocks: Map<string, Uint8Array>
  bytes?: Uint8Array
  /** `sha256:…`, known once the upload was finished; until then nobody sees the artifact. */
  digest?: string
}

/**
 * Version 4 of the artifact service behind `ACTIONS_RESULTS_URL`: Twirp calls, and the blob store to which the
 * signed addresses point.
 */
export function createArtifactService(artifacts: Map<string, Artifact>, clock: Clock): Handler {
  const calls: Readonly<Record<string, (ask: Ask, origin: string) => Reply>> = {
    CreateArtifact(ask, origin) {
      const key = keyOf(ask)
      if (artifacts.get(key)?.digest !== undefined) {
        return twirpError(
          409,
          'already_exists',
          'an artifact with this name already exists on the workflow run',
        )
      }
      artifacts.set(key, {
        id: String(artifacts.size + 1),
        name: ask.name,
        run: ask.run,
        job: ask.job,
        mimeType: ask.mimeType ?? 'application/zip',
        createdAt: isoSeconds(clock.now()),
        blocks: new Map(),
      })
      return json(200, { ok: true, signed_upload_url: signedUrl(origin, key) })
    },
    FinalizeArtifact(ask) {
      const artifact = artifacts.get(keyOf(ask))
      if (artifact?.bytes === undefined) return twirpError(404, 'not_found', 'the artifact was not uploaded')
      artifact.digest = ask.hash ?? ''
      return json(200, { ok: true, artifact_id: artifact.id })
    },
    ListArtifacts(ask) {
      const wanted = [...artifacts.values()].filter(
        (item) =>
          item.digest !== undefined &&
          item.run === ask.run &&
          (ask.nameFilter === undefined || ask.nameFilter === item.name) &&
          (ask.idFilter === undefined || ask.idFilter === item.id),
      )
      return json(200, { artifacts: wanted.map(listed) })
    },
    GetSignedArtifactURL(ask, origin) {
      const artifact = artifacts.get(keyOf(ask))
      if (artifact?.digest === undefined) return twirpError(404, 'not_found', 'artifact not found')
      return json(200, { signed_url: signedUrl(origin, keyOf(ask)) })
    },
    DeleteArtifact(ask) {
      const artifact = artifacts.get(keyOf(ask))
      if (artifact === undefined) return twirpError(404, 'not_found', 'artifact not found')
      artifacts.delete(keyOf(ask))
      return json(200, { ok: true, artifact_id: artifact.id })
    },
  }

  return (request) => {
    const call = /^\/twirp\/github\.actions\.results\.api\.v1\.ArtifactService\/(\w+)$/.exec(
      request.path,
    )?.[1]
    if (call !== undefined) {
      const handle = calls[call]
      if (handle === undefined) return twirpError(404, 'bad_route', call)
      if (!hasRunScope(bearer(request))) return twirpError(401, 'unauthenticated', 'Bad credentials')
      const ask = readAsk(request)
      return ask === undefined
        ? twirpError(400, 'malformed', 'the body is no artifact request')
        : handle(ask, request.origin)
    }
    if (!request.path.startsWith('/blob/')) return twirpError(404, 'bad_route', request.path)
    const artifact = artifacts.get(decodeURIComponent(request.path.slice('/blob/'.length)))
    return artifact === undefined ? { status: 404 } : blob(artifact, request)
  }
}

interface Ask {
  readonly run: string
  readonly job: string
  readonly name: string
  readonly mimeType?: string
  readonly hash?: string
  readonly nameFilter?: string
  readonly idFilter?: string
}

function readAsk(request: Incoming): Ask | undefined {
  const body = parseJson(text(request))
  if (!isRecord(body)) return undefined
  const word = (...names: readonly string[]) => {
    for (const name of names) {
      const value = body[name]
      // Protocol buffers wrap optional values: `{"value": …}`.
      const bare = isRecord(value) ? value['value'] : value
      if (typeof bare === 'string') return bare
    }
    return undefined
  }
  const optional = {
    mimeType: word('mime_type', 'mimeType'),
    hash: word('hash'),
    nameFilter: word('name_filter', 'nameFilter'),
    idFilter: word('id_filter', 'idFilter'),
  }
  return {
    run: word('workflow_run_backend_id', 'workflowRunBackendId') ?? '',
    job: word('workflow_job_run_backend_id', 'workflowJobRunBackendId') ?? '',
    name: word('name') ?? '',
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  }
}

/** The runner's token names the run it may write to: `Actions.Results:<run>:<job>`. */
function hasRunScope(token: string | undefined): boolean {
  const scope = token === undefined ? undefined : parseJwt(token)?.claims['scp']
  return typeof scope === 'string' && /(^| )Actions\.Results:[^:]+:[^:]+/.test(scope)
}

function blob(artifact: Artifact, request: Incoming): Reply {
  if (request.method === 'GET' || request.method === 'HEAD') {
    if (artifact.bytes === undefined) return { status: 404 }
    return { status: 200, headers: { 'Content-Type': artifact.mimeType, ETag: '"1"' }, body: artifact.bytes }
  }
  const query = new URLSearchParams(request.query)
  if (query.get('comp') === 'block') artifact.blocks.set(query.get('blockid') ?? '', request.body)
  else if (query.get('comp') === 'blocklist') {
    const ids = [...text(request).matchAll(/<(?:Latest|Uncommitted)>([^<]+)</g)].map(
      (match) => match[1] ?? '',
    )
    artifact.bytes = Buffer.concat(ids.map((id) => artifact.blocks.get(id) ?? new Uint8Array()))
  } else artifact.bytes = request.body
  return { status: 201, headers: { ETag: '"1"', 'Last-Modified': new Date().toUTCString() } }
}

function keyOf(ask: Ask): string {
  return `${ask.run}/${ask.name}`
}

/** The signature is long because the client masks it in the log, and a short one would mask ordinary text. */
export function signedUrl(origin: string, key: string): string {
  return `${origin}/blob/${encodeURIComponent(key)}?sig=emulated-signature-of-the-artifact-service`
}

function listed(item: Artifact): object {
  return {
    workflow_run_backend_id: item.run,
    workflow_job_run_backend_id: item.job,
    database_id: item.id,
    name: item.name,
    size: String(item.bytes?.length ?? 0),
    ...(item.digest === '' ? {} : { digest: item.digest }),
    created_at: item.createdAt,
  }
}

function twirpError(status: number, code: string, msg: string): Reply {
  return json(status, { code, msg })
}
