import { isoSeconds, type Clock } from '../clock.ts'
import type { GithubConfig } from '../config.ts'
import {
  bearer,
  isRecord,
  json,
  parseJson,
  text,
  type Handler,
  type Incoming,
  type Reply,
} from '../http/exchange.ts'
import { ACTIONS_BOT } from './answers/users.ts'
import { putTree } from './git-objects.ts'
import { createRepository, findCommit, type Repository } from './repository.ts'
import { notFound, refusal, type GithubCall, type Permission, type Route } from './route.ts'
import { ACTIONS_ROUTES } from './routes/actions.ts'
import { CHECK_ROUTES } from './routes/checks.ts'
import { CONTENT_ROUTES } from './routes/contents.ts'
import { GIT_ROUTES } from './routes/git.ts'
import { ISSUE_ROW_ROUTES } from './routes/issue-rows.ts'
import { ISSUE_ROUTES } from './routes/issues.ts'
import { PULL_ROUTES } from './routes/pulls.ts'
import { RELEASE_ROUTES } from './routes/releases.ts'

/** What stands first is asked first: `commits/*` takes what `commits/:ref/check-runs` leaves. */
const ROUTES: readonly Route[] = [
  ...CHECK_ROUTES,
  ...GIT_ROUTES,
  ...CONTENT_ROUTES,
  ...PULL_ROUTES,
  ...ISSUE_ROUTES,
  ...ISSUE_ROW_ROUTES,
  ...RELEASE_ROUTES,
  ...ACTIONS_ROUTES,
]

interface Compiled {
  readonly route: Route
  readonly pattern: RegExp
}

const COMPILED: readonly Compiled[] = ROUTES.map((item) => ({
  route: item,
  pattern: new RegExp(
    `^${item.pattern.replace(/:(\w+)/g, '(?<$1>[^/]+)').replace(/\*(\w+)/g, '(?<$1>.*)')}$`,
  ),
}))

/** Where uploads go: `/api/uploads` on an Enterprise Server, another host for github.com. */
const UPLOADS = /^\/(?:api\/uploads|uploads\.github\.com)(?=\/)/
const UPLOAD_HOST = '/uploads.github.com'

/** What lies beside the API. */
export interface GithubPlaces extends Pick<GithubCall, 'artifacts' | 'storage' | 'uploadFailures'> {
  /** `http://…` of the API, which also answers on the upload host name. */
  readonly api: string
}

/**
 * The parts of GitHub's REST API that the suite calls, with or without the prefix `/api/v3`. A repository comes to
 * be when it is first asked for.
 */
export function createGithub(
  config: GithubConfig,
  repositories: Map<string, Repository>,
  places: GithubPlaces,
  clock: Clock,
): Handler {
  const repositoryNamed = (owner: string, name: string): Repository =>
    repositoryIn(repositories, owner, name, clock)
  return (request) => {
    const isEnterprise = /^\/api\/(?:v3|uploads)\//.test(request.path)
    const isUpload = UPLOADS.test(request.path)
    const path = request.path.replace(UPLOADS, '').replace(/^\/api\/v3/, '')
    if (/^(?:\/api)?\/graphql$/.test(request.path)) return graphql(request, config)
    const [, owner, name, rest = ''] = /^\/repos\/([^/]+)\/([^/]+)(?:\/(.*))?$/.exec(path) ?? []
    if (owner === undefined || name === undefined) return notFound()
    const found = match(request.method, rest, isUpload)
    if (found === undefined) return notFound()
    const refused = checkToken(request, config, found.route.permission)
    if (refused !== undefined) return refused
    const body = isUpload ? undefined : parseJson(text(request))
    return found.route.handle({
      request,
      repository: repositoryNamed(owner, name),
      repositoryOf: (other) => repositoryNamed(other, name),
      mayCreatePulls: config.actionsMayCreatePulls ?? true,
      hasIssues: config.hasIssues ?? true,
      login: loginOf(request, config),
      path: found.path,
      query: new URLSearchParams(request.query),
      body: isRecord(body) ? body : {},
      origin: request.origin,
      url: `${places.api}/repos/${owner}/${name}`,
      uploadUrl: `${isEnterprise ? `${places.api}/api/uploads` : `${places.storage}${UPLOAD_HOST}`}/repos/${owner}/${name}`,
      mayWrite: checkToken(request, config, ['contents', 'write']) === undefined,
      immutableReleases: config.immutableReleases ?? false,
      artifacts: places.artifacts,
      storage: places.storage,
      uploadFailures: places.uploadFailures,
      now: isoSeconds(clock.now()),
    })
  }
}

