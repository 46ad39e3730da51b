import { json, type Reply } from '../../http/exchange.ts'
import { commentAnswer, labelAnswers, pullAnswer } from '../answers/pulls.ts'
import type { Comment } from '../repository.ts'
import { invalid, notFound, page, route, word, words, type GithubCall, type Route } from '../route.ts'

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

/** Comments, labels and assignees of pull requests, which GitHub keeps with those of issues. */
export const ISSUE_ROUTES: readonly Route[] = [
  route('GET', 'issues/:number/comments', ['issues', 'read'], (call) =>
    call.repository.pulls.has(numberOf(call))
      ? page(
          call,
          [...call.repository.comments.values()]
            .filter(({ issue }) => issue === numberOf(call))
            .map((item) => commentAnswer(call, item)),
        )
      : notFound(),
  ),
  route('POST', 'issues/:number/comments', ['issues', 'write'], (call) => {
    const { repository, body, login, now } = call
    if (!repository.pulls.has(numberOf(call))) return notFound()
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
  route('GET', 'issues/comments/:id', ['issues', 'read'], (call) => {
    const comment = call.repository.comments.get(Number(call.path['id']))
    return comment === undefined ? notFound() : json(200, commentAnswer(call, comment))
  }),
  route('PATCH', 'issues/comments/:id', ['issues', 'write'], (call) => {
    const { repository, body, now } = call
    const comment = repository.comments.get(Number(call.path['id']))
    if (comment === undefined) return notFound()
    const refused = refusedBody(word(body, 'body'))
    if (refused !== undefined) return refused
    const changed = { ...comment, body: word(body, 'body'), updatedAt: now }
    repository.comments.set(comment.id, changed)
    return json(200, commentAnswer(call, changed))
  }),
  route('DELETE', 'issues/comments/:id', ['issues', 'write'], ({ repository, path }) =>
    repository.comments.delete(Number(path['id'])) ? { status: 204 } : notFound(),
  ),
  route('GET', 'issues/:number/labels', ['issues', 'read'], (call) =>
    page(call, labelAnswers(call, numberOf(call))),
  ),
  route('POST', 'issues/:number/labels', ['issues', 'write'], (call) => {
    const { repository, body } = call
    if (!repository.pulls.has(numberOf(call))) return notFound()
    const before = repository.labels.get(numberOf(call)) ?? []
    repository.labels.set(numberOf(call), [...new Set([...before, ...words(body, 'labels')])])
    return json(200, labelAnswers(call, numberOf(call)))
  }),
  route('DELETE', 'issues/:number/labels/:name', ['issues', 'write'], (call) => {
    const { repository, path } = call
    const before = repository.labels.get(numberOf(call)) ?? []
    if (!before.includes(path['name'] ?? '')) return notFound()
    repository.labels.set(
      numberOf(call),
      before.filter((name) => name !== path['name']),
    )
    return json(200, labelAnswers(call, numberOf(call)))
  }),
  route('PATCH', 'issues/:number', ['issues', 'write'], (call) => {
    const pull = call.repository.pulls.get(numberOf(call))
    if (pull === undefined) return notFound()
    const { milestone } = call.body
    // There are no milestones here, so none can be set.
    if (milestone !== undefined && milestone !== null)
      return invalid('Issue', 'milestone', 'milestone is invalid', 'invalid')
    return json(200, pullAnswer(call, pull))
  }),
  route('POST', 'issues/:number/assignees', ['issues', 'write'], (call) => {
    const { repository, body } = call
    const pull = repository.pulls.get(numberOf(call))
    if (pull === undefined) return notFound()
    const changed = { ...pull, assignees: [...new Set([...pull.assignees, ...words(body, 'assignees')])] }
    repository.pulls.set(pull.number, changed)
    return json(201, pullAnswer(call, changed))
  }),
]
