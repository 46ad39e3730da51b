import { createHash } from 'node:crypto'
import { json, type Handler } from '../../http/exchange.ts'
import { ACTIONS_BOT, userAnswer } from '../answers/users.ts'
import { findCommit, type Asset, type Release, type Repository } from '../repository.ts'
import {
  invalid,
  notFound,
  page,
  refusal,
  route,
  word,
  type GithubCall,
  type Permission,
  type Route,
} from '../route.ts'

const READ: Permission = ['contents', 'read']
const WRITE: Permission = ['contents', 'write']

function assetAnswer(call: GithubCall, release: Release, asset: Asset): object {
  return {
    id: asset.id,
    node_id: `RA_${asset.id}`,
    name: asset.name,
    label: '',
    content_type: asset.contentType,
    size: asset.bytes.length,
    digest:
      asset.state === 'uploaded' ? `sha256:${createHash('sha256').update(asset.bytes).digest('hex')}` : null,
    state: asset.state,
    download_count: 0,
    created_at: release.createdAt,
    updated_at: release.createdAt,
    uploader: userAnswer(ACTIONS_BOT, call.origin),
    url: `${call.url}/releases/assets/${asset.id}`,
    browser_download_url: `${call.url}/releases/assets/${asset.id}`,
  }
}

function releaseAnswer(call: GithubCall, release: Release): object {
  return {
    id: release.id,
    node_id: `RE_${release.id}`,
    tag_name: release.tag,
    target_commitish: release.target,
    name: release.name,
    body: release.body,
    draft: release.draft,
    prerelease: release.prerelease,
    immutable: release.immutable,
    author: userAnswer(ACTIONS_BOT, call.origin),
    created_at: release.createdAt,
    published_at: release.publishedAt ?? null,
    url: `${call.url}/releases/${release.id}`,
    html_url: `https://github.com/${call.repository.owner}/${call.repository.name}/releases/tag/${release.draft ? `untagged-${release.id}` : release.tag}`,
    tarball_url: null,
    zipball_url: null,
    upload_url: `${call.uploadUrl}/releases/${release.id}/assets{?name,label}`,
    assets_url: `${call.url}/releases/${release.id}/assets`,
    assets: release.assets.map((asset) => assetAnswer(call, release, asset)),
  }
}

function answer(call: GithubCall, release: Release | undefined) {
  return release === undefined ? notFound() : json(200, releaseAnswer(call, release))
}

/** Drafts are seen only by who may write. */
function releases(call: GithubCall): readonly Release[] {
  return [...call.repository.releases.values()].toReversed().filter(({ draft }) => !draft || call.mayWrite)
}

function releaseOf(call: GithubCall): Release | undefined {
  const release = call.repository.releases.get(Number(call.path['id']))
  return release?.draft === true && !call.mayWrite ? undefined : release
}

function assetOf(repository: Repository, id: number) {
  for (const release of repository.releases.values()) {
    const asset = release.assets.find((item) => item.id === id)
    if (asset !== undefined) return { release, asset }
  }
  return undefined
}

function refuseImmutable(resource: string) {
  return json(422, {
    message: 'Cannot change an immutable release.',
    errors: [{ resource, code: 'custom', message: 'Cannot change an immutable release.' }],
    documentation_url: 'https://docs.github.com/rest',
    status: '422',
  })
}

/** A release that is published makes its tag when the tag is not there, and is immutable where the repository wants it. */
function published(call: GithubCall, release: Release): Release {
  if (release.draft || release.publishedAt !== undefined) return release
  const ref = `refs/tags/${release.tag}`
  const commit = findCommit(call.repository, release.target)
  if (!call.repository.refs.has(ref) && commit !== undefined) call.repository.refs.set(ref, commit.sha)
  return { ...release, publishedAt: call.now, immutable: call.immutableReleases }
}

function isTaken({ repository }: GithubCall, { id, tag, draft }: Release): boolean {
  return (
    !draft && [...repository.releases.values()].some((one) => one.id !== id && !one.draft && one.tag === tag)
  )
}

function keep(call: GithubCall, release: Release, status: number) {
  if (isTaken(call, release)) {
    return json(422, {
      message: 'Validation Failed',
      errors: [{ resource: 'Release', code: 'already_exists', field: 'tag_name' }],
      documentation_url: 'https://docs.github.com/rest',
      status: '422',
    })
  }
  const kept = published(call, release)
  call.repository.releases.set(kept.id, kept)
  return json(status, releaseAnswer(call, kept))
}

/** Only there: the API answers an upload with 404. */
function uploadRoute(pattern: string, handle: Route['handle']): Route {
  return { method: 'POST', pattern, permission: WRITE, isUpload: true, handle }
}

