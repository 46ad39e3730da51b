// Pull requests on the emulated GitHub, made and read with nothing of ours in between.

const repository = 'some-user/orders'

/** The token of a job, that of a job for a fork, and that of a person who looks. */
export const tokens = {
  job: 'ghs_token-of-a-job-that-may-write',
  sync: 'ghs_token-of-a-job-that-may-push',
  drift: 'ghs_token-of-a-job-at-night',
  release: 'ghs_token-of-a-job-that-may-release',
  fork: 'ghs_token-of-a-job-for-a-fork',
  person: 'ghp_token-of-a-person',
}

/** What the emulator's configuration says of them. */
export const github = {
  tokens: {
    [tokens.sync]: { contents: 'write', pull_requests: 'write' },
    [tokens.release]: { contents: 'write' },
    [tokens.job]: { contents: 'read', pull_requests: 'write' },
    [tokens.drift]: { contents: 'read', issues: 'write' },
    [tokens.fork]: { contents: 'read', pull_requests: 'read' },
  },
  logins: { [tokens.person]: 'ada' },
}

/** @param {{ branch: string, base: string, head: string, owner?: string }} pull commits, and the owner of a fork */
export async function openPull(ready, { branch, base, head, owner = 'some-user' }) {
  await push(ready, owner, branch, head)
  const { number } = await ask(ready, 'POST', '/pulls', {
    title: `Merge ${owner}:${branch}`,
    head: `${owner}:${branch}`,
    base: 'main',
  })
  return { number, owner, branch, base, head }
}

/** The same pull request after another push. */
export async function pushed(ready, pull, head) {
  await push(ready, pull.owner, pull.branch, head)
  return { ...pull, head }
}

/** The event of a workflow that runs for it. */
export function eventOf({ number, owner, branch, base, head }) {
  return {
    pull_request: {
      number,
      labels: [],
      head: { ref: branch, sha: head, repo: { full_name: `${owner}/orders` } },
      base: { ref: 'main', sha: base, repo: { full_name: repository } },
    },
  }
}

/** The open pull requests from a branch. */
export function pullsFrom(ready, branch) {
  return ask(ready, 'GET', `/pulls?state=open&head=some-user:${branch}`)
}

/** The one open pull request from a branch. */
export async function pullFrom(ready, branch) {
  const [pull] = await pullsFrom(ready, branch)
  return pull
}

/** A person merges it. */
export function mergePull(ready, { number }) {
  return ask(ready, 'PUT', `/pulls/${number}/merge`, { merge_method: 'squash' })
}

/** The files of a branch below a folder, by path from there. */
export async function filesOn(ready, branch, folder) {
  const { tree } = await ask(ready, 'GET', `/git/trees/${encodeURIComponent(branch)}?recursive=1`)
  const files = tree.filter(({ type, path }) => type === 'blob' && path.startsWith(`${folder}/`))
  const entries = files.map(async ({ path, sha }) => {
    const { content } = await ask(ready, 'GET', `/git/blobs/${sha}`)
    return [path.slice(folder.length + 1), Buffer.from(content, 'base64')]
  })
  return new Map(await Promise.all(entries))
}

/** A commit that a person makes on a branch. */
export function commitFile(ready, branch, path, text) {
  const content = Buffer.from(text).toString('base64')
  return ask(ready, 'PUT', `/contents/${path}`, { message: 'By hand', content, branch })
}

export function commentsOf(ready, { number }) {
  return ask(ready, 'GET', `/issues/${number}/comments`)
}

/** The issues, open and closed, without the pull requests. */
export async function issues(ready) {
  const found = await ask(ready, 'GET', '/issues?state=all')
  return found.filter(({ pull_request: pull }) => pull === undefined)
}

/** A tag that a person pushes with its commit. */
export function pushTag(ready, tag, sha) {
  return push(ready, 'some-user', 'main', sha, tag)
}

/** The releases of the repository, drafts among them. */
export function releases(ready) {
  return ask(ready, 'GET', '/releases')
}

/** A published release with one file. */
export async function makeRelease(ready, tag, name, bytes) {
  const { id, upload_url: address } = await ask(ready, 'POST', '/releases', { tag_name: tag })
  const answer = await fetch(`${address.replace(/\{.*$/, '')}?name=${name}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokens.person}`, 'content-type': 'application/zip' },
    body: bytes,
  })
  if (!answer.ok) throw new Error(await answer.text())
  return { id }
}

export function dropRelease(ready, { id }) {
  return ask(ready, 'DELETE', `/releases/${id}`)
}

async function push({ admin }, owner, branch, sha, tag) {
  const answer = await fetch(`${admin}/pushes`, {
    method: 'POST',
    body: JSON.stringify({ repository: `${owner}/orders`, branch, sha, tag, author: 'ada' }),
  })
  if (!answer.ok) throw new Error(await answer.text())
}

async function ask({ github: address }, method, path, body) {
  const answer = await fetch(`${address}/repos/${repository}${path}`, {
    method,
    headers: { authorization: `Bearer ${tokens.person}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return answer.status === 204 ? undefined : answer.json()
}
