/**
 * The address of a page of the documentation, in the repository that the step's `uses` names: a fork leads to its own.
 * The main branch is meant, not the ref of `uses`, since a release holds only what a runner needs and no pages.
 *
 * @param page path from the root of the repository, such as `docs/verify.md#current-value`
 * @param environment of the job; for a local action (`uses: ./…`) the runner names no repository, and the path alone
 *   is returned
 */
export function docsPage(page: string, environment: Readonly<Record<string, string | undefined>>): string {
  // https://docs.github.com/en/actions/reference/workflows-and-actions/variables#default-environment-variables
  const repository = environment['GITHUB_ACTION_REPOSITORY'] ?? ''
  return /^[\w.-]+\/[\w.-]+$/.test(repository) ? `https://github.com/${repository}/blob/main/${page}` : page
}
