import type { ActionDeps, GitHub } from '@dsa/action-kit'
import { listed, UserError } from '@dsa/user-error'
import { type Ahead, aheadOf, deleteBranch, putOnBranch, type Tip, tipOf } from './branch/branch.ts'
import { makeCommit } from './branch/commit.ts'
import { changesTo, merge } from './branch/merge.ts'
import { messageWith } from './branch/trailers.ts'
import { filesOfTree, type TreeFile } from './branch/trees.ts'
import type { LocalFile } from './files/read-files.ts'
import type { Inputs } from './inputs.ts'
import { setPeople } from './pulls/people.ts'
import {
  closedPulls,
  closePull,
  createPull,
  openPull,
  type Place,
  type Pull,
  type PullText,
  stateOf,
  updatePull,
} from './pulls/pulls.ts'

/** What is proposed, and where. */
export interface Proposal {
  readonly github: GitHub
  /** Of the token. */
  readonly login: string
  readonly place: Place
  readonly files: ReadonlyMap<string, LocalFile>
  /** One value for all the files. */
  readonly state: string
  readonly text: PullText
  readonly inputs: Inputs
  readonly deps: ActionDeps
}

export interface Proposed {
  readonly operation: 'created' | 'updated' | 'none' | 'closed'
  readonly pull: Pull | undefined
  readonly headSha: string | undefined
  /** Why nothing was done. */
  readonly why?: string
  /** Files of others on the branch that stay as they are there. */
  readonly kept?: readonly string[]
  /** Number of files that the new commit changes. */
  readonly changed?: number
}

/** So many files with changes of others a commit of ours can tell in its message. */
const MAX_KEPT = 200

type Files = ReadonlyMap<string, TreeFile>

/**
 * Brings the files onto the branch and opens or updates its pull request.
 *
 * @throws BranchMovedError when somebody else wrote to the branch meanwhile; then all of it is looked at again
 */
export async function propose(proposal: Proposal): Promise<Proposed> {
  const { github, login, place, files, state, inputs } = proposal
  const { nothingToPropose } = inputs
  const base = await tipOf(github, place.base)
  if (base === undefined)
    throw new UserError(`There is no branch '${place.base}' to merge into. Give 'base' the name of one.`)
  const tip = await tipOf(github, place.branch)
  const open = await openPull(github, place)
  const closed = open === undefined ? await closedPulls(github, place) : []
  const baseFiles = await filesOfTree(github, base.tree, inputs.paths)
  const isNothing = nothingToPropose !== undefined || changesTo(baseFiles, files).size === 0
  const whyNothing = nothingToPropose ?? `'${place.base}' has these files already.`
  const refused = closed.find((pull) => !pull.isMerged && stateOf(pull) === state)
  const none = (why: string, pull?: Pull): Proposed => ({ operation: 'none', pull, headSha: tip?.sha, why })
  const leftClosed = (pull: Pull): Proposed => {
    const why = `Pull request #${pull.number} proposed the same and was closed, so it is not proposed again. Reopen it, or change the files.`
    proposal.deps.log.notice(why)
    return none(why, pull)
  }

  if (tip === undefined) {
    if (isNothing) return none(whyNothing)
    if (refused !== undefined) return leftClosed(refused)
    return write(proposal, { tip, open, plan: onBase(base, [base.sha], baseFiles, files) })
  }
  const ahead = await aheadOf(github, base, tip, login)
  const isMerged = closed.some((pull) => pull.isMerged && pull.headSha === tip.sha)
  const isOurs = isMerged || ahead.foreign.length === 0
  if (isNothing && isOurs) return nothingLeft(proposal, tip, open, whyNothing)
  if (nothingToPropose !== undefined) {
    const authors = listed([...new Set(ahead.foreign.map(({ author }) => author))])
    return none(
      `${nothingToPropose} The branch '${place.branch}' stays, since it has commits of ${authors}.`,
      open,
    )
  }
  if (refused !== undefined) return leftClosed(refused)
  const tipFiles = await filesOfTree(github, tip.tree, inputs.paths)
  if (!isOurs)
    return write(proposal, { tip, open, plan: await onOthers(proposal, tip, ahead, tipFiles, baseFiles) })
  // Nobody else's work is on the branch. It is joined with the base, so that the pull request shows the files alone.
  const isUpToDate = changesTo(tipFiles, files).size === 0 && (open !== undefined || !ahead.isBehind)
  const parents = ahead.isBehind ? [tip.sha, base.sha] : [tip.sha]
  const plan = isUpToDate ? undefined : onBase(base, parents, baseFiles, files, tipFiles)
  return write(proposal, { tip, open, plan })
}

