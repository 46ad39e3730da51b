import type { Emulator } from '../../packages/dataverse-emulator/src/index.ts'
import { pick } from '../../packages/dataverse-emulator/src/testing/with-emulator.ts'

/** The repository that jobs of tests run for. */
export const REPOSITORY = 'contoso/orders'

/** Asks the emulated GitHub with nothing of ours in between. Returns the body of the answer. */
export async function askGithub(
  { ready }: Emulator,
  method: string,
  path: string,
  body?: unknown,
  token = 'ghs_of-a-person-who-looks',
): Promise<unknown> {
  const answer = await fetch(`${ready.github}/repos/${REPOSITORY}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
  return text === '' ? undefined : JSON.parse(text)
}

/** A pull request whose head is a commit that git pushed. Returns its number. */
export async function openPullRequest(emulator: Emulator, branch: string, sha: string): Promise<number> {
  emulator.push({ repository: REPOSITORY, branch, sha, author: 'ada' })
  const pull = await askGithub(emulator, 'POST', '/pulls', { title: branch, head: branch, base: 'main' })
  return Number(pick(pull, 'number'))
}

/** The comments of a pull request, the oldest first. */
export async function commentsOf(
  emulator: Emulator,
  number: number,
): Promise<readonly { readonly id: number; readonly author: string; readonly body: string }[]> {
  const comments = await askGithub(emulator, 'GET', `/issues/${number}/comments?per_page=100`)
  return (Array.isArray(comments) ? comments : []).map((comment: unknown) => ({
    id: Number(pick(comment, 'id')),
    author: String(pick(comment, 'user', 'login')),
    body: String(pick(comment, 'body')),
  }))
}

/** Requests to GitHub's API, as `METHOD /path` below the repository. */
export function githubRequests(emulator: Emulator): readonly string[] {
  return emulator
    .requests()
    .filter(({ service, headers }) => service === 'github' && headers['user-agent'] !== 'node')
    .map(({ method, path }) => `${method} ${path.replace(`/repos/${REPOSITORY}`, '')}`)
}
