import { putBlob, putCommit, putTree, type Commit, type Entry } from './git-objects.ts'

/** The files of a commit by path. */
export type Files = ReadonlyMap<string, { readonly sha: string; readonly mode: string }>

export interface Comment {
  readonly id: number
  readonly issue: number
  readonly author: string
  readonly body: string
  readonly createdAt: string
  readonly updatedAt: string
}

export interface Pull {
  readonly number: number
  readonly author: string
  readonly title: string
  readonly body: string
  /** Of the repository that has the head: this one, or a fork of the same name. */
  readonly headOwner: string
  readonly head: string
  /** What the head was when its branch was there. */
  readonly lastHead: string
  readonly base: string
  readonly draft: boolean
  readonly state: 'open' | 'closed'
  readonly assignees: readonly string[]
  readonly reviewers: readonly string[]
  readonly createdAt: string
  readonly updatedAt: string
  readonly mergedAt?: string
}

export interface Issue {
  readonly number: number
  readonly author: string
  readonly title: string
  readonly body: string
  readonly state: 'open' | 'closed'
  /** Why it is in that state; null for one that was never closed. */
  readonly reason: string | null
  readonly assignees: readonly string[]
  readonly createdAt: string
  readonly updatedAt: string
  readonly closedAt: string | null
}

export interface Asset {
  readonly id: number
  readonly name: string
  readonly contentType: string
  readonly bytes: Uint8Array
  /** An upload that fails on GitHub's side leaves an empty asset, a starter. */
  readonly state: 'uploaded' | 'starter'
}

export interface Release {
  readonly id: number
  readonly tag: string
  /** Branch or commit that the tag is made of when the release is published. */
  readonly target: string
  readonly name: string
  readonly body: string
  readonly draft: boolean
  readonly prerelease: boolean
  /** Its tag and assets are fixed. */
  readonly immutable: boolean
  readonly createdAt: string
  readonly publishedAt?: string
  readonly assets: readonly Asset[]
}

/** What one repository holds. Ids count up over all kinds. */
export interface Repository {
  readonly owner: string
  readonly name: string
  readonly createdAt: string
  readonly blobs: Map<string, Uint8Array>
  readonly trees: Map<string, readonly Entry[]>
  readonly commits: Map<string, Commit>
  /** `refs/heads/main` to a commit. */
  readonly refs: Map<string, string>
  readonly pulls: Map<number, Pull>
  readonly issues: Map<number, Issue>
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
    createdAt: date,
    blobs: new Map(),
    trees: new Map(),
    commits: new Map(),
    refs: new Map(),
    pulls: new Map(),
    issues: new Map(),
    comments: new Map(),
    labels: new Map(),
    checks: new Map(),
    releases: new Map(),
    nextId: () => ++lastId,
  }
  const readme = putBlob(repository, Buffer.from(`# ${name}\n`))
  const tree = putTree(repository, new Map([['README.md', { sha: readme, mode: '100644' }]]))
  const commit = putCommit(repository, {
    message: 'Initial commit',
    parents: [],
    tree,
    date,
    author: owner,
    committer: owner,
  })
  repository.refs.set('refs/heads/main', commit.sha)
  return repository
}

/** The commit that a branch, a tag, a ref or a sha names. */
export function findCommit(repository: Repository, name: string): Commit | undefined {
  const sha = [`refs/heads/${name}`, `refs/tags/${name}`, `refs/${name}`, name]
    .map((ref) => repository.refs.get(ref))
    .find((item) => item !== undefined)
  return repository.commits.get(sha ?? name)
}

export function filesOf(repository: Repository, commit: Commit): Files {
  return filesBelow(repository, commit.tree)
}

export function filesBelow(repository: Repository, tree: string, prefix = ''): Files {
  return new Map(
    (repository.trees.get(tree) ?? []).flatMap((entry): [string, { sha: string; mode: string }][] => {
      const path = `${prefix}${entry.name}`
      return entry.type === 'tree' ? [...filesBelow(repository, entry.sha, `${path}/`)] : [[path, entry]]
    }),
  )
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

/** The commits that the head has and the base has not, the oldest first. */
export function commitsBetween(repository: Repository, base: Commit, head: Commit): readonly Commit[] {
  const known = new Set(historyOf(repository, base).map(({ sha }) => sha))
  return historyOf(repository, head)
    .filter(({ sha }) => !known.has(sha))
    .toReversed()
}
