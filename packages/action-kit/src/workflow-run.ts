type Environment = Readonly<Record<string, string | undefined>>

/** The file of the workflow that runs, which stays when the name of the workflow is bettered; its name where there is none. */
export function workflowFile(environment: Environment): string {
  return environment['GITHUB_WORKFLOW_REF']?.replace(/@.*$/s, '') ?? environment['GITHUB_WORKFLOW'] ?? ''
}

/** The page of the run, with the summary and the artifacts. */
export function runAddress(environment: Environment): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = environment
  const address = `${server ?? ''}/${repository ?? ''}/actions/runs/${run ?? ''}`
  return /^https?:\/\/[\w.:/-]+\/actions\/runs\/\d+$/.test(address) ? address : undefined
}
