import {
  booleanInput,
  InputError,
  linesInput,
  namesInput,
  optionalInput,
  optionalNameInput,
  optionalNumberInput,
  requiredNameInput,
  secretInput,
} from '@dsa/action-kit'
import { checkBranchName } from './branch/branch-name.ts'
import { repositoryPath } from './files/repository-path.ts'

export type Inputs = ReturnType<typeof readInputs>

/** Reads and checks every input; nothing else has happened yet. */
export function readInputs() {
  const paths = linesInput('paths').map(repositoryPath)
  if (paths.length === 0) throw new InputError("Input 'paths' is required and was not given.")
  const [body, bodyFile] = [optionalInput('body'), optionalInput('body-file')]
  if (body !== undefined && bodyFile !== undefined)
    throw new InputError("Inputs 'body' and 'body-file' exclude each other.")
  const title = requiredNameInput('title')
  return {
    paths,
    branch: checkBranchName('branch', requiredNameInput('branch')),
    base: branchGiven('base'),
    title,
    body,
    bodyFile,
    commitMessage: optionalInput('commit-message') ?? title,
    isDraft: booleanInput('draft'),
    labels: namesInput('labels'),
    assignees: namesInput('assignees'),
    reviewers: namesInput('reviewers'),
    teamReviewers: namesInput('team-reviewers'),
    milestone: optionalNumberInput('milestone', { unit: 'the milestone' }),
    deleteBranch: booleanInput('delete-branch'),
    nothingToPropose: optionalInput('nothing-to-propose'),
    githubToken: secretInput('github-token'),
  }
}

function branchGiven(name: string): string | undefined {
  const value = optionalNameInput(name)
  return value === undefined ? undefined : checkBranchName(name, value)
}
