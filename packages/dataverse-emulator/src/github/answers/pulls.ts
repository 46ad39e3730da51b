import { changedFiles } from '../changed-files.ts'
import { commitsBetween, findCommit, type Comment, type Pull, type Repository } from '../repository.ts'
import type { GithubCall } from '../route.ts'
import { repositoryAnswer } from './repositories.ts'
import { nodeId, userAnswer } from './users.ts'

/** Where the head of a pull request lives: the repository itself, or a fork of it. */
export function headRepository(call: GithubCall, pull: Pull): Repository {
  return call.repositoryOf(pull.headOwner)
}

/** The commit of the head; a pull request keeps the last one when its branch is deleted. */
function headSha(call: GithubCall, pull: Pull): string {
  return findCommit(headRepository(call, pull), pull.head)?.sha ?? pull.lastHead
}

/** A pull request as it stands in a list. */
export function shortPullAnswer(call: GithubCall, pull: Pull): object {
  const { repository, url, origin } = call
  const own = `${url}/pulls/${pull.number}`
  const issue = `${url}/issues/${pull.number}`
  const html = `https://github.com/${repository.owner}/${repository.name}/pull/${pull.number}`
  const side = (of: Repository, ref: string, sha: string) => ({
    label: `${of.owner}:${ref}`,
    ref,
    sha,
    user: userAnswer(of.owner, origin),
    repo: repositoryAnswer(of, origin),
  })
  const sha = headSha(call, pull)
  const statuses = `${url}/statuses/${sha}`
  const people = pull.assignees.map((login) => userAnswer(login, origin))
  return {
    id: 1_000_000 + pull.number,
    node_id: nodeId('PR', pull.number),
    number: pull.number,
    state: pull.state,
    locked: false,
    title: pull.title,
    body: pull.body === '' ? null : pull.body,
    draft: pull.draft,
    user: userAnswer(pull.author, origin),
    author_association: 'CONTRIBUTOR',
    head: side(headRepository(call, pull), pull.head, sha),
    base: side(repository, pull.base, findCommit(repository, pull.base)?.sha ?? ''),
    labels: labelAnswers(call, pull.number),
    assignee: people[0] ?? null,
    assignees: people,
    requested_reviewers: pull.reviewers.map((login) => userAnswer(login, origin)),
    requested_teams: [],
    milestone: null,
    auto_merge: null,
    merge_commit_sha: null,
    created_at: pull.createdAt,
    updated_at: pull.updatedAt,
    closed_at: pull.state === 'closed' ? pull.updatedAt : null,
    merged_at: pull.mergedAt ?? null,
    url: own,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issue,
    comments_url: `${issue}/comments`,
    commits_url: `${own}/commits`,
    review_comments_url: `${own}/comments`,
    review_comment_url: `${url}/pulls/comments{/number}`,
    statuses_url: statuses,
    _links: {
      self: { href: own },
      html: { href: html },
      issue: { href: issue },
      comments: { href: `${issue}/comments` },
      commits: { href: `${own}/commits` },
      review_comments: { href: `${own}/comments` },
      review_comment: { href: `${url}/pulls/comments{/number}` },
      statuses: { href: statuses },
    },
  }
}

/** A pull request that was asked for by its number. */
export function pullAnswer(call: GithubCall, pull: Pull): object {
  const [base, head] = [
    findCommit(call.repository, pull.base),
    findCommit(headRepository(call, pull), pull.head),
  ]
  const files = base === undefined || head === undefined ? [] : changedFiles(call, base, head)
  return {
    ...shortPullAnswer(call, pull),
    additions: files.length,
    deletions: 0,
    changed_files: files.length,
    commits:
      base === undefined || head === undefined ? 0 : commitsBetween(call.repository, base, head).length,
    comments: [...call.repository.comments.values()].filter(({ issue }) => issue === pull.number).length,
    review_comments: 0,
    maintainer_can_modify: false,
    mergeable: true,
    mergeable_state: 'clean',
    rebaseable: true,
    merged: pull.mergedAt !== undefined,
    merged_by: null,
  }
}

export function labelAnswers({ repository, url }: GithubCall, issue: number): readonly object[] {
  return (repository.labels.get(issue) ?? []).map((name, at) => ({
    id: 100 + at,
    node_id: nodeId('LA', name),
    url: `${url}/labels/${encodeURIComponent(name)}`,
    name,
    description: null,
    color: 'ededed',
    default: false,
  }))
}

export function commentAnswer(call: GithubCall, comment: Comment): object {
  const { owner, name } = call.repository
  return {
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    body: comment.body,
    user: userAnswer(comment.author, call.origin),
    author_association: 'CONTRIBUTOR',
    performed_via_github_app: null,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    url: `${call.url}/issues/comments/${comment.id}`,
    issue_url: `${call.url}/issues/${comment.issue}`,
    html_url: `https://github.com/${owner}/${name}/pull/${comment.issue}#issuecomment-${comment.id}`,
  }
}
