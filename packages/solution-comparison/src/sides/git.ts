import { execFileSync } from 'node:child_process'
import { UserError } from '@dsa/user-error'

/** A blob of git's is at most this large here; an app of a solution is far smaller. */
const MAX_BYTES = 512 * 1024 ** 2

/** What a person names a commit by. */
const NAMED = ['refs/heads', 'refs/tags', 'refs/remotes/origin']

/** Ids of what a commit has, by path, `/` between folders. */
export interface Listing {
  readonly blobs: ReadonlyMap<string, string>
  /** A link leads out of what was reviewed, and a submodule is another repository: neither is read. */
  readonly unread: ReadonlyMap<string, string>
}

/** A repository, read by its commands for programs. Nothing is checked out and nothing of it is run. */
export interface Repository {
  /** Whether the folder lies in a repository. */
  readonly isThere: boolean
  /** The commit of a revision, or undefined when it is not there. */
  commitOf(revision: string): string | undefined
  /** Branches and tags, the newest first. */
  names(): readonly string[]
  /** Whether history is cut off, so that there may be a merge base that is not found. */
  readonly isShallow: boolean
  /** Fetches one commit, of a shallow clone it alone. */
  fetchCommit(commit: string): void
  /** Fetches the tip of a branch, and returns it when it is there. */
  fetchBranch(name: string): string | undefined
  /** Fetches more of the history of commits, all of it without a number. */
  deepen(commits: readonly string[], by?: number): void
  mergeBase(a: string, b: string): string | undefined
  /** What lies below a commit. */
  listing(commit: string): Listing
  /** Those and all that were read before: one process for many, where one each would take most of the time. */
  read(blobs: readonly string[]): ReadonlyMap<string, Uint8Array>
}

/** @param folder the root of the checkout */
export function openRepository(
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Repository {
  const git = (args: readonly string[], input?: string): Buffer =>
    execFileSync('git', ['-c', `safe.directory=${folder}`, '-c', 'core.fsmonitor=false', ...args], {
      cwd: folder,
      // A repository may say what to run for a pager or a prompt; nothing of that is wanted here.
      env: {
        ...environment,
        GIT_TERMINAL_PROMPT: '0',
        GIT_OPTIONAL_LOCKS: '0',
        GIT_PAGER: 'cat',
        LC_ALL: 'C',
      },
      maxBuffer: MAX_BYTES,
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(input !== undefined && { input }),
    })
  const line = (args: readonly string[]): string | undefined => {
    try {
      return git(args).toString('utf8').trim()
    } catch (error) {
      refuseWithoutGit(error)
      return undefined
    }
  }
  const listings = new Map<string, Listing>()
  const contents = new Map<string, Uint8Array>()
  const isShallow = (): boolean => line(['rev-parse', '--is-shallow-repository']) === 'true'
  const fetch = (how: readonly string[], what: readonly string[]): string | undefined =>
    line(['fetch', '--quiet', '--no-tags', ...how, '--end-of-options', 'origin', ...what])
  // In a whole clone a depth would cut its history off.
  const alone = (): readonly string[] => (isShallow() ? ['--depth=1'] : [])
  return {
    get isThere() {
      return line(['rev-parse', '--git-dir']) !== undefined
    },
    names() {
      const found = line(['for-each-ref', '--sort=-creatordate', '--format=%(refname:short)', ...NAMED])
      return (found ?? '').split('\n').filter((name) => name !== '' && !name.endsWith('/HEAD'))
    },
    get isShallow() {
      return isShallow()
    },
    commitOf: (revision) =>
      line(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]),
    fetchCommit(commit) {
      fetch(alone(), [commit])
    },
    fetchBranch(name) {
      const done = fetch(alone(), [`refs/heads/${name}`])
      return done === undefined ? undefined : line(['rev-parse', '--verify', '--quiet', 'FETCH_HEAD'])
    },
    deepen(commits, by) {
      fetch([by === undefined ? '--unshallow' : `--deepen=${by}`], commits)
    },
    mergeBase: (a, b) => line(['merge-base', '--end-of-options', a, b]),
    listing(commit) {
      const known = listings.get(commit)
      if (known !== undefined) return known
      const records = git(['ls-tree', '-r', '-z', '--full-tree', '--end-of-options', commit]).toString('utf8')
      const [found, unread] = [new Map<string, string>(), new Map<string, string>()]
      for (const record of records.split('\0')) {
        const [, mode, type, id, path] = /^(\d+) (\w+) ([0-9a-f]+)\t(.*)$/s.exec(record) ?? []
        if (id === undefined || path === undefined) continue
        if (type === 'blob' && mode !== '120000') found.set(path, id)
        else unread.set(path, id)
      }
      const listing = { blobs: found, unread }
      listings.set(commit, listing)
      return listing
    },
    read(blobs) {
      const wanted = new Set(blobs.filter((id) => !contents.has(id)))
      if (wanted.size > 0)
        for (const [id, bytes] of readBatch(git(['cat-file', '--batch'], `${[...wanted].join('\n')}\n`)))
          contents.set(id, bytes)
      return contents
    },
  }
}

/** `ID blob SIZE`, a line feed, the bytes, a line feed, for each blob. */
function readBatch(output: Buffer): ReadonlyMap<string, Uint8Array> {
  const found = new Map<string, Uint8Array>()
  for (let at = 0; at < output.length;) {
    const end = output.indexOf(10, at)
    const [id = '', type = '', size = ''] = output.toString('latin1', at, end).split(' ')
    if (type !== 'blob')
      throw new UserError(`Git does not have the file with the id '${id}'; fetch the whole history.`)
    const from = end + 1
    found.set(id, output.subarray(from, from + Number(size)))
    at = from + Number(size) + 1
  }
  return found
}

function refuseWithoutGit(error: unknown): void {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
    throw new UserError(
      'There is no git on this runner, which comparing revisions needs. Give folders or archives instead.',
      { cause: error },
    )
}
