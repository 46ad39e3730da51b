import type { ActionDeps } from '@dsa/action-kit'
import { UserError } from '@dsa/user-error'
import type { Repository } from './git.ts'

/**
 * The commit of a revision; one that a shallow checkout lacks is fetched.
 * @param input that names the revision
 * @throws UserError when it is not there
 */
export function findCommit(
  repository: Repository,
  revision: string,
  input: string,
  { log }: Pick<ActionDeps, 'log'>,
): string {
  const found = repository.commitOf(revision)
  if (found !== undefined) return found
  if (/^[0-9a-f]{40}$/.test(revision)) {
    log.info(`Fetching the commit ${revision}, which the checkout does not have.`)
    repository.fetchCommit(revision)
    const fetched = repository.commitOf(revision)
    if (fetched !== undefined) return fetched
  }
  throw new UserError(
    `There is no revision, folder or archive '${revision}' ('${input}'). A shallow checkout has one commit alone: set 'fetch-depth: 0' of actions/checkout for other revisions.`,
  )
}
