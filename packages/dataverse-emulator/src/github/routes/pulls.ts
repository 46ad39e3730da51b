import { json, type Reply } from '../../http/exchange.ts'
import { changedFiles } from '../changed-files.ts'
import { headRepository, pullAnswer, shortPullAnswer } from '../answers/pulls.ts'
import { committerFor, type Commit, putCommit, putTree } from '../git-objects.ts'
import { type Files, filesOf, findCommit, historyOf, type Pull, type Repository } from '../repository.ts'
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

/** Merges, or squashes into one commit. A file that both sides changed is a conflict, since lines are not looked at. */
function mergePull(call: GithubCall): Reply {
  const pull = pullOf(call)
  if (pull === undefined) return notFound()
  const { repository, body, login, now } = call
  const head = findCommit(headRepository(call, pull), pull.head)
  const base = findCommit(repository, pull.base)
  if (pull.state === 'closed' || head === undefined || base === undefined)
    return refusal(405, 'Pull Request is not mergeable')
  if (word(body, 'sha', head.sha) !== head.sha)
    return refusal(409, 'Head branch was modified. Review and try the merge again.')
  const files = mergedFiles(repository, base, head)
  if (files === undefined) return refusal(405, 'Pull Request is not mergeable')
  const isSquash = word(body, 'merge_method', 'merge') === 'squash'
  const merged = putCommit(repository, {
    message: isSquash
      ? `${pull.title} (#${pull.number})`
      : `Merge pull request #${pull.number} from ${pull.headOwner}/${pull.head}`,
    parents: isSquash ? [base.sha] : [base.sha, head.sha],
    tree: putTree(repository, files),
    date: now,
    author: login,
    committer: committerFor('[bot]'),
  })
  repository.refs.set(`refs/heads/${pull.base}`, merged.sha)
  repository.pulls.set(pull.number, {
    ...pull,
    state: 'closed',
    lastHead: head.sha,
    updatedAt: now,
    mergedAt: now,
  })
  return json(200, { sha: merged.sha, merged: true, message: 'Pull Request successfully merged' })
}

/** The files of the base with what the head changed since both parted; undefined when they conflict. */
function mergedFiles(repository: Repository, base: Commit, head: Commit): Files | undefined {
  const known = new Set(historyOf(repository, base).map(({ sha }) => sha))
  const common = historyOf(repository, head).find(({ sha }) => known.has(sha))
  const [before, ours, theirs] = [common, base, head].map((commit): Files =>
    commit === undefined ? new Map() : filesOf(repository, commit),
  )
  const merged = new Map(ours)
  for (const path of new Set([...(before?.keys() ?? []), ...(theirs?.keys() ?? [])])) {
    const [was, own, other] = [before, ours, theirs].map((files) => files?.get(path))
    if (isSame(other, was) || isSame(other, own)) continue
    if (!isSame(own, was)) return undefined
    if (other === undefined) merged.delete(path)
    else merged.set(path, other)
  }
  return merged
}

type File = NonNullable<ReturnType<Files['get']>>

function isSame(a: File | undefined, b: File | undefined): boolean {
  return a?.sha === b?.sha && a?.mode === b?.mode
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
  route('PUT', 'pulls/:number/merge', ['contents', 'write'], mergePull),
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
