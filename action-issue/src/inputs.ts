import {
  enumInput,
  linesInput,
  namesInput,
  optionalInput,
  requiredNameInput,
  secretInput,
} from '@dsa/action-kit'

export type Inputs = ReturnType<typeof readInputs>

/** Reads and checks every input; nothing else has happened yet. */
export function readInputs() {
  return {
    isOpen: enumInput('state', ['open', 'closed']) === 'open',
    title: requiredNameInput('title'),
    body: optionalInput('body') ?? '',
    bodyFiles: linesInput('body-file'),
    key: optionalInput('key') ?? '',
    labels: namesInput('labels'),
    assignees: namesInput('assignees'),
    githubToken: secretInput('github-token'),
  }
}
