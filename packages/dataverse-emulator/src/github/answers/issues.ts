import type { Issue, Pull } from '../repository.ts'
import type { GithubCall } from '../route.ts'
import { labelAnswers } from './pulls.ts'
import { nodeId, userAnswer } from './users.ts'

export function issueAnswer(call: GithubCall, issue: Issue): object {
  return { ...common(call, issue, 'issues'), state_reason: issue.reason, closed_at: issue.closedAt }
}

/** A pull request as it stands among the issues, of which it is one for GitHub. */
export function pullAsIssue(call: GithubCall, pull: Pull): object {
  const html = htmlOf(call, pull, 'pull')
  return {
    ...common(call, pull, 'pull'),
    state_reason: null,
    closed_at: pull.state === 'closed' ? pull.updatedAt : null,
    pull_request: {
      url: `${call.url}/pulls/${pull.number}`,
      html_url: html,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      merged_at: pull.mergedAt ?? null,
    },
  }
}

function htmlOf({ repository: { owner, name } }: GithubCall, { number }: Issue | Pull, kind: string): string {
  return `https://github.com/${owner}/${name}/${kind}/${number}`
}

function common(call: GithubCall, item: Issue | Pull, kind: 'issues' | 'pull'): object {
  const { url, origin, repository } = call
  const own = `${url}/issues/${item.number}`
  const people = item.assignees.map((login) => userAnswer(login, origin))
  return {
    id: 2_000_000 + item.number,
    node_id: nodeId('I', item.number),
    number: item.number,
    state: item.state,
    title: item.title,
    body: item.body === '' ? null : item.body,
    user: userAnswer(item.author, origin),
    labels: labelAnswers(call, item.number),
    assignee: people[0] ?? null,
    assignees: people,
    milestone: null,
    locked: false,
    comments: [...repository.comments.values()].filter(({ issue }) => issue === item.number).length,
    author_association: 'NONE',
    created_at: item.createdAt,
    updated_at: item.updatedAt,
    url: own,
    repository_url: url,
    labels_url: `${own}/labels{/name}`,
    comments_url: `${own}/comments`,
    events_url: `${own}/events`,
    html_url: htmlOf(call, item, kind),
  }
}
