import { UserError } from '@dsa/user-error'
import type { GitHub } from './connect.ts'
import { isMarkedWith, LONGEST_BODY, markerOf } from './hidden-lines.ts'
import { madeOnce, takenAway } from './once.ts'
import { ownLogin } from './own-login.ts'

const PER_PAGE = 100
const MAX_PAGES = 50

export interface Comment {
  /** Of the pull request or issue. */
  readonly number: number
  /** What the comment is about. Whatever the parts hold, only the same parts find it again. */
  readonly key: readonly string[]
  /** Markdown; at most `COMMENT_BYTES`. */
  readonly text: string
  /** False when the text is not worth a new comment, but replaces what an earlier one says. */
  readonly isNews: boolean
}

export type CommentOutcome = 'created' | 'updated' | 'unchanged' | 'none'

interface Found {
  readonly id: number
  readonly body: string
  readonly author: string
}

/** How many bytes of text a comment takes beside its marker. */
export const COMMENT_BYTES = LONGEST_BODY - 256

/**
 * Sees to it that there is one comment of ours about something, and that it says this. A comment of somebody else is
 * never touched, whatever it holds. Of several of ours, as two runs at once may write, the oldest stays.
 */
export async function keepOneComment(github: GitHub, comment: Comment): Promise<CommentOutcome> {
  const marker = markerOf(comment.key)
  const body = `${marker}\n${comment.text}`
  const { api, owner, repo } = github
  const [own, ...others] = await ownComments(github, comment.number, marker)
  for (const { id } of others)
    await takenAway(() => api.rest.issues.deleteComment({ owner, repo, comment_id: id }))
  if (own === undefined) {
    if (!comment.isNews) return 'none'
    await madeOnce(
      github,
      async () => {
        const { data } = await api.rest.issues.createComment({
          owner,
          repo,
          issue_number: comment.number,
          body,
        })
        return data.id
      },
      async () => (await ownComments(github, comment.number, marker))[0]?.id,
    )
    return 'created'
  }
  if (own.body === body) return 'unchanged'
  await api.rest.issues.updateComment({ owner, repo, comment_id: own.id, body })
  return 'updated'
}

async function ownComments(github: GitHub, number: number, marker: string): Promise<readonly Found[]> {
  const marked = await markedComments(github, number, marker)
  if (marked.length === 0) return []
  const author = await ownLogin(github)
  return marked.filter((found) => found.author.toLowerCase() === author.toLowerCase())
}

/** In the order in which they were written. The marker counts as the first line only: others may quote the rest. */
async function markedComments(
  { api, owner, repo }: GitHub,
  number: number,
  marker: string,
): Promise<readonly Found[]> {
  const found: Found[] = []
  for (let page = 1; page <= MAX_PAGES; page++) {
    const { data } = await api.rest.issues.listComments({
      owner,
      repo,
      issue_number: number,
      per_page: PER_PAGE,
      page,
    })
    for (const { id, body = '', user } of data)
      if (isMarkedWith(marker, body))
        found.push({ id, body: body.replaceAll('\r\n', '\n'), author: user?.login ?? '' })
    if (data.length < PER_PAGE) return found
  }
  throw new UserError(
    `#${number} has more than ${MAX_PAGES * PER_PAGE} comments, so it is not known whether one of them is ours.`,
  )
}
