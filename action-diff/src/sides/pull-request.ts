import { readFileSync } from 'node:fs'

/** What the event of the job says about the versions to compare. */
export interface EventRevisions {
  readonly base: string | undefined
  readonly head: string | undefined
  readonly isPullRequest: boolean
}

const NONE: EventRevisions = { base: undefined, head: undefined, isPullRequest: false }

/** The commits of a pull request, or those before and after a push. */
export function eventRevisions(environment: Readonly<Record<string, string | undefined>>): EventRevisions {
  const path = environment['GITHUB_EVENT_PATH']
  if (path === undefined || path === '') return NONE
  let event: unknown
  try {
    event = JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return NONE
  }
  const base = textAt(event, 'pull_request', 'base', 'sha')
  const head = textAt(event, 'pull_request', 'head', 'sha')
  if (base !== undefined && head !== undefined) return { base, head, isPullRequest: true }
  const before = textAt(event, 'before')
  return {
    base: before !== undefined && /^0+$/.test(before) ? undefined : before,
    head: textAt(event, 'after'),
    isPullRequest: false,
  }
}

function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  let found = value
  for (const name of path) {
    if (typeof found !== 'object' || found === null) return undefined
    found = Reflect.get(found, name)
  }
  return typeof found === 'string' && found !== '' ? found : undefined
}
