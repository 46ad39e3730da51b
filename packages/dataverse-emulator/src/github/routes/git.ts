import { isRecord, json, type Reply } from '../../http/exchange.ts'
import { asText } from '../../store/value.ts'
import { repositoryAnswer } from '../answers/repositories.ts'
import { nodeId, userAnswer } from '../answers/users.ts'
import { changedFiles } from '../changed-files.ts'
import { committerFor, identityOf, putBlob, putCommit, putTree, type Commit } from '../git-objects.ts'
import { isRefName } from '../ref-name.ts'
import { commitsBetween, filesBelow, findCommit, historyOf, type Repository } from '../repository.ts'
import {
  notFound,
  page,
  pageOf,
  refusal,
  route,
  word,
  words,
  type GithubCall,
  type Permission,
  type Route,
} from '../route.ts'

const READ: Permission = ['contents', 'read']
const WRITE: Permission = ['contents', 'write']

function refAnswer(call: GithubCall, ref: string, sha: string): object {
  return {
    ref,
    node_id: nodeId('REF', ref),
    url: `${call.url}/git/${ref}`,
    object: { type: 'commit', sha, url: `${call.url}/git/commits/${sha}` },
  }
}

function htmlOf({ repository }: GithubCall, sha: string): string {
  return `https://github.com/${repository.owner}/${repository.name}/commit/${sha}`
}

/** GitHub signs what is committed through its API by an app. */
function verificationOf({ committer }: Commit): object {
  const isSigned = committer === committerFor('[bot]')
  return {
    verified: isSigned,
    reason: isSigned ? 'valid' : 'unsigned',
    signature: null,
    payload: null,
    verified_at: null,
  }
}

export function commitAnswer(call: GithubCall, commit: Commit): object {
  const [author, committer] = [commit.author, commit.committer].map((login) => ({
    ...identityOf(login),
    date: commit.date,
  }))
  return {
    sha: commit.sha,
    node_id: nodeId('C', commit.sha),
    url: `${call.url}/git/commits/${commit.sha}`,
    html_url: htmlOf(call, commit.sha),
    message: commit.message,
    author,
    committer,
    tree: { sha: commit.tree, url: `${call.url}/git/trees/${commit.tree}` },
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${call.url}/git/commits/${sha}`,
      html_url: htmlOf(call, sha),
    })),
    verification: verificationOf(commit),
  }
}

function wholeCommit(call: GithubCall, commit: Commit): object {
  const [author, committer] = [commit.author, commit.committer].map((login) => ({
    ...identityOf(login),
    date: commit.date,
  }))
  return {
    sha: commit.sha,
    node_id: nodeId('C', commit.sha),
    url: `${call.url}/commits/${commit.sha}`,
    html_url: htmlOf(call, commit.sha),
    comments_url: `${call.url}/commits/${commit.sha}/comments`,
    author: userAnswer(commit.author, call.origin),
    committer: userAnswer(commit.committer, call.origin),
    commit: {
      url: `${call.url}/git/commits/${commit.sha}`,
      message: commit.message,
      author,
      committer,
      tree: { sha: commit.tree, url: `${call.url}/git/trees/${commit.tree}` },
      comment_count: 0,
      verification: verificationOf(commit),
    },
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${call.url}/commits/${sha}`,
      html_url: htmlOf(call, sha),
    })),
  }
}

const MODES = new Set(['100644', '100755', '040000', '160000', '120000'])
const BAD_PART = /^(?:|\.\.?|\.git)$/i

/** What the entries of a call make of the base: a null sha removes. A text says why they make nothing. */
function newTree(call: GithubCall): { readonly sha: string } | string {
  const { repository, body } = call
  const base = word(body, 'base_tree')
  const root = repository.trees.has(base) ? base : findCommit(repository, base)?.tree
  if (base !== '' && root === undefined) return 'base_tree is not a valid tree oid'
  const files = new Map(root === undefined ? [] : filesBelow(repository, root))
  const entries: readonly unknown[] = Array.isArray(body['tree']) ? body['tree'] : []
  for (const entry of entries) {
    if (!isRecord(entry)) return 'Invalid tree info'
    const [path, mode, content] = [asText(entry['path']), asText(entry['mode']), entry['content']]
    if (path.split('/').some((part) => BAD_PART.test(part)))
      return 'tree.path contains a malformed path component'
    if (!MODES.has(mode)) return 'Must supply a valid tree.mode'
    if (entry['sha'] === null) {
      if (!files.delete(path)) return 'GitRPC::BadObjectState'
      continue
    }
    const sha = typeof content === 'string' ? putBlob(repository, Buffer.from(content)) : asText(entry['sha'])
    if (mode !== '160000' && !repository.blobs.has(sha)) return `tree.sha ${sha} is not a valid blob`
    for (const other of files.keys()) if (other.startsWith(`${path}/`)) files.delete(other)
    files.set(path, { sha, mode })
  }
  return { sha: putTree(repository, files) }
}

