import { json, type Reply } from '../../http/exchange.ts'
import { issueAnswer, pullAsIssue } from '../answers/issues.ts'
import type { Issue, Pull } from '../repository.ts'
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

/** Characters, as GitHub counts them. */
const LONGEST_TITLE = 256
const LONGEST_BODY = 65_536

const REASONS = new Set(['completed', 'not_planned', 'duplicate', 'reopened'])

/** Where the feature is switched off, GitHub says that issues are gone. */
function switchedOff({ hasIssues }: GithubCall): Reply | undefined {
  return hasIssues ? undefined : refusal(410, 'Issues are disabled for this repo')
}

function refusedText({ body }: GithubCall): Reply | undefined {
  if ('title' in body) {
    const title = word(body, 'title')
    if (title.trim() === '') return invalid('Issue', 'title', "title can't be blank", 'missing_field')
    if (title.length > LONGEST_TITLE)
      return invalid('Issue', 'title', `title is too long (maximum is ${LONGEST_TITLE} characters)`)
  }
  return word(body, 'body').length > LONGEST_BODY
    ? invalid('Issue', 'body', `body is too long (maximum is ${LONGEST_BODY} characters)`)
    : undefined
}

function listIssues(call: GithubCall): Reply {
  const refused = switchedOff(call)
  if (refused !== undefined) return refused
  const { repository, query } = call
  const [state, creator] = [query.get('state') ?? 'open', query.get('creator')]
  const isAsked = (item: Issue | Pull): boolean =>
    (state === 'all' || item.state === state) &&
    (creator === null || item.author.toLowerCase() === creator.toLowerCase())
  const found = [
    ...[...repository.issues.values()].map((item) => ({ item, answer: () => issueAnswer(call, item) })),
    ...[...repository.pulls.values()].map((item) => ({ item, answer: () => pullAsIssue(call, item) })),
  ]
  return page(
    call,
    found
      .filter(({ item }) => isAsked(item))
      .toSorted((a, b) => b.item.number - a.item.number)
      .map(({ answer }) => answer()),
  )
}

function createIssue(call: GithubCall): Reply {
  const { repository, body, login, now } = call
  const refused = switchedOff(call) ?? refusedText(call)
  if (refused !== undefined) return refused
  const issue: Issue = {
    number: repository.nextId(),
    author: login,
    title: word(body, 'title'),
    body: word(body, 'body'),
    state: 'open',
    reason: null,
    assignees: words(body, 'assignees'),
    createdAt: now,
    updatedAt: now,
    closedAt: null,
  }
  repository.issues.set(issue.number, issue)
  repository.labels.set(issue.number, [...new Set(words(body, 'labels'))])
  return json(201, issueAnswer(call, issue))
}

export function updateIssue(call: GithubCall): Reply {
  const { repository, body, path, now } = call
  const issue = repository.issues.get(Number(path['number']))
  if (issue === undefined) return notFound()
  const refused = switchedOff(call) ?? refusedText(call)
  if (refused !== undefined) return refused
  const asked = word(body, 'state', issue.state)
  if (asked !== 'open' && asked !== 'closed') return invalid('Issue', 'state', 'state is invalid', 'invalid')
  const reason = word(body, 'state_reason', asked === 'closed' ? 'completed' : 'reopened')
  if (!REASONS.has(reason)) return invalid('Issue', 'state_reason', 'state_reason is invalid', 'invalid')
  const isMoved = asked !== issue.state
  const changed: Issue = {
    ...issue,
    title: word(body, 'title', issue.title),
    body: word(body, 'body', issue.body),
    state: asked,
    // Ignored unless the state changes.
    reason: isMoved ? reason : issue.reason,
    closedAt: isMoved ? (asked === 'closed' ? now : null) : issue.closedAt,
    updatedAt: now,
  }
  repository.issues.set(issue.number, changed)
  return json(200, issueAnswer(call, changed))
}

/** Issues themselves. Those of pull requests are among them in the list. */
export const ISSUE_ROW_ROUTES: readonly Route[] = [
  route('GET', 'issues', ['issues|pull_requests', 'read'], listIssues),
  route('POST', 'issues', ['issues', 'write'], createIssue),
  route('GET', 'issues/:number', ['issues|pull_requests', 'read'], (call) => {
    const number = Number(call.path['number'])
    const issue = call.repository.issues.get(number)
    if (issue !== undefined) return json(200, issueAnswer(call, issue))
    const pull = call.repository.pulls.get(number)
    return pull === undefined ? notFound() : json(200, pullAsIssue(call, pull))
  }),
]
