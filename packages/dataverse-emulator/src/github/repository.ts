import { createHash } from 'node:crypto'

/** A commit: the files that it holds by path, as blob ids. */
export interface Commit {
  readonly sha: string
  readonly message: string
  readonly parents: readonly string[]
  readonly tree: string
  readonly date: string
}

export type Tree = ReadonlyMap<string, { readonly sha: string; readonly mode: string }>

export interface Comment {
  readonly id: number
  readonly issue: number
  readonly body: string
  readonly createdAt: string
}

export interface Pull {
  readonly number: number
  readonly title: string
  readonly body: string
  readonly head: string
  readonly base: string
  readonly draft: boolean
  readonly state: 'open' | 'closed'
  readonly createdAt: string
}

export interface Asset {
  readonly id: number
  readonly name: string
  readonly contentType: string
  readonly bytes: Uint8Array
}

export interface Release {
  readonly id: number
  readonly tag: string
  readonly name: string
  readonly body: string
  readonly draft: boolean
  readonly prerelease: boolean
  readonly createdAt: string
  readonly assets: readonly Asset[]
}

/** What one repository holds. Ids count up over all kinds. */
export interface Repository {
  readonly owner: string
  readonly name: string
  readonly blobs: Map<string, Uint8Array>
  readonly trees: Map<string, Tree>
  readonly commits: Map<string, Commit>
  /** `refs/heads/main` to a commit. */
  readonly refs: Map<string, string>
  readonly pulls: Map<number, Pull>
  readonly comments: Map<number, Comment>
  readonly labels: Map<number, readonly string[]>
  readonly checks: Map<number, Readonly<Record<string, unknown>>>
  readonly releases: Map<number, Release>
  nextId(): number
}

/** A repository with one commit on `main`. */
export function createRepository(owner: string, name: string, date: string): Repository {
  let lastId = 0
  const repository: Repository = {
    owner,
    name,
    blobs: new Map(),
    trees: new Map(),
    commits: new Map(),
    refs: new Map(),
    pulls: new Map(),
    comments: new Map(),
    labels: new Map(),
    checks: new Map(),
    releases: new Map(),
    nextId: () => ++lastId,
  }
  const readme = putBlob(repository, Buffer.from(`# ${name}\n`))
  const tree = putTree(repository, new Map([['README.md', { sha: readme, mode: '100644' }]]))
  const commit = putCommit(repository, { message: 'Initial commit', parents: [], tree, date })
  repository.refs.set('refs/heads/main', commit.sha)
  return repository
}

function sha1(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha1')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}

/** Blobs have the ids that git gives them. */
export function putBlob(repository: Repository, bytes: Uint8Array): string {
  const sha = sha1(`blob ${bytes.length}\0`, bytes)
  repository.blobs.set(sha, bytes)
  return sha
}

/** Trees are kept flat, by whole paths; their ids are not those of git. */
export function putTree(repository: Repository, tree: Tree): string {
  const lines = [...tree].map(([path, { sha, mode }]) => `${mode} ${path} ${sha}\n`)
  const sha = sha1('tree\0', ...lines.toSorted((left, right) => (left < right ? -1 : 1)))
  repository.trees.set(sha, tree)
  return sha
}

export function putCommit(repository: Repository, parts: Omit<Commit, 'sha'>): Commit {
  const commit = { ...parts, sha: sha1('commit\0', JSON.stringify(parts), String(repository.commits.size)) }
  repository.commits.set(commit.sha, commit)
  return commit
}

/** The commit that a branch, a tag, a ref or a sha names. */
export function findCommit(repository: Repository, name: string): Commit | undefined {
  const sha = [`refs/heads/${name}`, `refs/tags/${name}`, `refs/${name}`, name]
    .map((ref) => repository.refs.get(ref))
    .find((item) => item !== undefined)
  return repository.commits.get(sha ?? name)
}

export function filesOf(repository: Repository, commit: Commit): Tree {
  return repository.trees.get(commit.tree) ?? new Map()
}

/** The commits from one up to its first ancestors. */
export function historyOf(repository: Repository, commit: Commit): readonly Commit[] {
  const seen = new Map<string, Commit>()
  const open = [commit]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next.sha)) continue
    seen.set(next.sha, next)
    for (const parent of next.parents) {
      const found = repository.commits.get(parent)
      if (found !== undefined) open.push(found)
    }
  }
  return [...seen.values()]
}
