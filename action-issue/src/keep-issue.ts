import { createHash } from 'node:crypto'
import { bodyWith, type GitHub, isMarkedWith, madeOnce, markerOf, ownLogin, stateIn } from '@dsa/action-kit'
import { UserError } from '@dsa/user-error'

export interface Wanted {
  /** What the issue is about. Whatever the parts hold, only the same parts find it again. */
  readonly key: readonly string[]
  /** Whether there is something to tell. */
  readonly isOpen: boolean
  readonly title: string
  /** Markdown. */
  readonly text: string
  /** Stands below the text, and is no reason to write it anew. */
  readonly footer: string
  /** Of a new issue; later they are people's own. */
  readonly labels: readonly string[]
}

interface Issue {
  readonly number: number
  readonly url: string
  readonly title: string
  readonly body: string
  readonly isOpen: boolean
  /** A person closed it for good: as not planned, or as a duplicate. */
  readonly isDropped: boolean
}

export interface KeptIssue {
  readonly operation: 'created' | 'updated' | 'reopened' | 'closed' | 'none'
  readonly issue: Issue | undefined
  /** Why nothing was done, where something is to be told. */
  readonly why?: string
}

const PER_PAGE = 100
const MAX_PAGES = 50

/**
 * Sees to it that one issue of ours tells this, and that it is closed when there is nothing to tell. An issue of somebody
 * else is never touched, whatever it holds. It is always the same issue: one that comes back is reopened, with all that
 * was said there. Of several of ours, as two runs at once may open, the first one stays.
 */
export async function keepIssue(github: GitHub, wanted: Wanted): Promise<KeptIssue> {
  const marker = markerOf(wanted.key)
  const [issue, ...twins] = await ownIssues(github, marker)
  for (const twin of twins)
    if (twin.isOpen) await update(github, twin, { state: 'closed', state_reason: 'not_planned' })
  if (!wanted.isOpen) {
    if (issue?.isOpen !== true) return { operation: 'none', issue }
    await update(github, issue, { state: 'closed', state_reason: 'completed' })
    return { operation: 'closed', issue }
  }
  const { title, text, footer } = wanted
  const state = createHash('sha256')
    .update(JSON.stringify([title, text]))
    .digest('hex')
  const body = bodyWith(`${text.trim()}\n\n${footer}`, state, marker)
  if (issue === undefined)
    return { operation: 'created', issue: await open(github, { title, body, labels: wanted.labels }, marker) }
  const isSame = issue.title === title && stateIn(issue.body) === state
  if (issue.isOpen) {
    if (isSame) return { operation: 'none', issue, why: 'It says this already.' }
    await update(github, issue, { title, body })
    return { operation: 'updated', issue }
  }
  if (issue.isDropped && isSame) {
    const why = `Somebody closed it as not planned, and nothing else differs since then. Reopen it to have it kept up to date.`
    return { operation: 'none', issue, why }
  }
  await update(github, issue, { state: 'open', state_reason: 'reopened', title, body })
  return { operation: 'reopened', issue }
}

async function open(
  github: GitHub,
  {
    title,
    body,
    labels,
  }: { readonly title: string; readonly body: string; readonly labels: readonly string[] },
  marker: string,
): Promise<Issue> {
  const { api, owner, repo } = github
  return madeOnce(
    github,
    async () => {
      const { data } = await api.rest.issues.create({ owner, repo, title, body, labels: [...labels] })
      return { number: data.number, url: data.html_url, title, body, isOpen: true, isDropped: false }
    },
    async () => (await ownIssues(github, marker))[0],
  )
}

type Change = Omit<Parameters<GitHub['api']['rest']['issues']['update']>[0] & object, 'owner' | 'repo'>

async function update(
  { api, owner, repo }: GitHub,
  { number }: Issue,
  change: Omit<Change, 'issue_number'>,
): Promise<void> {
  await api.rest.issues.update({ owner, repo, issue_number: number, ...change })
}

/** In the order in which they were opened. The marker counts as the first line only: others may quote the rest. */
async function ownIssues(github: GitHub, marker: string): Promise<readonly Issue[]> {
  const { api, owner, repo } = github
  const login = await ownLogin(github)
  const found: Issue[] = []
  for (let page = 1; page <= MAX_PAGES; page++) {
    const { data } = await api.rest.issues.listForRepo({
      owner,
      repo,
      creator: login,
      state: 'all',
      per_page: PER_PAGE,
      page,
    })
    for (const {
      number,
      html_url: url,
      title,
      body,
      state,
      state_reason: reason,
      user,
      pull_request: pull,
    } of data) {
      const isOurs = user?.login.toLowerCase() === login.toLowerCase() && pull === undefined
      if (!isOurs || !isMarkedWith(marker, body ?? '')) continue
      const isDropped = reason === 'not_planned' || reason === 'duplicate'
      found.push({
        number,
        url,
        title,
        body: (body ?? '').replaceAll('\r\n', '\n'),
        isOpen: state === 'open',
        isDropped: state !== 'open' && isDropped,
      })
    }
    if (data.length < PER_PAGE) return found.toSorted((a, b) => a.number - b.number)
  }
  throw new UserError(
    `'${login}' has opened more than ${MAX_PAGES * PER_PAGE} issues and pull requests here, so it is not known whether one of them is ours. Give 'github-token' the token of an app of its own.`,
  )
}
