import type { GitHub } from './connect.ts'
import { readRelease, type Release } from './release.ts'

const PAGE = 100

/** GitHub lists no more than that. */
const MOST_PAGES = 10

/** All releases, the newest first. Drafts are among them where the token may write contents, and only there. */
export async function allReleases({ api, owner, repo }: GitHub): Promise<readonly Release[]> {
  const releases: Release[] = []
  for (let page = 1; page <= MOST_PAGES; page++) {
    const { data } = await api.rest.repos.listReleases({ owner, repo, per_page: PAGE, page })
    releases.push(...data.map(readRelease))
    if (data.length < PAGE) break
  }
  return releases
}
