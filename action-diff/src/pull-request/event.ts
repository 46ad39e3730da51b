import { readFileSync } from 'node:fs'

/** What the event of the job says about the versions to compare. */
export interface EventRevisions {
  readonly base: string | undefined
  readonly head: string | undefined
  readonly isPullRequest: boolean
  /** The branch that a push made, which has no version before it. */
  readonly newBranch?: NewBranch
}

interface NewBranch {
  readonly name: string
  /** From which it most likely comes. */
  readonly defaultBranch: string | undefined
}

/** The pull request that the job runs for, as it was when the job began. */
export interface EventPull {
  readonly number: number
  readonly headSha: string
  readonly labels: readonly string[]
  /** The runner then gives a token that can only read. */
  readonly isFromFork: boolean
}

/** The commits of a pull request, of a group in a merge queue, or those before and after a push. */
export function eventRevisions(environment: Readonly<Record<string, string | undefined>>): EventRevisions {
  const event = readEvent(environment)
  const base = textAt(event, 'pull_request', 'base', 'sha')
  const head = textAt(event, 'pull_request', 'head', 'sha')
  if (base !== undefined && head !== undefined) return { base, head, isPullRequest: true }
  const queued = textAt(event, 'merge_group', 'base_sha')
  if (queued !== undefined)
    return { base: queued, head: textAt(event, 'merge_group', 'head_sha'), isPullRequest: false }
  const before = textAt(event, 'before')
  const push = { head: textAt(event, 'after'), isPullRequest: false }
  if (before === undefined || !/^0+$/.test(before)) return { ...push, base: before }
  const name = /^refs\/heads\/(.+)$/.exec(textAt(event, 'ref') ?? '')?.[1]
  if (name === undefined) return { ...push, base: undefined }
  const defaultBranch = textAt(event, 'repository', 'default_branch')
  return { ...push, base: undefined, newBranch: { name, defaultBranch } }
}

export function eventPull(environment: Readonly<Record<string, string | undefined>>): EventPull | undefined {
  const event = readEvent(environment)
  const number = at(event, 'pull_request', 'number')
  if (typeof number !== 'number') return undefined
  const labels = at(event, 'pull_request', 'labels')
  const from = textAt(event, 'pull_request', 'head', 'repo', 'full_name')
  return {
    number,
    headSha: textAt(event, 'pull_request', 'head', 'sha') ?? '',
    labels: Array.isArray(labels) ? labels.flatMap((label: unknown) => textAt(label, 'name') ?? []) : [],
    // The repository of a head may have been deleted; then it was another one.
    isFromFork: from?.toLowerCase() !== environment['GITHUB_REPOSITORY']?.toLowerCase(),
  }
}

function readEvent(environment: Readonly<Record<string, string | undefined>>): unknown {
  const path = environment['GITHUB_EVENT_PATH']
  if (path === undefined || path === '') return undefined
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path)
  return typeof found === 'string' && found !== '' ? found : undefined
}

function at(value: unknown, ...path: readonly string[]): unknown {
  let found = value
  for (const name of path) {
    if (typeof found !== 'object' || found === null) return undefined
    found = Reflect.get(found, name)
  }
  return found
}
