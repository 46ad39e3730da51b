import type { ActionDeps } from '@dsa/action-kit'
import { didYouMean, listed, UserError } from '@dsa/user-error'
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
    `There is no revision, folder or archive '${revision}' ('${input}'). ${adviceFor(revision, repository)}`,
  )
}

const MOST_NAMES = 8

function adviceFor(revision: string, repository: Repository): string {
  if (repository.commitOf('HEAD') === undefined) return 'The repository has no commit yet.'
  if (revision.includes('..')) return "It is a range: give its ends as 'base' and 'head'."
  if (/^[^:]+:/.test(revision) && repository.commitOf(revision.replace(/:.*$/s, '')) !== undefined)
    return "It names a file or folder of a revision: give the revision, and the folder as 'solution-folder'."
  if (repository.isShallow)
    return "The checkout is shallow and has one commit alone: set 'fetch-depth: 0' of actions/checkout for other revisions."
  const names = repository.names()
  const shown = names.slice(0, MOST_NAMES).map((name) => `'${name}'`)
  const more = names.length - shown.length
  return `The repository has ${listed(more > 0 ? [...shown, `${more} more`] : shown)}.${didYouMean(revision, names)}`
}