function repositoryIn(
  repositories: Map<string, Repository>,
  owner: string,
  name: string,
  clock: Clock,
): Repository {
  const key = `${owner}/${name}`.toLowerCase()
  const found = repositories.get(key) ?? createRepository(owner, name, isoSeconds(clock.now()))
  repositories.set(key, found)
  return found
}

/** What git itself sends, which the emulator knows by its id alone: the files stay as they are. */
export interface Push {
  /** `owner/name` */
  readonly repository: string
  readonly branch: string
  readonly sha: string
  readonly author: string
  /** A tag that comes along and names the commit. */
  readonly tag?: string
}

/** Puts a commit onto a branch, which is made of `main` where it is not there. */
export function takePush(push: Push, repositories: Map<string, Repository>, clock: Clock): void {
  const [owner = '', name = ''] = push.repository.split('/')
  const repository = repositoryIn(repositories, owner, name, clock)
  const tip = findCommit(repository, push.branch) ?? findCommit(repository, 'main')
  repository.commits.set(push.sha, {
    sha: push.sha,
    message: 'Pushed',
    parents: tip === undefined ? [] : [tip.sha],
    tree: tip?.tree ?? putTree(repository, new Map()),
    date: isoSeconds(clock.now()),
    author: push.author,
    committer: push.author,
  })
  repository.refs.set(`refs/heads/${push.branch}`, push.sha)
  if (push.tag !== undefined) repository.refs.set(`refs/tags/${push.tag}`, push.sha)
}

function tokenOf(request: Incoming): string | undefined {
  return bearer(request) ?? /^token +(\S+)$/i.exec(request.headers['authorization'] ?? '')?.[1]
}

function loginOf(request: Incoming, { logins }: GithubConfig): string {
  return logins?.[tokenOf(request) ?? ''] ?? ACTIONS_BOT
}

/** Of GraphQL only whose token it is, which REST does not tell a token of a job. */
function graphql(request: Incoming, config: GithubConfig): Reply {
  if (request.method !== 'POST') return notFound()
  if (tokenOf(request) === undefined) return refusal(401, 'Requires authentication')
  const body = parseJson(text(request))
  const query = isRecord(body) && typeof body['query'] === 'string' ? body['query'] : ''
  return /^\s*(?:query\s*)?\{\s*viewer\s*\{\s*login\s*\}\s*\}\s*$/.test(query)
    ? json(200, { data: { viewer: { login: loginOf(request, config) } } })
    : json(200, {
        errors: [{ type: 'undefinedField', message: 'The emulator knows viewer and login alone.' }],
      })
}

function match(
  method: string,
  rest: string,
  isUpload: boolean,
): { route: Route; path: Readonly<Record<string, string>> } | undefined {
  for (const { route, pattern } of COMPILED) {
    const isServed = route.method === method && (route.isUpload ?? false) === isUpload
    const groups = isServed ? pattern.exec(rest) : null
    if (groups !== null) {
      return {
        route,
        path: Object.fromEntries(
          Object.entries(groups.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
        ),
      }
    }
  }
  return undefined
}

/** The refusals of GitHub: 401 without a good token, 403 when it lacks the permission, which a header names. */
function checkToken(request: Incoming, config: GithubConfig, [name, level]: Permission): Reply | undefined {
  const token = tokenOf(request)
  if (token === undefined) return refusal(401, 'Requires authentication')
  const permissions = config.tokens?.[token]
  // What every token may read.
  if (permissions === undefined || name === 'metadata') return undefined
  const names = name.split('|')
  const isHeld = names.some(
    (item) => permissions[item] === 'write' || (level === 'read' && permissions[item] === 'read'),
  )
  if (isHeld) return undefined
  return {
    ...refusal(403, 'Resource not accessible by integration'),
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'X-Accepted-GitHub-Permissions': names.map((item) => `${item}=${level}`).join('; '),
    },
  }
}
