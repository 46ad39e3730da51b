import { UserError } from '@dsa/user-error'
import { GithubError } from './github-error.ts'

/**
 * The error of a request that the token may not make, with the lines that the job must have; every other error as it is.
 *
 * @param lines such as `contents: write`
 */
export function namingPermissions(error: unknown, lines: readonly string[]): unknown {
  if (!(error instanceof GithubError) || !error.lacksPermission) return error
  const wanted = lines.map((line) => `'${line}'`).join(' and ')
  return new UserError(
    `${error.message} Add to 'permissions:' of the job: ${wanted}. Where it calls a workflow, the caller must have them too.`,
    { cause: error },
  )
}