/** A commit that is to be made. */
interface Plan {
  readonly tree: string
  readonly parents: readonly string[]
  readonly changes: ReadonlyMap<string, LocalFile | null>
  readonly known: readonly Files[]
  readonly kept: readonly string[]
}

function onBase(
  base: Tip,
  parents: readonly string[],
  baseFiles: Files,
  files: ReadonlyMap<string, LocalFile>,
  others: Files = new Map(),
): Plan {
  return {
    tree: base.tree,
    parents,
    changes: changesTo(baseFiles, files),
    known: [baseFiles, others],
    kept: [],
  }
}

/** On top of what others wrote, of which nothing is taken back. @throws UserError where both changed a file */
async function onOthers(
  { github, place, files, inputs }: Proposal,
  tip: Tip,
  ahead: Ahead,
  tipFiles: Files,
  baseFiles: Files,
): Promise<Plan | undefined> {
  const lastFiles = new Map(await filesOfTree(github, ahead.lastTree, inputs.paths))
  for (const [path, file] of ahead.lastKept) {
    if (file === undefined) lastFiles.delete(path)
    else lastFiles.set(path, file)
  }
  const { changes, kept, conflicts } = merge({
    wanted: files,
    tip: tipFiles,
    last: lastFiles,
    base: baseFiles,
  })
  if (conflicts.length > 0) {
    const commits = ahead.foreignSince.map(({ sha, author }) => `${author} (${sha.slice(0, 7)})`)
    const shown = conflicts.slice(0, 10).map((path) => `'${path}'`)
    throw new UserError(
      `The branch '${place.branch}' has commits of ${listed([...new Set(commits)])}, which change what is proposed too, so nothing was written: ${shown.join(', ')}${conflicts.length > shown.length ? `, and ${conflicts.length - shown.length} more` : ''}. Merge the pull request, or take the commits into the source, or give another 'branch'.`,
    )
  }
  if (changes.size === 0) return undefined
  if (kept.length > MAX_KEPT)
    throw new UserError(
      `On the branch '${place.branch}' ${kept.length} of the proposed files were changed by hand, which is more than can be kept track of. Merge the pull request, or give another 'branch'.`,
    )
  return { tree: tip.tree, parents: [tip.sha], changes, known: [baseFiles, tipFiles, lastFiles], kept }
}

/** Makes the commit, moves the branch, and sees to the pull request. */
async function write(
  { github, login, place, files, text, inputs, deps }: Proposal,
  {
    tip,
    open,
    plan,
  }: { readonly tip: Tip | undefined; readonly open: Pull | undefined; readonly plan: Plan | undefined },
): Promise<Proposed> {
  let headSha = tip?.sha
  if (plan !== undefined) {
    headSha = await makeCommit(github, {
      ...plan,
      message: messageWith(inputs.commitMessage, new Map(plan.kept.map((path) => [path, files.get(path)]))),
    })
    await putOnBranch(github, place.branch, headSha, tip)
    deps.log.info(`'${place.branch}' is at ${headSha.slice(0, 7)} now; files changed: ${plan.changes.size}.`)
  }
  deps.setOutput('head-sha', headSha)
  const made = { headSha, ...(plan !== undefined && { kept: plan.kept, changed: plan.changes.size }) }
  if (open !== undefined) {
    const isChanged = await updatePull(github, open, text)
    return plan !== undefined || isChanged
      ? { ...made, operation: 'updated', pull: open }
      : { ...made, operation: 'none', pull: open, why: 'The pull request is up to date.' }
  }
  const { pull, isNew } = await createPull(github, place, text, inputs.isDraft)
  if (isNew) await setPeople(github, pull, inputs, login, deps)
  else await updatePull(github, pull, text)
  return { ...made, operation: isNew ? 'created' : 'updated', pull }
}

/** The base has all of it: an open pull request would propose nothing any more. */
async function nothingLeft(
  { github, place, inputs, deps }: Proposal,
  tip: Tip,
  open: Pull | undefined,
  why: string,
): Promise<Proposed> {
  if (open === undefined) return { operation: 'none', pull: undefined, headSha: tip.sha, why }
  await closePull(github, open)
  const isGone = inputs.deleteBranch && (await deleteBranch(github, place.branch, tip))
  if (isGone) deps.log.info(`The branch '${place.branch}' is deleted.`)
  return { operation: 'closed', pull: open, headSha: isGone ? undefined : tip.sha, why }
}
