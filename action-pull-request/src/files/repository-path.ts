import { UserError } from '@dsa/user-error'

/**
 * A path of the workspace as git writes it: `/` between folders, from the root; '' is the root itself.
 *
 * @throws UserError for a path out of the workspace or into `.git`
 */
export function repositoryPath(given: string): string {
  const parts = given
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.')
  if (/^(?:[/\\]|[a-z]:)/i.test(given) || parts.includes('..'))
    throw new UserError(
      `Input 'paths' has '${given}', which leads out of the workspace. Give paths from its root, such as solutions/MySolution.`,
    )
  if (parts.some(isGitFolder))
    throw new UserError(`Input 'paths' has '${given}', which leads into git's own files.`)
  return parts.join('/')
}

/** On some systems `.GIT` and `git~1` are the same folder, so GitHub refuses them in a tree. */
export function isGitFolder(name: string): boolean {
  return /^(?:\.git|git~1)[. ]*$/i.test(name)
}
