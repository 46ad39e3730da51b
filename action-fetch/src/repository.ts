import { type ActionDeps, connectToGithub, type GitHub, InputError } from '@dsa/action-kit'
import type { Inputs } from './inputs.ts'

export interface RepositoryName {
  readonly owner: string
  readonly repo: string
}

/** The repository that is read: the one of the inputs, or that of the workflow. */
export function repositoryOf({ repository }: Inputs, { environment }: ActionDeps): RepositoryName {
  if (repository !== undefined) return repository
  const [owner = '', repo = ''] = (environment['GITHUB_REPOSITORY'] ?? '').split('/')
  if (owner !== '' && repo !== '') return { owner, repo }
  throw new InputError("Input 'repository' is required where GITHUB_REPOSITORY does not name one.")
}

export function tokenOf({ token }: Inputs): string {
  if (token !== undefined) return token
  throw new InputError("Input 'github-token' is empty. Leave it out to use the job's own token.")
}

/** A repository whose releases are read, with what that takes. */
export interface ReleaseSource extends RepositoryName {
  readonly github: GitHub
  readonly token: string
  readonly environment: ActionDeps['environment']
}

export async function openReleases(inputs: Inputs, deps: ActionDeps): Promise<ReleaseSource> {
  const { owner, repo } = repositoryOf(inputs, deps)
  const token = tokenOf(inputs)
  const environment = { ...deps.environment, GITHUB_REPOSITORY: `${owner}/${repo}` }
  return { owner, repo, token, environment, github: await connectToGithub(token, { ...deps, environment }) }
}