/** The most entries of an answer; GitHub's own limit is 100,000. */
const MOST_ENTRIES = 100_000

function treeAnswer(call: GithubCall, sha: string): object {
  const { repository, query, url } = call
  const entries = [...treeEntries(repository, sha, query.has('recursive'))]
  return {
    sha,
    url: `${url}/git/trees/${sha}`,
    truncated: entries.length > MOST_ENTRIES,
    tree: entries.slice(0, MOST_ENTRIES).map((entry) => ({
      ...entry,
      ...(entry.type === 'blob' && { size: repository.blobs.get(entry.sha)?.length ?? 0 }),
      url: `${url}/git/${entry.type}s/${entry.sha}`,
    })),
  }
}

function* treeEntries(
  repository: Repository,
  tree: string,
  recursive: boolean,
  prefix = '',
): Generator<{ path: string; mode: string; type: string; sha: string }> {
  for (const { name, mode, type, sha } of repository.trees.get(tree) ?? []) {
    yield { path: `${prefix}${name}`, mode, type, sha }
    if (recursive && type === 'tree') yield* treeEntries(repository, sha, true, `${prefix}${name}/`)
  }
}

function createRef(call: GithubCall): Reply {
  const { repository, body } = call
  const [ref, sha] = [word(body, 'ref'), word(body, 'sha')]
  if (!ref.startsWith('refs/')) return refusal(422, "Reference name must start with 'refs/'.")
  if (!isRefName(ref)) return refusal(422, `${ref} is not a valid ref name.`)
  if (repository.refs.has(ref)) return refusal(422, 'Reference already exists')
  // Git keeps branches in folders, so `a` and `a/b` exclude each other.
  const isTaken = [...repository.refs.keys()].some(
    (other) => other.startsWith(`${ref}/`) || ref.startsWith(`${other}/`),
  )
  if (isTaken) return refusal(422, 'Reference update failed')
  if (!repository.commits.has(sha)) return refusal(422, 'Object does not exist')
  repository.refs.set(ref, sha)
  return json(201, refAnswer(call, ref, sha))
}

function updateRef(call: GithubCall): Reply {
  const { repository, path, body } = call
  const [ref, sha] = [`refs/${path['ref'] ?? ''}`, word(body, 'sha')]
  const before = repository.refs.get(ref)
  const commit = repository.commits.get(sha)
  if (before === undefined) return refusal(422, 'Reference does not exist')
  if (commit === undefined) return refusal(422, 'Object does not exist')
  const isForward = historyOf(repository, commit).some((item) => item.sha === before)
  if (!isForward && body['force'] !== true) return refusal(422, 'Update is not a fast forward')
  repository.refs.set(ref, sha)
  return json(200, refAnswer(call, ref, sha))
}

function deleteRef({ repository, path }: GithubCall): Reply {
  const ref = `refs/${path['ref'] ?? ''}`
  if (!repository.refs.delete(ref)) return refusal(422, 'Reference does not exist')
  // What was proposed from the branch cannot be merged any more.
  for (const pull of repository.pulls.values())
    if (`refs/heads/${pull.head}` === ref && pull.headOwner === repository.owner)
      repository.pulls.set(pull.number, { ...pull, state: 'closed' })
  return { status: 204 }
}

function compare(call: GithubCall): Reply {
  const { repository, path } = call
  const [base, head] = (path['range'] ?? '').split('...').map((name) => findCommit(repository, name))
  if (base === undefined || head === undefined) return notFound()
  const [ahead, behind] = [commitsBetween(repository, base, head), commitsBetween(repository, head, base)]
  const common = historyOf(repository, head).find(({ sha }) =>
    historyOf(repository, base).some((item) => item.sha === sha),
  )
  const html = `https://github.com/${repository.owner}/${repository.name}/compare/${path['range'] ?? ''}`
  return json(200, {
    url: `${call.url}/compare/${path['range'] ?? ''}`,
    html_url: html,
    permalink_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    base_commit: wholeCommit(call, base),
    merge_base_commit: wholeCommit(call, common ?? base),
    status:
      ahead.length === 0
        ? behind.length === 0
          ? 'identical'
          : 'behind'
        : behind.length === 0
          ? 'ahead'
          : 'diverged',
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    commits: pageOf(call, ahead).map((item) => wholeCommit(call, item)),
    // The first page alone has files.
    files: (call.query.get('page') ?? '1') === '1' ? changedFiles(call, base, head) : [],
  })
}

