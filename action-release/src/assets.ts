import {
  downloadFile,
  type GitHub,
  GithubError,
  madeOnce,
  readAsset,
  type Release,
  type ReleaseAsset,
  takenAway,
} from '@dsa/action-kit'
import { quotedList, UserError } from '@dsa/user-error'
import { sha256Of, type WantedFile } from './files.ts'

const PAGE = 100

/** For 2 GiB over a slow line. */
const UPLOAD_LIMIT_MS = 30 * 60_000

/** A repository, and what reads its files where GitHub notes no sums. */
export interface AssetStore {
  readonly github: GitHub
  readonly token: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** What becomes of the files of a release. */
export interface AssetPlan {
  readonly same: readonly WantedFile[]
  readonly missing: readonly WantedFile[]
  /** Of the same name, and not what was built. */
  readonly other: readonly { readonly file: WantedFile; readonly asset: ReleaseAsset; readonly sum: string }[]
  /** In the release, and not among the files. */
  readonly foreign: readonly string[]
}

export async function planAssets(
  store: AssetStore,
  release: Release,
  files: readonly WantedFile[],
): Promise<AssetPlan> {
  const assets = await assetsOf(store.github, release)
  const rows = await Promise.all(
    files.map(async (file) => {
      const asset = assets.find(({ name }) => name === file.name)
      const sum = asset === undefined ? undefined : await sumOf(asset, store)
      return { file, asset, sum }
    }),
  )
  return {
    same: rows.flatMap(({ file, sum }) => (sum === file.sha256 ? [file] : [])),
    missing: rows.flatMap(({ file, asset }) => (asset === undefined ? [file] : [])),
    other: rows.flatMap(({ file, asset, sum = '' }) =>
      asset === undefined || sum === file.sha256 ? [] : [{ file, asset, sum }],
    ),
    foreign: assets.flatMap(({ name }) => (files.some((file) => file.name === name) ? [] : [name])),
  }
}

/** @throws UserError with each file that a published release has otherwise, or has not and can never get */
export function refusePublished({ tag, immutable, url }: Release, { other, missing }: AssetPlan): void {
  if (other.length > 0) {
    const what = other.map(
      ({ file, sum }) => `'${file.name}' has the sum ${sum}, and what was built has ${file.sha256}`,
    )
    throw new UserError(
      `The release '${tag}' is published with other files, so nothing was changed: ${what.join('; ')}. What people have downloaded must not change under its name. Set a higher tag. ${url}`,
    )
  }
  if (immutable && missing.length > 0) {
    throw new UserError(
      `The release '${tag}' is published and immutable, and has not ${quotedList(missing.map(({ name }) => name))}. It can get no more files. Set a higher tag, and let this action make its release: it publishes when all files are there. ${url}`,
    )
  }
}

/** Brings what is missing, and on a draft what is other, into the release. */
export async function upload(store: AssetStore, release: Release, plan: AssetPlan): Promise<void> {
  const { api, owner, repo, log } = store.github
  for (const { asset } of plan.other) {
    await takenAway(() => api.rest.repos.deleteReleaseAsset({ owner, repo, asset_id: asset.id }))
    log.info(`'${asset.name}' of the draft is not what was built, and was taken away.`)
  }
  for (const file of [...plan.missing, ...plan.other.map((one) => one.file)])
    await uploadFile(store, release, file)
}

/** An upload whose answer is lost is looked for; what is left of one that broke off is taken away before the next. */
async function uploadFile(store: AssetStore, release: Release, file: WantedFile): Promise<void> {
  const { github } = store
  const { api, owner, repo, log } = github
  const address = uploadAddress(release, file)
  const find = async (): Promise<ReleaseAsset | undefined> => {
    const asset = (await assetsOf(github, release)).find(({ name }) => name === file.name)
    if (asset === undefined) return undefined
    if ((await sumOf(asset, store)) === file.sha256) return asset
    await takenAway(() => api.rest.repos.deleteReleaseAsset({ owner, repo, asset_id: asset.id }))
    return undefined
  }
  const asset = await madeOnce(
    github,
    async () => {
      const { data } = await api.request({
        method: 'POST',
        url: address,
        headers: { 'content-type': file.contentType },
        data: file.read(),
        request: { limitMs: UPLOAD_LIMIT_MS },
      })
      return readAsset(data)
    },
    find,
  ).catch(async (error: unknown) => {
    // Another run uploads the same at the same time.
    const isThere =
      error instanceof GithubError && error.status === 422 && /already.exists/i.test(error.serverMessage)
    const others = isThere ? await find() : undefined
    if (others === undefined) throw error
    return others
  })
  if (
    asset?.name !== file.name ||
    asset.size !== file.size ||
    (asset.digest ?? file.sha256) !== file.sha256
  ) {
    throw new UserError(
      `'${file.name}' came to GitHub damaged: ${asset?.size} bytes with ${asset?.digest}, and it has ${file.size} bytes with ${file.sha256}. The release stays a draft. Run the job again.`,
    )
  }
  log.info(`Uploaded '${file.name}', ${file.size} bytes, sha256 ${file.sha256}.`)
}

/** GitHub names the host that takes uploads; the token goes there, so it must be https, or this machine. */
function uploadAddress({ uploadUrl }: Release, { name }: WantedFile): string {
  const base = uploadUrl.replace(/\{.*$/, '')
  const isSafe = /^(?:https:\/\/|http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])[:/])/.test(base)
  if (!isSafe || !URL.canParse(base))
    throw new UserError(`GitHub names no address by https for uploads: '${base.slice(0, 200)}'.`)
  return `${base}?name=${encodeURIComponent(name)}`
}

/** All files of a release: its own answer holds the first thirty. */
export async function assetsOf(
  { api, owner, repo }: GitHub,
  { id }: Release,
): Promise<readonly ReleaseAsset[]> {
  const assets: ReleaseAsset[] = []
  for (let page = 1; ; page++) {
    const { data } = await api.rest.repos.listReleaseAssets({
      owner,
      repo,
      release_id: id,
      per_page: PAGE,
      page,
    })
    assets.push(...data.flatMap((asset) => readAsset(asset) ?? []))
    if (data.length < PAGE) return assets
  }
}

/** Servers that note no sum are asked for the bytes. An upload that broke off has none. */
async function sumOf(asset: ReleaseAsset, { github, token, environment }: AssetStore): Promise<string> {
  if (!asset.isUploaded) return 'none: its upload broke off'
  if (asset.digest !== undefined) return asset.digest
  const bytes = await downloadFile({
    path: `/repos/${github.owner}/${github.repo}/releases/assets/${asset.id}`,
    token,
    what: `the file '${asset.name}' of the release`,
    maxBytes: asset.size,
    environment,
  })
  return sha256Of(bytes)
}
