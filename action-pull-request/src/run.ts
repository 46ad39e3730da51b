import { readFileSync, statSync } from 'node:fs'
import {
  type ActionDeps,
  bodyWith,
  connectToGithub,
  GithubError,
  type Outputs,
  ownLogin,
  resolvePath,
} from '@dsa/action-kit'
import { counted, UserError } from '@dsa/user-error'
import { baseBranch } from './branch/base.ts'
import { BranchMovedError } from './branch/branch.ts'
import { contentHash } from './files/content-hash.ts'
import { readFiles } from './files/read-files.ts'
import type { Inputs } from './inputs.ts'
import { propose, type Proposal, type Proposed } from './propose.ts'
import { howChecksStart } from './pulls/checks.ts'

/** Looks at a branch that others write to at the same time. */
const MAX_LOOKS = 5

/** Brings files of the workspace onto a branch and opens or updates its pull request. */
export async function run(inputs: Inputs, deps: ActionDeps): Promise<Outputs> {
  if (inputs.githubToken === undefined)
    throw new UserError("Input 'github-token' is empty. Leave it out to use the token of the job.")
  const files = readFiles(deps.root, inputs.nothingToPropose === undefined ? inputs.paths : [])
  const state = contentHash(files, inputs.paths)
  const text = { title: inputs.title, body: bodyWith(bodyOf(inputs, deps), state) }
  deps.setOutput('branch', inputs.branch)
  try {
    const github = await connectToGithub(inputs.githubToken, deps)
    const login = await ownLogin(github)
    const base = await baseBranch(github, inputs.base, inputs.branch)
    const place = { branch: inputs.branch, base }
    const proposed = await proposeUntilDone({ github, login, place, files, state, text, inputs, deps })
    tell(proposed, { ...place, login }, deps)
    return {
      operation: proposed.operation,
      number: proposed.pull?.number,
      url: proposed.pull?.url,
      branch: inputs.branch,
      'head-sha': proposed.headSha,
    }
  } catch (error) {
    throw error instanceof GithubError && error.lacksPermission ? withPermissions(error) : error
  }
}

async function proposeUntilDone(proposal: Proposal): Promise<Proposed> {
  for (let looks = 1; ; looks++) {
    try {
      return await propose(proposal)
    } catch (error) {
      if (!(error instanceof BranchMovedError) || looks === MAX_LOOKS) throw error
      proposal.deps.log.info(`${error.message} Looking at it again.`)
    }
  }
}

function bodyOf({ body, bodyFile }: Inputs, { root }: ActionDeps): string {
  if (bodyFile === undefined) return body ?? ''
  const path = resolvePath(root, bodyFile)
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    throw new UserError(`There is no file '${bodyFile}' ('body-file').`)
  return readFileSync(path, 'utf8')
}

function tell(
  { operation, pull, headSha, why, kept = [], changed = 0 }: Proposed,
  { branch, base, login }: { branch: string; base: string; login: string },
  { log, summary, environment }: ActionDeps,
): void {
  const shown = pull === undefined ? '' : `#${pull.number} `
  const said = {
    created: `Pull request ${shown}is opened`,
    updated: `Pull request ${shown}is updated`,
    closed: `Pull request ${shown}is closed: nothing is left of it`,
    none: 'No pull request to write',
  }[operation]
  summary.outcome(operation === 'none' ? 'nothing to do' : 'done', said, [`${branch} → ${base}`])
  if (why !== undefined) summary.text(why)
  summary.facts([
    ...(pull === undefined ? [] : [['pull request', { code: pull.url }] as const]),
    ...(headSha === undefined ? [] : [['commit', { code: headSha }] as const]),
    ...(changed === 0 ? [] : [['files changed', changed] as const]),
  ])
  if (operation === 'created' || (operation === 'updated' && changed > 0))
    summary.text(howChecksStart(login, environment))
  if (kept.length > 0) {
    summary.text(
      `${counted(kept.length, 'file')} that somebody changed on the branch stay as they are there:`,
    )
    summary.list(kept.slice(0, 20))
  }
  log.info(`${said}.${why === undefined ? '' : ` ${why}`}${pull === undefined ? '' : ` ${pull.url}`}`)
}

function withPermissions(error: GithubError): UserError {
  return new UserError(
    `${error.message} The job needs 'permissions:' with 'contents: write' and 'pull-requests: write'. A job for a pull request from a fork never gets them.`,
    { cause: error },
  )
}
