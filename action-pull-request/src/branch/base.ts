import { gitRef, type GitHub } from '@dsa/action-kit'
import { UserError } from '@dsa/user-error'

/** The branch to merge into: the one that is given, else the one that the workflow runs on, else the default branch. */
export async function baseBranch(
  { api, owner, repo }: GitHub,
  given: string | undefined,
  branch: string,
): Promise<string> {
  if (given === branch)
    throw new UserError(`Inputs 'base' and 'branch' are both '${branch}'. A pull request needs two branches.`)
  if (given !== undefined) return given
  const { type, name } = gitRef()
  // A run for a pull request is on `12/merge`, which is no branch that can be merged into.
  if (type === 'branch' && name !== branch && name !== '' && !/^\d+\/merge$/.test(name)) return name
  const { data } = await api.rest.repos.get({ owner, repo })
  if (data.default_branch !== branch) return data.default_branch
  throw new UserError(
    `'branch' is '${branch}', which is the default branch. Give the branch that the pull request comes from.`,
  )
}
