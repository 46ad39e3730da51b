import { json } from '../../http/exchange.ts'
import type { Asset, Release } from '../repository.ts'
import { notFound, page, route, word, type GithubCall, type Permission, type Route } from '../route.ts'

const READ: Permission = ['contents', 'read']
const WRITE: Permission = ['contents', 'write']

function assetAnswer(call: GithubCall, asset: Asset): object {
  return {
    id: asset.id,
    name: asset.name,
    content_type: asset.contentType,
    size: asset.bytes.length,
    state: 'uploaded',
    url: `${call.url}/releases/assets/${asset.id}`,
    browser_download_url: `${call.url}/releases/assets/${asset.id}`,
  }
}

function releaseAnswer(call: GithubCall, release: Release): object {
  return {
    id: release.id,
    tag_name: release.tag,
    name: release.name,
    body: release.body,
    draft: release.draft,
    prerelease: release.prerelease,
    created_at: release.createdAt,
    published_at: release.draft ? null : release.createdAt,
    url: `${call.url}/releases/${release.id}`,
    upload_url: `${call.url}/releases/${release.id}/assets{?name,label}`,
    assets_url: `${call.url}/releases/${release.id}/assets`,
    assets: release.assets.map((asset) => assetAnswer(call, asset)),
  }
}

function answer(call: GithubCall, release: Release | undefined) {
  return release === undefined ? notFound() : json(200, releaseAnswer(call, release))
}

function releases(call: GithubCall): readonly Release[] {
  return [...call.repository.releases.values()].toReversed()
}

function releaseOf(call: GithubCall): Release | undefined {
  return call.repository.releases.get(Number(call.path['id']))
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
    const release: Release = {
      id: call.repository.nextId(),
      tag,
      name: word(call.body, 'name', tag),
      body: word(call.body, 'body'),
      draft: call.body['draft'] === true,
      prerelease: call.body['prerelease'] === true,
      createdAt: call.now,
      assets: [],
    }
    call.repository.releases.set(release.id, release)
    return json(201, releaseAnswer(call, release))
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
    const asset = releases(call)
      .flatMap(({ assets }) => assets)
      .find(({ id }) => id === Number(call.path['id']))
    if (asset === undefined) return notFound()
    const wantsBytes = (call.request.headers['accept'] ?? '').includes('octet-stream')
    return wantsBytes
      ? { status: 200, headers: { 'Content-Type': asset.contentType }, body: asset.bytes }
      : json(200, assetAnswer(call, asset))
  }),
  route('GET', 'releases/:id', READ, (call) => answer(call, releaseOf(call))),
  route('GET', 'releases/:id/assets', READ, (call) =>
    page(
      call,
      (releaseOf(call)?.assets ?? []).map((asset) => assetAnswer(call, asset)),
    ),
  ),
  route('POST', 'releases/:id/assets', WRITE, (call) => {
    const release = releaseOf(call)
    if (release === undefined) return notFound()
    const asset: Asset = {
      id: call.repository.nextId(),
      name: call.query.get('name') ?? 'asset',
      contentType: call.request.headers['content-type'] ?? 'application/octet-stream',
      bytes: call.request.body,
    }
    call.repository.releases.set(release.id, { ...release, assets: [...release.assets, asset] })
    return json(201, assetAnswer(call, asset))
  }),
]
