import { json } from '../http/exchange.ts'
import { changedFiles } from './git-routes.ts'
import { findCommit, type Comment, type Pull } from './repository.ts'
import { invalid, notFound, page, route, word, type GithubCall, type Route } from './route.ts'

const BOT = { login: 'github-actions[bot]', type: 'Bot', id: 41_898_282 }

function pullAnswer(call: GithubCall, pull: Pull): object {
  const { repository } = call
  const side = (ref: string) => ({
    ref,
    label: `${repository.owner}:${ref}`,
    sha: findCommit(repository, ref)?.sha ?? null,
    repo: { full_name: `${repository.owner}/${repository.name}` },
  })
  return {
    id: 1_000_000 + pull.number,
    number: pull.number,
    state: pull.state,
    title: pull.title,
    body: pull.body,
    draft: pull.draft,
    head: side(pull.head),
    base: side(pull.base),
    user: BOT,
    labels: (repository.labels.get(pull.number) ?? []).map((name) => ({ name })),
    created_at: pull.createdAt,
    updated_at: pull.createdAt,
    url: `${call.url}/pulls/${pull.number}`,
    html_url: `https://github.com/${repository.owner}/${repository.name}/pull/${pull.number}`,
  }
}

function commentAnswer(call: GithubCall, comment: Comment): object {
  const { owner, name } = call.repository
  return {
    id: comment.id,
    body: comment.body,
    user: BOT,
    created_at: comment.createdAt,
    updated_at: comment.createdAt,
    url: `${call.url}/issues/comments/${comment.id}`,
    html_url: `https://github.com/${owner}/${name}/pull/${comment.issue}#issuecomment-${comment.id}`,
  }
}

function pullOf(call: GithubCall): Pull | undefined {
  return call.repository.pulls.get(Number(call.path['number']))
}

function createPull(call: GithubCall) {
  const { repository, body } = call
  const head = word(body, 'head').replace(/^[^:]*:/, '')
  const base = word(body, 'base')
  const [headCommit, baseCommit] = [findCommit(repository, head), findCommit(repository, base)]
  if (headCommit === undefined) return invalid('PullRequest', 'head', 'head is invalid')
  if (baseCommit === undefined) return invalid('PullRequest', 'base', 'base is invalid')
  if (headCommit.sha === baseCommit.sha)
    return invalid('PullRequest', 'head', `No commits between ${base} and ${head}`)
  const twin = [...repository.pulls.values()].find(
    (item) => item.state === 'open' && item.head === head && item.base === base,
  )
  if (twin !== undefined)
    return invalid('PullRequest', 'head', `A pull request already exists for ${repository.owner}:${head}.`)
  const pull: Pull = {
    number: repository.nextId(),
    title: word(body, 'title'),
    body: word(body, 'body'),
    head,
    base,
    draft: body['draft'] === true,
    state: 'open',
    createdAt: call.now,
  }
  repository.pulls.set(pull.number, pull)
  return json(201, pullAnswer(call, pull))
}

/** Pull requests, comments, labels and checks. */
export const COLLABORATION_ROUTES: readonly Route[] = [
  route('GET', 'pulls', ['pull_requests', 'read'], (call) => {
    const [state, head, base] = [
      call.query.get('state') ?? 'open',
      call.query.get('head')?.replace(/^[^:]*:/, ''),
      call.query.get('base'),
    ]
    const found = [...call.repository.pulls.values()].filter(
      (item) =>
        (state === 'all' || item.state === state) &&
        (head === undefined || item.head === head) &&
        (base === null || item.base === base),
    )
    return page(
      call,
      found.map((item) => pullAnswer(call, item)),
    )
  }),
  route('POST', 'pulls', ['pull_requests', 'write'], createPull),
  route('GET', 'pulls/:number', ['pull_requests', 'read'], (call) => {
    const pull = pullOf(call)
    return pull === undefined ? notFound() : json(200, pullAnswer(call, pull))
  }),
  route('PATCH', 'pulls/:number', ['pull_requests', 'write'], (call) => {
    const pull = pullOf(call)
    if (pull === undefined) return notFound()
    const { body } = call
    const state = word(body, 'state', pull.state) === 'closed' ? 'closed' : 'open'
    const changed: Pull = {
      ...pull,
      title: word(body, 'title', pull.title),
      body: word(body, 'body', pull.body),
      base: word(body, 'base', pull.base),
      state,
    }
    call.repository.pulls.set(pull.number, changed)
    return json(200, pullAnswer(call, changed))
  }),
  route('GET', 'pulls/:number/files', ['pull_requests', 'read'], (call) => {
    const pull = pullOf(call)
    const [base, head] = [pull?.base, pull?.head].map((name) =>
      name === undefined ? undefined : findCommit(call.repository, name),
    )
    return base === undefined || head === undefined
      ? notFound()
      : page(call, changedFiles(call.repository, base, head))
  }),
  route('POST', 'pulls/:number/requested_reviewers', ['pull_requests', 'write'], (call) => {
    const pull = pullOf(call)
    return pull === undefined ? notFound() : json(201, pullAnswer(call, pull))
  }),
  route('GET', 'issues/:number/comments', ['issues', 'read'], (call) =>
    page(
      call,
      [...call.repository.comments.values()]
        .filter(({ issue }) => issue === Number(call.path['number']))
        .map((item) => commentAnswer(call, item)),
    ),
  ),
  route('POST', 'issues/:number/comments', ['issues', 'write'], (call) => {
    const issue = Number(call.path['number'])
    if (!call.repository.pulls.has(issue)) return notFound()
    const comment: Comment = {
      id: call.repository.nextId(),
      issue,
      body: word(call.body, 'body'),
      createdAt: call.now,
    }
    call.repository.comments.set(comment.id, comment)
    return json(201, commentAnswer(call, comment))
  }),
  route('PATCH', 'issues/comments/:id', ['issues', 'write'], (call) => {
    const comment = call.repository.comments.get(Number(call.path['id']))
    if (comment === undefined) return notFound()
    const changed = { ...comment, body: word(call.body, 'body') }
    call.repository.comments.set(comment.id, changed)
    return json(200, commentAnswer(call, changed))
  }),
  route('DELETE', 'issues/comments/:id', ['issues', 'write'], ({ repository, path }) =>
    repository.comments.delete(Number(path['id'])) ? { status: 204 } : notFound(),
  ),
  route('POST', 'issues/:number/labels', ['issues', 'write'], ({ repository, path, body }) => {
    const number = Number(path['number'])
    const added: readonly unknown[] = Array.isArray(body['labels']) ? body['labels'] : []
    const labels = [
      ...new Set([
        ...(repository.labels.get(number) ?? []),
        ...added.filter((item) => typeof item === 'string'),
      ]),
    ]
    repository.labels.set(number, labels)
    return json(
      200,
      labels.map((name) => ({ name })),
    )
  }),
  route('POST', 'check-runs', ['checks', 'write'], (call) => {
    const id = call.repository.nextId()
    const run = { status: 'queued', conclusion: null, ...call.body, id, url: `${call.url}/check-runs/${id}` }
    call.repository.checks.set(id, run)
    return json(201, run)
  }),
  route('PATCH', 'check-runs/:id', ['checks', 'write'], ({ repository, path, body }) => {
    const id = Number(path['id'])
    const run = repository.checks.get(id)
    if (run === undefined) return notFound()
    const changed = { ...run, ...body, id }
    repository.checks.set(id, changed)
    return json(200, changed)
  }),
]
