import { json, type Reply } from '../../http/exchange.ts'
import { issueAnswer } from '../answers/issues.ts'
import { commentAnswer, labelAnswers, pullAnswer } from '../answers/pulls.ts'
import type { Comment } from '../repository.ts'
import {
  invalid,
  notFound,
  page,
  route,
  word,
  words,
  type GithubCall,
  type Permission,
  type Route,
} from '../route.ts'
import { updateIssue } from './issue-rows.ts'

/** What issues and pull requests have in common is taken with either permission. */
const READ: Permission = ['issues|pull_requests', 'read']
const WRITE: Permission = ['issues|pull_requests', 'write']

/** Characters, as its refusal says. */
const LONGEST_BODY = 65_536

function refusedBody(body: string): Reply | undefined {
  if (body.trim() === '') return invalid('IssueComment', 'data', 'Body cannot be blank', 'unprocessable')
  if (body.length <= LONGEST_BODY) return undefined
  return invalid(
    'IssueComment',
    'data',
    `Body is too long (maximum is ${LONGEST_BODY} characters)`,
    'unprocessable',
  )
}

function numberOf({ path }: GithubCall): number {
  return Number(path['number'])
}

function isThere(call: GithubCall): boolean {
  const { pulls, issues } = call.repository
  return pulls.has(numberOf(call)) || issues.has(numberOf(call))
}

/** Comments, labels and assignees of pull requests and issues. */
export const ISSUE_ROUTES: readonly Route[] = [
  route('GET', 'issues/:number/comments', READ, (call) =>
    isThere(call)
      ? page(
          call,
          [...call.repository.comments.values()]
            .filter(({ issue }) => issue === numberOf(call))
            .map((item) => commentAnswer(call, item)),
        )
      : notFound(),
  ),
  route('POST', 'issues/:number/comments', WRITE, (call) => {
    const { repository, body, login, now } = call
    if (!isThere(call)) return notFound()
    const text = word(body, 'body')
    const refused = refusedBody(text)
    if (refused !== undefined) return refused
    const comment: Comment = {
      id: repository.nextId(),
      issue: numberOf(call),
      author: login,
      body: text,
      createdAt: now,
      updatedAt: now,
    }
    repository.comments.set(comment.id, comment)
    return json(201, commentAnswer(call, comment))
  }),
  route('GET', 'issues/comments/:id', READ, (call) => {
    const comment = call.repository.comments.get(Number(call.path['id']))
    return comment === undefined ? notFound() : json(200, commentAnswer(call, comment))
  }),
  route('PATCH', 'issues/comments/:id', WRITE, (call) => {
    const { repository, body, now } = call
    const comment = repository.comments.get(Number(call.path['id']))
    if (comment === undefined) return notFound()
    const refused = refusedBody(word(body, 'body'))
    if (refused !== undefined) return refused
    const changed = { ...comment, body: word(body, 'body'), updatedAt: now }
    repository.comments.set(comment.id, changed)
    return json(200, commentAnswer(call, changed))
  }),
  route('DELETE', 'issues/comments/:id', WRITE, ({ repository, path }) =>
    repository.comments.delete(Number(path['id'])) ? { status: 204 } : notFound(),
  ),
  route('GET', 'issues/:number/labels', READ, (call) => page(call, labelAnswers(call, numberOf(call)))),
  route('POST', 'issues/:number/labels', WRITE, (call) => {
    const { repository, body } = call
    if (!isThere(call)) return notFound()
    const before = repository.labels.get(numberOf(call)) ?? []
    repository.labels.set(numberOf(call), [...new Set([...before, ...words(body, 'labels')])])
    return json(200, labelAnswers(call, numberOf(call)))
  }),
  route('DELETE', 'issues/:number/labels/:name', WRITE, (call) => {
    const { repository, path } = call
    const before = repository.labels.get(numberOf(call)) ?? []
    if (!before.includes(path['name'] ?? '')) return notFound()
    repository.labels.set(
      numberOf(call),
      before.filter((name) => name !== path['name']),
    )
    return json(200, labelAnswers(call, numberOf(call)))
  }),
  route('PATCH', 'issues/:number', WRITE, (call) => {
    const pull = call.repository.pulls.get(numberOf(call))
    if (pull === undefined) return updateIssue(call)
    const { milestone } = call.body
    // There are no milestones here, so none can be set.
    if (milestone !== undefined && milestone !== null)
      return invalid('Issue', 'milestone', 'milestone is invalid', 'invalid')
    return json(200, pullAnswer(call, pull))
  }),
  route('POST', 'issues/:number/assignees', WRITE, (call) => {
    const { repository, body } = call
    const pull = repository.pulls.get(numberOf(call))
    const issue = repository.issues.get(numberOf(call))
    const all = (before: readonly string[]) => [...new Set([...before, ...words(body, 'assignees')])]
    if (pull !== undefined) {
      const changed = { ...pull, assignees: all(pull.assignees) }
      repository.pulls.set(pull.number, changed)
      return json(201, pullAnswer(call, changed))
    }
    if (issue === undefined) return notFound()
    const changed = { ...issue, assignees: all(issue.assignees) }
    repository.issues.set(issue.number, changed)
    return json(201, issueAnswer(call, changed))
  }),
]
