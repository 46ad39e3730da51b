import {
  type ActionDeps,
  COMMENT_BYTES,
  docsPage,
  GithubError,
  keepOneComment,
  runAddress,
  workflowFile,
} from '@dsa/action-kit'
import { type ComparedSolution, type DiffReport, reportMarkdown } from '@dsa/solution-comparison'
import { UserError } from '@dsa/user-error'
import type { Pull } from './pull.ts'

interface Subject {
  readonly report: DiffReport
  /** The solutions as the workflow names them: jobs of a matrix have a comment each. */
  readonly asked: readonly string[]
}

/**
 * Keeps the comment of this job on the pull request up to date. That it could not be written fails no step: the
 * summary says the same, and the run tells why.
 */
export async function commentOn(pull: Pull, { report, asked }: Subject, deps: ActionDeps): Promise<void> {
  const { log, environment } = deps
  const { event } = pull
  try {
    const { headSha } = await pull.now()
    if (event.headSha !== '' && headSha !== event.headSha) {
      log.notice(
        `The pull request has moved on to ${headSha.slice(0, 7)}, so the comment is left to the run for that commit.`,
      )
      return
    }
    const outcome = await keepOneComment(await pull.github(), {
      number: event.number,
      key: ['diff', workflowFile(environment), environment['GITHUB_JOB'] ?? '', ...asked],
      text: reportMarkdown(report, {
        maxBytes: COMMENT_BYTES,
        pageOf: (page) => docsPage(page, environment),
        fullReport: runAddress(environment),
      }),
      isNews: report.solutions.some(isNews),
    })
    log.info(`Comment on pull request #${event.number}: ${outcome}.`)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const why = reasonOf(error, pull)
    if (why === undefined)
      log.warning(`The comment on the pull request could not be written. ${error.message}`)
    else log.notice(why)
  }
}

function isNews({ changes, unexplained }: ComparedSolution): boolean {
  return changes.length > 0 || unexplained.length > 0
}

/** Why a token may not write, where that is nothing to worry about or is mended by a line of the workflow. */
function reasonOf(error: UserError, { event }: Pull): string | undefined {
  if (!(error instanceof GithubError) || !error.lacksPermission) return undefined
  const where = 'The job summary says all that the comment would say.'
  return event.isFromFork
    ? `No comment was written: the pull request comes from a fork, whose jobs get a token that can only read. ${where}`
    : `No comment was written, since the token may not. Give the job 'permissions: pull-requests: write'; beside it, state the others that the job needs, such as 'contents: read'. Pull requests of Dependabot get a token that can only read. ${where} ('comment: false' ends this notice.)`
}