/** Releases and their assets. */
export const RELEASE_ROUTES: readonly Route[] = [
  route('GET', 'releases', READ, (call) =>
    page(
      call,
      releases(call).map((item) => releaseAnswer(call, item)),
    ),
  ),
  route('POST', 'releases', WRITE, (call) => {
    const tag = word(call.body, 'tag_name')
    if (tag === '') return invalid('Release', 'tag_name', "tag_name can't be blank")
    const release: Release = {
      id: call.repository.nextId(),
      tag,
      target: word(call.body, 'target_commitish', 'main'),
      name: word(call.body, 'name', tag),
      body: word(call.body, 'body'),
      draft: call.body['draft'] === true,
      prerelease: call.body['prerelease'] === true,
      immutable: false,
      createdAt: call.now,
      assets: [],
    }
    return keep(call, release, 201)
  }),
  route('GET', 'releases/latest', READ, (call) =>
    answer(
      call,
      releases(call).find(({ draft, prerelease }) => !draft && !prerelease),
    ),
  ),
  route('GET', 'releases/tags/*tag', READ, (call) =>
    answer(
      call,
      releases(call).find(({ tag, draft }) => !draft && tag === call.path['tag']),
    ),
  ),
  route('GET', 'releases/assets/:id', READ, (call) => {
    const found = assetOf(call.repository, Number(call.path['id']))
    if (found === undefined || (found.release.draft && !call.mayWrite)) return notFound()
    const wantsBytes = (call.request.headers['accept'] ?? '').includes('octet-stream')
    if (!wantsBytes) return json(200, assetAnswer(call, found.release, found.asset))
    const key = `${call.repository.owner}/${call.repository.name}/${found.asset.id}`
    return {
      status: 302,
      headers: {
        Location: `${call.storage}/release-assets/${key}?sig=emulated-signature-of-the-asset-store`,
      },
    }
  }),
  route('DELETE', 'releases/assets/:id', WRITE, (call) => {
    const found = assetOf(call.repository, Number(call.path['id']))
    if (found === undefined) return notFound()
    if (found.release.immutable) return refuseImmutable('ReleaseAsset')
    const assets = found.release.assets.filter(({ id }) => id !== found.asset.id)
    call.repository.releases.set(found.release.id, { ...found.release, assets })
    return { status: 204 }
  }),
  route('GET', 'releases/:id', READ, (call) => answer(call, releaseOf(call))),
  route('PATCH', 'releases/:id', WRITE, (call) => {
    const release = releaseOf(call)
    if (release === undefined) return notFound()
    if (release.immutable && (call.body['tag_name'] !== undefined || call.body['draft'] === true))
      return refuseImmutable('Release')
    const { draft, prerelease } = call.body
    return keep(
      call,
      {
        ...release,
        tag: word(call.body, 'tag_name', release.tag),
        target: word(call.body, 'target_commitish', release.target),
        name: word(call.body, 'name', release.name),
        body: word(call.body, 'body', release.body),
        draft: typeof draft === 'boolean' ? draft : release.draft,
        prerelease: typeof prerelease === 'boolean' ? prerelease : release.prerelease,
      },
      200,
    )
  }),
  route('DELETE', 'releases/:id', WRITE, (call) => {
    const release = releaseOf(call)
    if (release === undefined) return notFound()
    call.repository.releases.delete(release.id)
    return { status: 204 }
  }),
  route('GET', 'releases/:id/assets', READ, (call) => {
    const release = releaseOf(call)
    if (release === undefined) return notFound()
    return page(
      call,
      release.assets.map((asset) => assetAnswer(call, release, asset)),
    )
  }),
  uploadRoute('releases/:id/assets', (call) => {
    const release = releaseOf(call)
    if (release === undefined) return notFound()
    if (release.immutable) return refuseImmutable('ReleaseAsset')
    const name = call.query.get('name') ?? ''
    if (name === '') return invalid('ReleaseAsset', 'name', "name can't be blank")
    if (release.assets.some((asset) => asset.name === name)) {
      return json(422, {
        message: 'Validation Failed',
        errors: [{ resource: 'ReleaseAsset', code: 'already_exists', field: 'name' }],
        documentation_url: 'https://docs.github.com/rest',
        status: '422',
      })
    }
    const isBroken = call.uploadFailures.delete(name)
    const asset: Asset = {
      id: call.repository.nextId(),
      name,
      contentType: call.request.headers['content-type'] ?? 'application/octet-stream',
      bytes: isBroken ? new Uint8Array() : call.request.body,
      state: isBroken ? 'starter' : 'uploaded',
    }
    const grown = { ...release, assets: [...release.assets, asset] }
    call.repository.releases.set(release.id, grown)
    return isBroken ? refusal(502, 'Bad Gateway') : json(201, assetAnswer(call, grown, asset))
  }),
]

/**
 * The store to which GitHub sends on for the bytes of an asset. Like the real one it refuses a request that shows a
 * token beside the signature.
 */
export function createAssetStore(repositories: ReadonlyMap<string, Repository>): Handler {
  return ({ path, headers }) => {
    if (headers['authorization'] !== undefined) {
      return { status: 400, body: 'Authentication information is not given in the correct format.' }
    }
    const [, key, id] = /^\/release-assets\/([^/]+\/[^/]+)\/(\d+)$/.exec(path) ?? []
    const repository = key === undefined ? undefined : repositories.get(key.toLowerCase())
    const found = repository && assetOf(repository, Number(id))
    if (found === undefined) return { status: 404 }
    return {
      status: 200,
      headers: { 'Content-Type': found.asset.contentType },
      body: found.asset.bytes,
    }
  }
}
