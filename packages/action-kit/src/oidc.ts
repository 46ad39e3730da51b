/**
 * Asks the runner for an OIDC token of the job. The runner's answer is masked by the toolkit.
 *
 * @throws Error that names the missing permission; a job without it has no address to ask
 */
export async function getIdToken(audience: string): Promise<string> {
  if (!process.env['ACTIONS_ID_TOKEN_REQUEST_URL'] || !process.env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']) {
    throw new Error(
      'The job has no OIDC token. Signing in without a secret needs "permissions: id-token: write" on the job or the workflow; pull requests from forks and from Dependabot never get it. Add the permission, or give another credential such as "client-secret".',
    )
  }
  const { getIDToken } = await import('@actions/core')
  return getIDToken(audience)
}
