import { isUtf8 } from 'node:buffer'
import { type GitHub } from '@dsa/action-kit'
import { UserError } from '@dsa/user-error'
import { blobId, type LocalFile, type Mode } from '../files/read-files.ts'
import type { TreeFile } from './trees.ts'

/** A text of this size travels within the tree, so that a first commit of 4,000 files needs few requests. */
const INLINE_BYTES = 256 * 1024
/** GitHub gives up on a tree that takes it longer than ten seconds. */
const TREE_BYTES = 4 * 1024 ** 2
const TREE_ENTRIES = 1_000

export interface NewCommit {
  /** The tree that the changes are written over. */
  readonly tree: string
  readonly changes: ReadonlyMap<string, LocalFile | null>
  /** Files that GitHub has: their bytes are not sent again. */
  readonly known: readonly ReadonlyMap<string, TreeFile>[]
  readonly message: string
  readonly parents: readonly string[]
}

type TreeEntry = { path: string; mode: Mode; type: 'blob' } & ({ sha: string | null } | { content: string })

/** Makes the objects of a commit and returns its id. No branch moves, so all of it can be done again. */
export async function makeCommit(github: GitHub, commit: NewCommit): Promise<string> {
  const { api, owner, repo } = github
  const tree = await makeTree(github, commit)
  const { data } = await api.rest.git.createCommit({
    owner,
    repo,
    message: commit.message,
    tree,
    parents: [...commit.parents],
    request: { isRepeatable: true },
  })
  return data.sha
}

async function makeTree(github: GitHub, { tree: start, changes, known }: NewCommit): Promise<string> {
  const { api, owner, repo } = github
  const modes = new Map(known.flatMap((files) => [...files].map(([path, { mode }]) => [path, mode] as const)))
  const there = new Set(known.flatMap((files) => [...files.values()].map(({ sha }) => sha)))
  let tree = start
  let entries: TreeEntry[] = []
  let bytes = 0
  const send = async (): Promise<void> => {
    if (entries.length === 0) return
    const { data } = await api.rest.git.createTree({
      owner,
      repo,
      base_tree: tree,
      tree: entries,
      request: { isRepeatable: true },
    })
    tree = data.sha
    entries = []
    bytes = 0
  }
  // What goes comes first: a file can become a folder.
  const ordered = [...changes].toSorted(([, a], [, b]) => Number(a !== null) - Number(b !== null))
  for (const [path, file] of ordered) {
    const entry = await entryOf(github, path, file, modes.get(path), there)
    const size = 'content' in entry ? (file?.size ?? 0) : 0
    if (bytes + size > TREE_BYTES || entries.length === TREE_ENTRIES) await send()
    entries.push(entry)
    bytes += size
  }
  await send()
  return tree
}

async function entryOf(
  github: GitHub,
  path: string,
  file: LocalFile | null,
  before: string | undefined,
  there: Set<string>,
): Promise<TreeEntry> {
  if (file === null) return { path, mode: '100644', type: 'blob', sha: null }
  const mode = file.mode ?? (before === '100755' ? '100755' : '100644')
  if (there.has(file.sha)) return { path, mode, type: 'blob', sha: file.sha }
  const bytes = file.read()
  if (blobId(bytes) !== file.sha)
    throw new UserError(`'${path}' changed while it was sent. Run the step again.`)
  if (
    mode !== '120000' &&
    bytes.length > 0 &&
    bytes.length <= INLINE_BYTES &&
    isUtf8(bytes) &&
    !bytes.includes(0)
  )
    // A mark at the beginning is a character of the text, and stays.
    return { path, mode, type: 'blob', content: Buffer.from(bytes).toString('utf8') }
  const { api, owner, repo } = github
  await api.rest.git.createBlob({
    owner,
    repo,
    content: Buffer.from(bytes).toString('base64'),
    encoding: 'base64',
    request: { isRepeatable: true },
  })
  there.add(file.sha)
  return { path, mode, type: 'blob', sha: file.sha }
}
