import { isRecord, json } from '../http/exchange.ts'
import { asText } from '../store/value.ts'
import {
  filesOf,
  findCommit,
  historyOf,
  putBlob,
  putCommit,
  putTree,
  type Commit,
  type Repository,
} from './repository.ts'
import {
  invalid,
  notFound,
  page,
  route,
  word,
  type GithubCall,
  type Permission,
  type Route,
} from './route.ts'

const READ: Permission = ['contents', 'read']
const WRITE: Permission = ['contents', 'write']

function refAnswer(call: GithubCall, ref: string, sha: string): object {
  return {
    ref,
    url: `${call.url}/git/${ref}`,
    object: { type: 'commit', sha, url: `${call.url}/git/commits/${sha}` },
  }
}

function commitAnswer(call: GithubCall, commit: Commit): object {
  const person = { name: 'emulator', email: 'emulator@contoso.example', date: commit.date }
  return {
    sha: commit.sha,
    url: `${call.url}/git/commits/${commit.sha}`,
    message: commit.message,
    author: person,
    committer: person,
    tree: { sha: commit.tree, url: `${call.url}/git/trees/${commit.tree}` },
    parents: commit.parents.map((sha) => ({ sha, url: `${call.url}/git/commits/${sha}` })),
  }
}

function wholeCommit(call: GithubCall, commit: Commit): object {
  return {
    sha: commit.sha,
    commit: commitAnswer(call, commit),
    parents: commit.parents.map((sha) => ({ sha })),
  }
}

/** Files of a tree call: changes on `base_tree`; a null sha removes. */
function newTree(call: GithubCall): string | undefined {
  const base =
    call.repository.trees.get(word(call.body, 'base_tree')) ??
    call.repository.trees.get(findCommit(call.repository, word(call.body, 'base_tree'))?.tree ?? '')
  const files = new Map(base)
  const entries: readonly unknown[] = Array.isArray(call.body['tree']) ? call.body['tree'] : []
  for (const entry of entries) {
    if (!isRecord(entry)) return undefined
    const path = asText(entry['path'])
    if (entry['sha'] === null) files.delete(path)
    else {
      const content = entry['content']
      const sha =
        typeof content === 'string' ? putBlob(call.repository, Buffer.from(content)) : asText(entry['sha'])
      if (!call.repository.blobs.has(sha)) return undefined
      files.set(path, { sha, mode: asText(entry['mode']) || '100644' })
    }
  }
  return putTree(call.repository, files)
}

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
  })
  repository.refs.set(`refs/heads/${branch}`, commit.sha)
  return commit
}

