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
import { COLLABORATION_ROUTES } from './collaboration-routes.ts'
import { GIT_ROUTES } from './git-routes.ts'
import { RELEASE_ROUTES } from './release-routes.ts'
import { createRepository, type Repository } from './repository.ts'
import { notFound, type Permission, type Route } from './route.ts'

const ROUTES: readonly Route[] = [...GIT_ROUTES, ...COLLABORATION_ROUTES, ...RELEASE_ROUTES]

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

/**
 * The parts of GitHub's REST API that the suite calls, with or without the prefix `/api/v3`. A repository comes to
 * be when it is first asked for.
 */
export function createGithub(
  config: GithubConfig,
  repositories: Map<string, Repository>,
  clock: Clock,
): Handler {
  return (request) => {
    const path = request.path.replace(/^\/api\/v3/, '')
    const [, owner, name, rest = ''] = /^\/repos\/([^/]+)\/([^/]+)(?:\/(.*))?$/.exec(path) ?? []
    if (owner === undefined || name === undefined) return notFound()
    const now = isoSeconds(clock.now())
    const key = `${owner}/${name}`.toLowerCase()
    const repository = repositories.get(key) ?? createRepository(owner, name, now)
    repositories.set(key, repository)
    const found = match(request.method, rest)
    if (found === undefined) return notFound()
    const refused = checkToken(request, config, found.route.permission)
    if (refused !== undefined) return refused
    const body = parseJson(text(request))
    return found.route.handle({
      request,
      repository,
      path: found.path,
      query: new URLSearchParams(request.query),
      body: isRecord(body) ? body : {},
      url: `${request.origin}/repos/${owner}/${name}`,
      now,
    })
  }
}

function match(
  method: string,
  rest: string,
): { route: Route; path: Readonly<Record<string, string>> } | undefined {
  for (const { route, pattern } of COMPILED) {
    const groups = route.method === method ? pattern.exec(rest) : null
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
  const token = bearer(request) ?? /^token +(\S+)$/i.exec(request.headers['authorization'] ?? '')?.[1]
  if (token === undefined)
    return json(401, {
      message: 'Requires authentication',
      documentation_url: 'https://docs.github.com/rest',
      status: '401',
    })
  const permissions = config.tokens?.[token]
  if (permissions === undefined) return undefined
  // Comments on pull requests are taken with either permission.
  const names = name === 'issues' ? ['issues', 'pull_requests'] : [name]
  const isHeld = names.some(
    (item) => permissions[item] === 'write' || (level === 'read' && permissions[item] === 'read'),
  )
  if (isHeld) return undefined
  return json(
    403,
    {
      message: 'Resource not accessible by integration',
      documentation_url: 'https://docs.github.com/rest',
      status: '403',
    },
    { 'X-Accepted-GitHub-Permissions': names.map((item) => `${item}=${level}`).join('; ') },
  )
}
