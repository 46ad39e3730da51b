import { type GitHub, GithubError } from '@dsa/action-kit'
import { UserError } from '@dsa/user-error'
import type { Inputs } from './inputs.ts'

/**
 * Publishing a release whose tag is not there would make the tag, of a commit that nobody chose. And a tag that moved
 * since the run began names another source than the files were built from.
 *
 * @param commit of the run
 * @throws UserError
 */
export async function checkTag(
  { api, owner, repo }: GitHub,
  { name, isOfRun }: Inputs['tag'],
  commit: string | undefined,
): Promise<void> {
  const sha = await tagged()
  if (!isOfRun || commit === undefined || commit === '' || sha === commit) return
  throw new UserError(
    `The tag '${name}' was moved: this run is for the commit ${commit}, and the tag now names ${sha}. Nothing was released. Never move a tag; set a higher one.`,
  )

  async function tagged(): Promise<string> {
    try {
      const { data } = await api.rest.repos.getCommit({ owner, repo, ref: `tags/${name}`, per_page: 1 })
      return data.sha
    } catch (cause) {
      if (!(cause instanceof GithubError) || ![404, 409, 422].includes(cause.status ?? 0)) throw cause
      throw new UserError(
        `${owner}/${repo} has no tag '${name}', or the token may not see it. Push it first: git tag ${shown(name)} && git push origin ${shown(name)}. The job needs the permission 'contents: write'.`,
        { cause },
      )
    }
  }
}

/** It stands in a line that a person copies into a shell. */
function shown(name: string): string {
  return /^\w[\w./-]*$/.test(name) ? name : 'TAG'
}
