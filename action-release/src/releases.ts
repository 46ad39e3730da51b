import {
  allReleases,
  type GitHub,
  GithubError,
  madeOnce,
  readRelease,
  type Release,
  takenAway,
} from '@dsa/action-kit'
import { UserError } from '@dsa/user-error'

export interface ReleaseText {
  readonly name: string
  /** Undefined leaves the notes as they are. */
  readonly body: string | undefined
  readonly prerelease: boolean
}

/** The release of a tag, published or a draft. GitHub finds no draft by its tag, so the list is looked through. */
export async function findRelease(github: GitHub, tag: string): Promise<Release | undefined> {
  const { api, owner, repo } = github
  try {
    const { data } = await api.rest.repos.getReleaseByTag({ owner, repo, tag })
    return readRelease(data)
  } catch (error) {
    if (!(error instanceof GithubError) || error.status !== 404) throw error
  }
  return firstDraft(github, tag)
}

/** GitHub lets several drafts have one tag. Two runs at once take the same one. */
async function firstDraft(github: GitHub, tag: string): Promise<Release | undefined> {
  const drafts = (await allReleases(github)).filter((one) => one.draft && one.tag === tag)
  return drafts.toSorted((a, b) => a.id - b.id)[0]
}

/** @returns the release that counts: a run beside this one may have made it meanwhile, and even published it */
export async function createDraft(github: GitHub, tag: string, text: ReleaseText): Promise<Release> {
  const { api, owner, repo, log } = github
  const { name, body = '', prerelease } = text
  const made = await madeOnce(
    github,
    async () => {
      const { data } = await api.rest.repos.createRelease({
        owner,
        repo,
        tag_name: tag,
        name,
        body,
        prerelease,
        draft: true,
      })
      return readRelease(data)
    },
    () => firstDraft(github, tag),
  )
  const first = (await findRelease(github, tag)) ?? made
  if (first.id === made.id) return made
  log.info(`Another run made the release of '${tag}' at the same time, which is taken.`)
  await takenAway(() => api.rest.repos.deleteRelease({ owner, repo, release_id: made.id }))
  return first
}

/** @returns the release as it is then, and whether something was not as it is wanted */
export async function updateText(
  { api, owner, repo }: GitHub,
  release: Release,
  { name, body = release.body, prerelease }: ReleaseText,
): Promise<{ readonly release: Release; readonly isChanged: boolean }> {
  if (release.name === name && release.body === body && release.prerelease === prerelease)
    return { release, isChanged: false }
  const { data } = await api.rest.repos.updateRelease({
    owner,
    repo,
    release_id: release.id,
    name,
    body,
    prerelease,
  })
  return { release: readRelease(data), isChanged: true }
}

/**
 * Publishes a draft, whose files are all there: a repository may want releases to be fixed when they are published.
 *
 * @throws UserError where the tag belonged to a release that was fixed
 */
export async function publish(
  { api, owner, repo }: GitHub,
  { id, tag }: Release,
  latest: 'auto' | 'true' | 'false',
): Promise<Release> {
  try {
    const { data } = await api.rest.repos.updateRelease({
      owner,
      repo,
      release_id: id,
      draft: false,
      make_latest: latest === 'auto' ? 'legacy' : latest,
    })
    return readRelease(data)
  } catch (error) {
    if (!(error instanceof GithubError) || error.status !== 422) throw error
    throw new UserError(
      `${error.message} The files are in the draft of '${tag}', which is not published. A tag that an immutable release had is never free again, also when that release was deleted: set a higher tag.`,
      { cause: error },
    )
  }
}
