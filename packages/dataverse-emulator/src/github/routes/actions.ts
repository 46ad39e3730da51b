import type { Artifact } from '../../artifacts/artifact-service.ts'
import { signedUrl } from '../../artifacts/artifact-service.ts'
import { json } from '../../http/exchange.ts'
import { notFound, route, type GithubCall, type Permission, type Route } from '../route.ts'

const READ: Permission = ['actions', 'read']

function finished(call: GithubCall): readonly Artifact[] {
  return [...call.artifacts.values()].filter(({ digest }) => digest !== undefined)
}

function artifactAnswer(call: GithubCall, { id, name, bytes, createdAt, digest }: Artifact): object {
  return {
    id: Number(id),
    node_id: `A_${id}`,
    name,
    size_in_bytes: bytes?.length ?? 0,
    url: `${call.url}/actions/artifacts/${id}`,
    archive_download_url: `${call.url}/actions/artifacts/${id}/zip`,
    expired: false,
    created_at: createdAt,
    updated_at: createdAt,
    expires_at: null,
    ...(digest === undefined || digest === '' ? {} : { digest }),
  }
}

/** Artifacts of runs, as another run finds them: the artifact service itself knows only the run of the token. */
export const ACTIONS_ROUTES: readonly Route[] = [
  route('GET', 'actions/runs/:run/artifacts', READ, (call) => {
    const name = call.query.get('name')
    const found = finished(call).filter(
      (item) => item.run === call.path['run'] && (name === null || item.name === name),
    )
    return json(200, {
      total_count: found.length,
      artifacts: found.map((item) => artifactAnswer(call, item)),
    })
  }),
  route('GET', 'actions/artifacts/:id/zip', READ, (call) => {
    const found = finished(call).find(({ id }) => id === call.path['id'])
    if (found === undefined) return notFound()
    return { status: 302, headers: { Location: signedUrl(call.storage, `${found.run}/${found.name}`) } }
  }),
]
