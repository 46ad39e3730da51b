import { createHash } from 'node:crypto'

/** An entry of one folder. */
export interface Entry {
  readonly name: string
  readonly mode: string
  readonly type: 'blob' | 'tree' | 'commit'
  readonly sha: string
}

export interface Commit {
  readonly sha: string
  readonly message: string
  readonly parents: readonly string[]
  readonly tree: string
  readonly date: string
  /** The login of who wrote it. */
  readonly author: string
  /** The login of who put it there; GitHub's own is `web-flow`. */
  readonly committer: string
}

interface Objects {
  readonly blobs: Map<string, Uint8Array>
  readonly trees: Map<string, readonly Entry[]>
  readonly commits: Map<string, Commit>
}

/** The id that git gives an object (https://git-scm.com/book/en/v2/Git-Internals-Git-Objects). */
function objectId(type: 'blob' | 'tree' | 'commit', bytes: Uint8Array): string {
  return createHash('sha1').update(`${type} ${bytes.length}\0`).update(bytes).digest('hex')
}

export function putBlob({ blobs }: Objects, bytes: Uint8Array): string {
  const sha = objectId('blob', bytes)
  blobs.set(sha, bytes)
  return sha
}

/** Keeps the folders of a list of files, and gives the id of the outermost. */
export function putTree(
  objects: Objects,
  files: ReadonlyMap<string, { readonly sha: string; readonly mode: string }>,
): string {
  const folders = new Map<string, Map<string, { sha: string; mode: string }>>()
  const entries: Entry[] = []
  for (const [path, file] of files) {
    const cut = path.indexOf('/')
    if (cut < 0) {
      entries.push({ ...file, name: path, type: file.mode === '160000' ? 'commit' : 'blob' })
      continue
    }
    const folder = folders.get(path.slice(0, cut)) ?? new Map<string, { sha: string; mode: string }>()
    folders.set(path.slice(0, cut), folder.set(path.slice(cut + 1), file))
  }
  for (const [name, inner] of folders)
    entries.push({ name, mode: '040000', type: 'tree', sha: putTree(objects, inner) })
  // Git compares bytes, and a folder as if its name ended with a slash.
  const key = ({ name, type }: Entry) => Buffer.from(type === 'tree' ? `${name}/` : name)
  const sorted = entries.toSorted((a, b) => Buffer.compare(key(a), key(b)))
  const bytes = sorted.flatMap(({ mode, name, sha }) => [
    Buffer.from(`${mode.replace(/^0/, '')} ${name}\0`),
    Buffer.from(sha, 'hex'),
  ])
  const sha = objectId('tree', Buffer.concat(bytes))
  objects.trees.set(sha, sorted)
  return sha
}

export function putCommit({ commits }: Objects, parts: Omit<Commit, 'sha'>): Commit {
  const { tree, parents, author, committer, date, message } = parts
  const person = (login: string): string => {
    const { name, email } = identityOf(login)
    return `${name} <${email}> ${Math.floor(Date.parse(date) / 1000)} +0000`
  }
  const lines = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${person(author)}`,
    `committer ${person(committer)}`,
    '',
    message,
  ]
  const commit = { ...parts, sha: objectId('commit', Buffer.from(lines.join('\n'))) }
  commits.set(commit.sha, commit)
  return commit
}

const GITHUB_ITSELF = 'web-flow'

/** Who commits what an account writes through the API: what an app writes GitHub commits, and signs. */
export function committerFor(author: string): string {
  return author.endsWith('[bot]') ? GITHUB_ITSELF : author
}

/** Name and address that GitHub writes into commits of an account. */
export function identityOf(login: string): { readonly name: string; readonly email: string } {
  if (login === GITHUB_ITSELF) return { name: 'GitHub', email: 'noreply@github.com' }
  return { name: login, email: `${login}@users.noreply.github.com` }
}
