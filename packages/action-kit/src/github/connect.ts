import type { getOctokit } from '@actions/github'
import { UserError } from '@dsa/user-error'
import type { ActionLogger } from '../log.ts'
import { type Failure, failureOf } from './failure.ts'
import { GithubError } from './github-error.ts'
import { isLimit, retryWait } from './retry.ts'

/** GitHub's REST API for one repository. Every error is a `GithubError` that names the request and what to do. */
export interface GitHub {
  /**
   * Requests are repeated where that can do no harm: `request: { isRepeatable: true }` says so of a POST, and
   * `request: { limitMs }` how long one may take.
   */
  readonly api: ReturnType<typeof getOctokit>
  readonly owner: string
  readonly repo: string
  readonly log: ActionLogger
  readonly sleep: (ms: number) => Promise<void>
}

export interface GithubDeps {
  readonly log: ActionLogger
  readonly clock: () => number
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
  readonly signal: AbortSignal
  readonly environment: Readonly<Record<string, string | undefined>>
}

const LONGEST_REQUEST_MS = 60_000

/** Octokit says what it calls deprecated on the console; that is for the debug log. */
function quietLog(log: ActionLogger) {
  const write = (message: string) => log.debug(message)
  return { debug: write, info: write, warn: write, error: write }
}

/**
 * Opens GitHub's API for the repository of the job, with the library that GitHub makes for actions: `GITHUB_API_URL`
 * names the server, and the proxy variables of the runner count. It is loaded here, since most runs need none of it.
 *
 * @throws UserError where the job names no repository
 */
export async function connectToGithub(token: string, deps: GithubDeps): Promise<GitHub> {
  const { log, sleep, signal, environment } = deps
  const [owner = '', repo = ''] = (environment['GITHUB_REPOSITORY'] ?? '').split('/')
  if (owner === '' || repo === '')
    throw new UserError("The variable 'GITHUB_REPOSITORY' names no repository, so GitHub cannot be asked.")
  const { getOctokit: open } = await import('@actions/github')
  const server = environment['GITHUB_API_URL'] ?? ''
  const api = open(token, {
    ...(server !== '' && { baseUrl: server.replace(/\/+$/, '') }),
    userAgent: 'dataverse-solution-actions',
    log: quietLog(log),
  })
  api.hook.wrap('request', (request, options) => {
    const isRead = options.method === 'GET' || options.method === 'HEAD'
    // All that is asked there is a question.
    const isQuestion = isRead || options.url.endsWith('/graphql')
    const isRepeatable = isQuestion || options.method !== 'POST' || options.request?.['isRepeatable'] === true
    const label = `${options.method} ${shownPath(options.url, options)}`
    return repeated(deps, label, isRepeatable, isQuestion, async () => {
      const limitMs = Number(options.request?.['limitMs'] ?? LONGEST_REQUEST_MS)
      const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMs)])
      const answer = await request({ ...options, request: { ...options.request, signal: limit } })
      // Of an answer that broke off, or of a page of a gateway, Octokit makes a text.
      if (typeof answer.data === 'string' && answer.status !== 204)
        throw new Error('the answer was no JSON, or broke off')
      return answer
    })
  })
  return { api, owner, repo, log, sleep: (ms) => sleep(ms) }
}

/** The path of a request with its values, as a person would look it up. */
function shownPath(template: string, values: Readonly<Record<string, unknown>>): string {
  return template.replace(/^https?:\/\/[^/]+/, '').replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name]
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '…'
  })
}

async function repeated<T>(
  { log, clock, sleep, signal }: GithubDeps,
  label: string,
  isRepeatable: boolean,
  isQuestion: boolean,
  send: () => Promise<T>,
): Promise<T> {
  let waitedMs = 0
  for (let retries = 0; ; retries++) {
    try {
      return await send()
    } catch (error) {
      signal.throwIfAborted()
      const failure = failureOf(error)
      const waitMs = retryWait({
        failure,
        isRepeatable,
        retries,
        waitedMs,
        now: clock(),
        random: Math.random,
      })
      if (waitMs === undefined) throw githubError(label, failure, isQuestion, error)
      log.info(
        `GitHub: '${label}' is sent again in ${Math.ceil(waitMs / 1_000)} s (${failure.status ?? 'no answer'}: ${failure.message}).`,
      )
      waitedMs += waitMs
      await sleep(waitMs)
    }
  }
}

function githubError(label: string, failure: Failure, isQuestion: boolean, cause: unknown): GithubError {
  const { status, message, wasNeverSent } = failure
  // A 403 can have other reasons: a locked conversation, an archived repository, a setting.
  const lacksPermission =
    status === 403 && /not accessible by|must have (?:admin|push)|write access/i.test(message)
  const what =
    status === undefined
      ? `GitHub gave no answer to '${label}': ${message}.`
      : `GitHub answered with ${status} to '${label}': ${message.replace(/[.\s]+$/, '')}.`
  return new GithubError(
    `${what}${adviceFor(failure, lacksPermission)}`,
    {
      status,
      serverMessage: message,
      lacksPermission,
      isLost: !isQuestion && !wasNeverSent && (status === undefined || status >= 500),
    },
    { cause },
  )
}

function adviceFor(failure: Failure, lacksPermission: boolean): string {
  const { status, headers } = failure
  if (status === 401) return ' The token is not valid, or no longer: a token of a job ends with the job.'
  if (lacksPermission) {
    const wanted = permissionsIn(String(headers['x-accepted-github-permissions'] ?? ''))
    return wanted === '' ? '' : ` The token needs the permission ${wanted}.`
  }
  if (isLimit(failure)) return ' That is a limit of GitHub on requests; run the job again later.'
  return ''
}

/** `issues=write; pull_requests=write` in the words of a workflow. */
function permissionsIn(header: string): string {
  return header
    .split(';')
    .map((one) => one.trim())
    .filter((one) => /^[\w=, ]+$/.test(one))
    .map((one) => `'${one.replaceAll('_', '-').replaceAll('=', ': ')}'`)
    .join(' or ')
}
