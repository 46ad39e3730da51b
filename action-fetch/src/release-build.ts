import { downloadFile, GithubError, readRelease, type Release, type ReleaseAsset } from '@dsa/action-kit'
import { UserError } from '@dsa/user-error'
import { type Build, type BuildFile, MAX_BYTES } from './build.ts'
import { sha256Of } from './checksums.ts'
import type { ReleaseSource } from './repository.ts'

/** The assets of a release, which are downloaded when they are read. */
export function buildOf(release: Release, source: ReleaseSource): Build {
  return {
    source: `the release '${release.tag}'`,
    release: release.tag,
    files: release.assets.filter(({ isUploaded }) => isUploaded).map((asset) => assetFile(asset, source)),
  }
}

function assetFile({ id, name, size, digest }: ReleaseAsset, source: ReleaseSource): BuildFile {
  const { owner, repo, token, environment } = source
  return {
    path: name,
    size,
    async read() {
      const bytes = await downloadFile({
        path: `/repos/${owner}/${repo}/releases/assets/${id}`,
        token,
        what: `the asset '${name}'`,
        maxBytes: Math.min(size, MAX_BYTES),
        environment,
      })
      const sum = sha256Of(bytes)
      if (bytes.length === size && (digest === undefined || digest === sum)) return bytes
      throw new UserError(
        `The asset '${name}' came damaged: ${bytes.length} bytes with the sum ${sum}, and GitHub has ${size} bytes${digest === undefined ? '' : ` with ${digest}`}. Run the job again.`,
      )
    },
  }
}

/**
 * @param tag or `latest`
 * @throws UserError where there is none, or none that the token may see
 */
export async function findRelease(tag: string, { github, owner, repo }: ReleaseSource): Promise<Release> {
  const isLatest = tag.toLowerCase() === 'latest'
  const { repos } = github.api.rest
  try {
    const { data } = isLatest
      ? await repos.getLatestRelease({ owner, repo })
      : await repos.getReleaseByTag({ owner, repo, tag })
    return readRelease(data)
  } catch (cause) {
    if (!(cause instanceof GithubError) || cause.status !== 404) throw cause
    const wanted = isLatest ? 'no published release' : `no published release with the tag '${tag}'`
    throw new UserError(
      `${owner}/${repo} has ${wanted}, or the token may not see it. A draft is not published yet. The job needs the permission 'contents: read'.`,
      { cause },
    )
  }
}