/** The account that a commit names, which is known by its name here. */
function personIn(body: GithubCall['body'], name: 'author' | 'committer'): string | undefined {
  const person = body[name]
  return isRecord(person) ? asText(person['name']) : undefined
}

/** The repository, its branches, and the objects of git. */
export const GIT_ROUTES: readonly Route[] = [
  route('GET', '', ['metadata', 'read'], ({ repository, origin }) =>
    json(200, repositoryAnswer(repository, origin)),
  ),
  route('GET', 'branches', READ, (call) =>
    page(
      call,
      branchesOf(call.repository).map(([name, sha]) => ({
        name,
        commit: { sha, url: `${call.url}/commits/${sha}` },
        protected: false,
      })),
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
  route('POST', 'git/refs', WRITE, createRef),
  route('PATCH', 'git/refs/*ref', WRITE, updateRef),
  route('DELETE', 'git/refs/*ref', WRITE, deleteRef),
  route('POST', 'git/blobs', WRITE, (call) => {
    const encoding = word(call.body, 'encoding', 'utf-8') === 'base64' ? 'base64' : 'utf8'
    const sha = putBlob(call.repository, Buffer.from(word(call.body, 'content'), encoding))
    return json(201, { sha, url: `${call.url}/git/blobs/${sha}` })
  }),
  route('GET', 'git/blobs/:sha', READ, ({ repository, path, url }) => {
    const sha = path['sha'] ?? ''
    const bytes = repository.blobs.get(sha)
    return bytes === undefined
      ? notFound()
      : json(200, {
          sha,
          node_id: nodeId('B', sha),
          url: `${url}/git/blobs/${sha}`,
          size: bytes.length,
          encoding: 'base64',
          content: Buffer.from(bytes).toString('base64'),
        })
  }),
  route('POST', 'git/trees', WRITE, (call) => {
    const tree = newTree(call)
    return typeof tree === 'string' ? refusal(422, tree) : json(201, treeAnswer(call, tree.sha))
  }),
  route('GET', 'git/trees/:sha', READ, (call) => {
    const { repository, path } = call
    const name = path['sha'] ?? ''
    const tree = repository.trees.has(name) ? name : findCommit(repository, name)?.tree
    return tree === undefined ? notFound() : json(200, treeAnswer(call, tree))
  }),
  route('POST', 'git/commits', WRITE, (call) => {
    const { repository, body, now, login } = call
    const parents = words(body, 'parents')
    const author = personIn(body, 'author') ?? login
    if (!repository.trees.has(word(body, 'tree'))) return refusal(422, 'Tree SHA does not exist')
    if (parents.some((sha) => !repository.commits.has(sha)))
      return refusal(422, 'Parent SHA does not exist or is not a commit object')
    const commit = putCommit(repository, {
      message: word(body, 'message'),
      tree: word(body, 'tree'),
      parents,
      date: now,
      author,
      committer: personIn(body, 'committer') ?? (author === login ? committerFor(login) : author),
    })
    return json(201, commitAnswer(call, commit))
  }),
  route('GET', 'git/commits/:sha', READ, (call) => {
    const commit = call.repository.commits.get(call.path['sha'] ?? '')
    return commit === undefined ? notFound() : json(200, commitAnswer(call, commit))
  }),
  route('GET', 'commits/*ref', READ, (call) => {
    const commit = findCommit(call.repository, call.path['ref'] ?? '')
    return commit === undefined ? notFound() : json(200, wholeCommit(call, commit))
  }),
  route('GET', 'compare/*range', READ, compare),
]

function branchesOf(repository: Repository): readonly (readonly [string, string])[] {
  return [...repository.refs].flatMap(([ref, sha]) =>
    ref.startsWith('refs/heads/') ? [[ref.slice('refs/heads/'.length), sha] as const] : [],
  )
}
