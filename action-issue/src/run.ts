import { readFileSync, statSync } from 'node:fs'
import {
  type ActionDeps,
  COMMENT_BYTES,
  connectToGithub,
  type GitHub,
  GithubError,
  type Outputs,
  resolvePath,
  runAddress,
  shortened,
  visible,
  workflowFile,
} from '@dsa/action-kit'
import { UserError } from '@dsa/user-error'
import type { Inputs } from './inputs.ts'
import { keepIssue, type KeptIssue } from './keep-issue.ts'

/** Characters that GitHub takes. */
const LONGEST_TITLE = 256

/** Opens, updates or closes the one issue of this workflow, job and key. */
export async function run(inputs: Inputs, deps: ActionDeps): Promise<Outputs> {
  const { environment } = deps
  if (inputs.githubToken === undefined)
    throw new UserError("Input 'github-token' is empty. Leave it out to use the token of the job.")
  const text = textOf(inputs, deps)
  const address = runAddress(environment)
  try {
    const github = await connectToGithub(inputs.githubToken, deps)
    const kept = await keepIssue(github, {
      key: ['issue', workflowFile(environment), environment['GITHUB_JOB'] ?? '', inputs.key],
      isOpen: inputs.isOpen,
      title: shownTitle(inputs.title),
      text,
      footer:
        address === undefined ? '' : `_Found by [this run](${address}). It is closed when nothing is left._`,
      labels: inputs.labels,
    })
    if (kept.operation === 'created') await assign(github, kept, inputs, deps)
    tell(kept, deps)
    return { operation: kept.operation, number: kept.issue?.number, url: kept.issue?.url }
  } catch (error) {
    throw error instanceof GithubError ? explained(error) : error
  }
}

/** Of a closed issue nothing is written, and a step that found nothing may have left no file. */
function textOf({ isOpen, body, bodyFiles }: Inputs, { root }: ActionDeps): string {
  if (!isOpen) return ''
  const texts = bodyFiles.map((file) => {
    const path = resolvePath(root, file)
    if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
      throw new UserError(`There is no file '${file}' ('body-file').`)
    return readFileSync(path, 'utf8').trim()
  })
  return fairly([body.trim(), ...texts].filter((one) => one !== '')).join('\n\n')
}

/** Room for the line below the text. */
const FOOTER_BYTES = 512

/** What is too long together is cut so that none is lost for another one. */
function fairly(texts: readonly string[]): readonly string[] {
  const share = new Map<string, number>()
  let left = COMMENT_BYTES - FOOTER_BYTES
  const ascending = texts.toSorted((a, b) => Buffer.byteLength(a) - Buffer.byteLength(b))
  for (const [at, text] of ascending.entries()) {
    const size = Math.min(Buffer.byteLength(text) + 2, Math.floor(left / (texts.length - at)))
    share.set(text, size)
    left -= size
  }
  return texts.map((text) => shortened(text, (share.get(text) ?? 0) - 2))
}

/** One line, in which nothing is hidden. A title is no Markdown. */
function shownTitle(title: string): string {
  const shown = visible(title.replaceAll(/\s+/g, ' ')).trim()
  if (shown.length <= LONGEST_TITLE) return shown
  // Half of a character would come back as another one, and the title would never be the same.
  return `${shown.slice(0, LONGEST_TITLE - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

/** Someone whom GitHub does not take is told, and the issue stays. */
async function assign(
  { api, owner, repo }: GitHub,
  { issue }: KeptIssue,
  { assignees }: Inputs,
  { log }: ActionDeps,
): Promise<void> {
  if (issue === undefined || assignees.length === 0) return
  try {
    await api.rest.issues.addAssignees({
      owner,
      repo,
      issue_number: issue.number,
      assignees: [...assignees],
      request: { isRepeatable: true },
    })
  } catch (error) {
    if (!(error instanceof GithubError)) throw error
    log.warning(`The assignees of #${issue.number} could not be set. ${error.message}`)
  }
}

function tell({ operation, issue, why }: KeptIssue, { log, summary }: ActionDeps): void {
  const shown = issue === undefined ? '' : `#${issue.number} `
  const said = {
    created: `Issue ${shown}is opened`,
    updated: `Issue ${shown}is updated`,
    reopened: `Issue ${shown}is opened again`,
    closed: `Issue ${shown}is closed: nothing is left of it`,
    none: why === undefined ? 'Nothing to tell, and no issue is open' : `Issue ${shown}stays as it is`,
  }[operation]
  summary.outcome(operation === 'none' ? 'nothing to do' : 'done', said)
  if (why !== undefined) summary.text(why)
  if (issue !== undefined) summary.facts([['issue', { code: issue.url }]])
  log.info(`${said}.${why === undefined ? '' : ` ${why}`}${issue === undefined ? '' : ` ${issue.url}`}`)
}

function explained(error: GithubError): UserError {
  if (error.lacksPermission)
    return new UserError(
      `${error.message} The job needs 'permissions:' with 'issues: write'; beside it, state the others that the job needs, such as 'contents: read'.`,
      { cause: error },
    )
  // Of an issue that was deleted meanwhile it is a 410 too.
  if (error.status === 410 && /disabled/i.test(error.serverMessage))
    return new UserError(
      `${error.message} In the settings of the repository, General, Features, tick 'Issues'.`,
      { cause: error },
    )
  return error
}