/** Branches, refs, commits, trees, blobs and files. */
export const GIT_ROUTES: readonly Route[] = [
  route('GET', '', READ, ({ repository, url }) =>
    json(200, {
      id: 1,
      name: repository.name,
      full_name: `${repository.owner}/${repository.name}`,
      owner: { login: repository.owner },
      default_branch: 'main',
      private: true,
      url,
    }),
  ),
  route('GET', 'branches', READ, (call) =>
    page(
      call,
      branchesOf(call.repository).map(([name, sha]) => ({ name, commit: { sha }, protected: false })),
    ),
  ),
  route('GET', 'branches/*branch', READ, ({ repository, path }) => {
    const sha = repository.refs.get(`refs/heads/${path['branch'] ?? ''}`)
    return sha === undefined
      ? notFound()
      : json(200, { name: path['branch'], commit: { sha }, protected: false })
  }),
  route('GET', 'git/ref/*ref', READ, (call) => {
    const ref = `refs/${call.path['ref'] ?? ''}`
    const sha = call.repository.refs.get(ref)
    return sha === undefined ? notFound() : json(200, refAnswer(call, ref, sha))
  }),
  route('GET', 'git/matching-refs/*ref', READ, (call) =>
    json(
      200,
      [...call.repository.refs]
        .filter(([ref]) => ref.startsWith(`refs/${call.path['ref'] ?? ''}`))
        .map(([ref, sha]) => refAnswer(call, ref, sha)),
    ),
  ),
  route('POST', 'git/refs', WRITE, (call) => {
    const [ref, sha] = [word(call.body, 'ref'), word(call.body, 'sha')]
    if (call.repository.refs.has(ref))
      return json(422, {
        message: 'Reference already exists',
        documentation_url: 'https://docs.github.com/rest/git/refs#create-a-reference',
        status: '422',
      })
    if (!call.repository.commits.has(sha))
      return json(422, { message: 'Object does not exist', status: '422' })
    call.repository.refs.set(ref, sha)
    return json(201, refAnswer(call, ref, sha))
  }),
  route('PATCH', 'git/refs/*ref', WRITE, (call) => {
    const [ref, sha] = [`refs/${call.path['ref'] ?? ''}`, word(call.body, 'sha')]
    const before = call.repository.refs.get(ref)
    const commit = call.repository.commits.get(sha)
    if (before === undefined || commit === undefined)
      return json(422, { message: 'Reference does not exist', status: '422' })
    const isForward = historyOf(call.repository, commit).some((item) => item.sha === before)
    if (!isForward && call.body['force'] !== true)
      return json(422, { message: 'Update is not a fast forward', status: '422' })
    call.repository.refs.set(ref, sha)
    return json(200, refAnswer(call, ref, sha))
  }),
  route('DELETE', 'git/refs/*ref', WRITE, ({ repository, path }) =>
    repository.refs.delete(`refs/${path['ref'] ?? ''}`)
      ? { status: 204 }
      : json(422, { message: 'Reference does not exist', status: '422' }),
  ),
  route('POST', 'git/blobs', WRITE, (call) => {
    const encoding = word(call.body, 'encoding', 'utf-8') === 'base64' ? 'base64' : 'utf8'
    const sha = putBlob(call.repository, Buffer.from(word(call.body, 'content'), encoding))
    return json(201, { sha, url: `${call.url}/git/blobs/${sha}` })
  }),
  route('GET', 'git/blobs/:sha', READ, ({ repository, path }) => {
    const bytes = repository.blobs.get(path['sha'] ?? '')
    return bytes === undefined
      ? notFound()
      : json(200, {
          sha: path['sha'],
          size: bytes.length,
          encoding: 'base64',
          content: Buffer.from(bytes).toString('base64'),
        })
  }),
  route('POST', 'git/trees', WRITE, (call) => {
    const sha = newTree(call)
    return sha === undefined
      ? invalid('Tree', 'tree', 'tree.sha does not exist')
      : json(201, { sha, url: `${call.url}/git/trees/${sha}`, truncated: false })
  }),
  route('GET', 'git/trees/:sha', READ, ({ repository, path }) => {
    const tree =
      repository.trees.get(path['sha'] ?? '') ??
      repository.trees.get(findCommit(repository, path['sha'] ?? '')?.tree ?? '')
    if (tree === undefined) return notFound()
    return json(200, {
      sha: path['sha'],
      truncated: false,
      tree: [...tree].map(([file, { sha, mode }]) => ({ path: file, mode, type: 'blob', sha })),
    })
  }),
  route('POST', 'git/commits', WRITE, (call) => {
    const { repository, body, now } = call
    const parents: readonly unknown[] = Array.isArray(body['parents']) ? body['parents'] : []
    if (!repository.trees.has(word(body, 'tree'))) return invalid('Commit', 'tree', 'tree does not exist')
    const commit = putCommit(repository, {
      message: word(body, 'message'),
      tree: word(body, 'tree'),
      parents: parents.map(asText),
      date: now,
    })
    return json(201, commitAnswer(call, commit))
  }),
  route('GET', 'git/commits/:sha', READ, (call) => {
    const commit = call.repository.commits.get(call.path['sha'] ?? '')
    return commit === undefined ? notFound() : json(200, commitAnswer(call, commit))
  }),
  route('GET', 'commits/:ref/check-runs', ['checks', 'read'], ({ repository, path }) => {
    const sha = findCommit(repository, path['ref'] ?? '')?.sha ?? path['ref']
    const runs = [...repository.checks.values()].filter((item) => item['head_sha'] === sha)
    return json(200, { total_count: runs.length, check_runs: runs })
  }),
  route('GET', 'commits/*ref', READ, (call) => {
    const commit = findCommit(call.repository, call.path['ref'] ?? '')
    return commit === undefined ? notFound() : json(200, wholeCommit(call, commit))
  }),
  route('GET', 'compare/*range', READ, (call) => {
    const [base, head] = (call.path['range'] ?? '')
      .split('...')
      .map((name) => findCommit(call.repository, name))
    if (base === undefined || head === undefined) return notFound()
    const known = new Set(historyOf(call.repository, base).map(({ sha }) => sha))
    const commits = historyOf(call.repository, head).filter(({ sha }) => !known.has(sha))
    return json(200, {
      status: commits.length === 0 ? 'identical' : 'ahead',
      ahead_by: commits.length,
      behind_by: 0,
      total_commits: commits.length,
      commits: commits.map((item) => wholeCommit(call, item)),
      files: changedFiles(call.repository, base, head),
    })
  }),
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

function branchesOf(repository: Repository): readonly (readonly [string, string])[] {
  return [...repository.refs].flatMap(([ref, sha]) =>
    ref.startsWith('refs/heads/') ? [[ref.slice('refs/heads/'.length), sha] as const] : [],
  )
}

/** What differs between two commits, by file. */
export function changedFiles(repository: Repository, base: Commit, head: Commit): readonly object[] {
  const [before, after] = [filesOf(repository, base), filesOf(repository, head)]
  const paths = new Set([...before.keys(), ...after.keys()])
  return [...paths].flatMap((filename) => {
    const [left, right] = [before.get(filename)?.sha, after.get(filename)?.sha]
    if (left === right) return []
    return [
      {
        filename,
        sha: right ?? left,
        status: left === undefined ? 'added' : right === undefined ? 'removed' : 'modified',
      },
    ]
  })
}
