import { json } from '../../http/exchange.ts'
import { committerFor, putBlob, putCommit, putTree } from '../git-objects.ts'
import { filesOf, findCommit } from '../repository.ts'
import { notFound, route, word, type GithubCall, type Permission, type Route } from '../route.ts'
import { commitAnswer } from './git.ts'

const READ: Permission = ['contents', 'read']
const WRITE: Permission = ['contents', 'write']

function contentAnswer(call: GithubCall, path: string, sha: string): object {
  const bytes = call.repository.blobs.get(sha) ?? new Uint8Array()
  return {
    type: 'file',
    encoding: 'base64',
    size: bytes.length,
    name: path.split('/').at(-1),
    path,
    content: Buffer.from(bytes).toString('base64'),
    sha,
    url: `${call.url}/contents/${path}`,
  }
}

function commitFile(call: GithubCall, path: string, sha: string | undefined) {
  const { repository, body, now } = call
  const branch = word(body, 'branch', 'main')
  const parent = findCommit(repository, branch)
  if (parent === undefined) return undefined
  const files = new Map(filesOf(repository, parent))
  if (sha === undefined) files.delete(path)
  else files.set(path, { sha, mode: '100644' })
  const commit = putCommit(repository, {
    message: word(body, 'message'),
    parents: [parent.sha],
    tree: putTree(repository, files),
    date: now,
    author: call.login,
    committer: committerFor(call.login),
  })
  repository.refs.set(`refs/heads/${branch}`, commit.sha)
  return commit
}

/** Files, one by one. */
export const CONTENT_ROUTES: readonly Route[] = [
  route('GET', 'contents/*path', READ, (call) => {
    const commit = findCommit(call.repository, call.query.get('ref') ?? 'main')
    const path = call.path['path'] ?? ''
    const files = commit === undefined ? new Map<string, { sha: string }>() : filesOf(call.repository, commit)
    const file = files.get(path)
    if (file !== undefined) {
      const isRaw = (call.request.headers['accept'] ?? '').includes('raw')
      return isRaw
        ? {
            status: 200,
            headers: { 'Content-Type': 'application/octet-stream' },
            body: call.repository.blobs.get(file.sha) ?? '',
          }
        : json(200, contentAnswer(call, path, file.sha))
    }
    const below = [...files].filter(([name]) => path === '' || name.startsWith(`${path}/`))
    return below.length === 0
      ? notFound()
      : json(
          200,
          below.map(([name, { sha }]) => ({ type: 'file', name: name.split('/').at(-1), path: name, sha })),
        )
  }),
  route('PUT', 'contents/*path', WRITE, (call) => {
    const path = call.path['path'] ?? ''
    const sha = putBlob(call.repository, Buffer.from(word(call.body, 'content'), 'base64'))
    const commit = commitFile(call, path, sha)
    return commit === undefined
      ? notFound()
      : json(201, { content: contentAnswer(call, path, sha), commit: commitAnswer(call, commit) })
  }),
  route('DELETE', 'contents/*path', WRITE, (call) => {
    const commit = commitFile(call, call.path['path'] ?? '', undefined)
    return commit === undefined
      ? notFound()
      : json(200, { content: null, commit: commitAnswer(call, commit) })
  }),
]
