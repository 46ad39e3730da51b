import type { Artifact } from '../artifacts/artifact-service.ts'
import { json, type Incoming, type Reply } from '../http/exchange.ts'
import type { Repository } from './repository.ts'

/** What a route needs of the token: GitHub's name of the permission, several with `|` between them, and how much of it. */
export type Permission = readonly [name: string, level: 'read' | 'write']

export interface GithubCall {
  readonly request: Incoming
  readonly repository: Repository
  /** The repository of the same name that another account has: a fork. */
  repositoryOf(owner: string): Repository
  /** The setting "Allow GitHub Actions to create and approve pull requests". */
  readonly mayCreatePulls: boolean
  /** The feature "Issues" of the repository. */
  readonly hasIssues: boolean
  /** Whose token it is. */
  readonly login: string
  /** What the pattern's placeholders stand for. */
  readonly path: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** The JSON body; an empty object when there is none. */
  readonly body: Readonly<Record<string, unknown>>
  /** `http://…` of this server. */
  readonly origin: string
  /** `http://…/repos/owner/name` of the API. */
  readonly url: string
  /** The same on the server that takes uploads, which is another one than the API's. */
  readonly uploadUrl: string
  /** The token may write contents. */
  readonly mayWrite: boolean
  /** Releases are fixed when they are published, a setting of the repository. */
  readonly immutableReleases: boolean
  /** Of all runs. */
  readonly artifacts: ReadonlyMap<string, Artifact>
  /** Address of the store that holds artifacts and assets, where signed addresses lead. */
  readonly storage: string
  /** Names of assets whose first upload fails on GitHub's side; a name is taken out when that happened. */
  readonly uploadFailures: Set<string>
  /** ISO time to the second. */
  readonly now: string
}

/** One endpoint below `/repos/{owner}/{repo}`: `:name` stands for a segment, `*name` for the rest. */
export interface Route {
  readonly method: string
  readonly pattern: string
  readonly permission: Permission
  /** Served where assets are uploaded, and nowhere else. */
  readonly isUpload?: boolean
  handle(call: GithubCall): Reply
}

export function route(
  method: string,
  pattern: string,
  permission: Permission,
  handle: Route['handle'],
): Route {
  return { method, pattern, permission, handle }
}

const DOCS = 'https://docs.github.com/rest'

export function refusal(status: number, message: string): Reply {
  return json(status, { message, documentation_url: DOCS, status: String(status) })
}

export function notFound(): Reply {
  return refusal(404, 'Not Found')
}

export function invalid(resource: string, field: string, message: string, code = 'custom'): Reply {
  return json(422, {
    message: 'Validation Failed',
    errors: [{ resource, field, code, message }],
    documentation_url: DOCS,
    status: '422',
  })
}

/** A page of a list, with the `Link` header by which clients find the next one. */
export function page(call: GithubCall, items: readonly unknown[]): Reply {
  const { size, number } = pageAsked(call)
  const rest = new URLSearchParams(call.query)
  rest.set('page', String(number + 1))
  const isMore = number * size < items.length
  const address = `${call.request.origin}${call.request.path}?${rest.toString()}`
  return json(200, pageOf(call, items), isMore ? { Link: `<${address}>; rel="next"` } : {})
}

/** The items of the page that is asked for. */
export function pageOf<T>(call: GithubCall, items: readonly T[]): readonly T[] {
  const { size, number } = pageAsked(call)
  return items.slice((number - 1) * size, number * size)
}

function pageAsked({ query }: GithubCall): { readonly size: number; readonly number: number } {
  return {
    size: Math.min(Math.max(Number(query.get('per_page') ?? 30) || 30, 1), 100),
    number: Math.max(Number(query.get('page') ?? 1) || 1, 1),
  }
}

export function word(body: Readonly<Record<string, unknown>>, name: string, fallback = ''): string {
  const value = body[name]
  return typeof value === 'string' ? value : fallback
}

export function words(body: Readonly<Record<string, unknown>>, name: string): readonly string[] {
  const value = body[name]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
