import { json, type Reply } from '../../http/exchange.ts'
import { changedFiles } from '../changed-files.ts'
import { headRepository, pullAnswer, shortPullAnswer } from '../answers/pulls.ts'
import { findCommit, type Pull } from '../repository.ts'
import { ACTIONS_BOT } from '../answers/users.ts'
import {
  invalid,
  notFound,
  page,
  refusal,
  route,
  word,
  words,
  type GithubCall,
  type Route,
} from '../route.ts'

function pullOf({ repository, path }: GithubCall): Pull | undefined {
  return repository.pulls.get(Number(path['number']))
}

/** `owner:branch`, or a branch of the repository itself. */
function headOf(call: GithubCall, head: string): readonly [owner: string, branch: string] {
  const cut = head.indexOf(':')
  return cut < 0 ? [call.repository.owner, head] : [head.slice(0, cut), head.slice(cut + 1)]
}

function createPull(call: GithubCall): Reply {
  const { repository, body, login, now } = call
  if (!call.mayCreatePulls && login === ACTIONS_BOT)
    return refusal(403, 'GitHub Actions is not permitted to create or approve pull requests.')
  const [headOwner, head] = headOf(call, word(body, 'head'))
  const base = word(body, 'base')
  const headCommit = findCommit(call.repositoryOf(headOwner), head)
  const baseCommit = findCommit(repository, base)
  if (headCommit === undefined) return invalid('PullRequest', 'head', 'head is invalid', 'invalid')
  if (baseCommit === undefined) return invalid('PullRequest', 'base', 'base is invalid', 'invalid')
  if (headCommit.sha === baseCommit.sha)
    return invalid('PullRequest', 'head', `No commits between ${base} and ${head}`)
  const twin = [...repository.pulls.values()].find(
    (item) =>
      item.state === 'open' && item.headOwner === headOwner && item.head === head && item.base === base,
  )
  if (twin !== undefined)
    return invalid('PullRequest', 'head', `A pull request already exists for ${headOwner}:${head}.`)
  const pull: Pull = {
    number: repository.nextId(),
    author: login,
    title: word(body, 'title'),
    body: word(body, 'body'),
    headOwner,
    head,
    lastHead: headCommit.sha,
    base,
    draft: body['draft'] === true,
    state: 'open',
    assignees: [],
    reviewers: [],
    createdAt: now,
    updatedAt: now,
  }
  repository.pulls.set(pull.number, pull)
  return json(201, pullAnswer(call, pull))
}

function updatePull(call: GithubCall): Reply {
  const pull = pullOf(call)
  if (pull === undefined) return notFound()
  const { body, now } = call
  const changed: Pull = {
    ...pull,
    title: word(body, 'title', pull.title),
    body: word(body, 'body', pull.body),
    base: word(body, 'base', pull.base),
    state: word(body, 'state', pull.state) === 'closed' ? 'closed' : 'open',
    updatedAt: now,
  }
  call.repository.pulls.set(pull.number, changed)
  return json(200, pullAnswer(call, changed))
}

/** Pull requests. */
export const PULL_ROUTES: readonly Route[] = [
  route('GET', 'pulls', ['pull_requests', 'read'], (call) => {
    const { query } = call
    const [state, base] = [query.get('state') ?? 'open', query.get('base')]
    // GitHub leaves a head without an owner out of account.
    const head = query.get('head')?.includes(':') === true ? headOf(call, query.get('head') ?? '') : undefined
    const found = [...call.repository.pulls.values()].filter(
      (item) =>
        (state === 'all' || item.state === state) &&
        (head === undefined || (item.headOwner === head[0] && item.head === head[1])) &&
        (base === null || item.base === base),
    )
    return page(
      call,
      // The newest first, unless something else is asked for.
      found.toReversed().map((item) => shortPullAnswer(call, item)),
    )
  }),
  route('POST', 'pulls', ['pull_requests', 'write'], createPull),
  route('GET', 'pulls/:number', ['pull_requests', 'read'], (call) => {
    const pull = pullOf(call)
    return pull === undefined ? notFound() : json(200, pullAnswer(call, pull))
  }),
  route('PATCH', 'pulls/:number', ['pull_requests', 'write'], updatePull),
  route('GET', 'pulls/:number/files', ['pull_requests', 'read'], (call) => {
    const pull = pullOf(call)
    if (pull === undefined) return notFound()
    const base = findCommit(call.repository, pull.base)
    const head = findCommit(headRepository(call, pull), pull.head)
    return base === undefined || head === undefined ? notFound() : page(call, changedFiles(call, base, head))
  }),
  route('POST', 'pulls/:number/requested_reviewers', ['pull_requests', 'write'], (call) => {
    const pull = pullOf(call)
    if (pull === undefined) return notFound()
    const reviewers = words(call.body, 'reviewers')
    if (reviewers.includes(pull.author))
      return invalid('PullRequest', 'reviewers', 'Review cannot be requested from pull request author.')
    if (words(call.body, 'team_reviewers').length > 0 && call.login === ACTIONS_BOT)
      return refusal(422, 'Could not resolve to a node with the global id of a team.')
    const changed = { ...pull, reviewers: [...new Set([...pull.reviewers, ...reviewers])] }
    call.repository.pulls.set(pull.number, changed)
    return json(201, shortPullAnswer(call, changed))
  }),
]
