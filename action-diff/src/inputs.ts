import { booleanInput, linesInput, optionalInput, requiredNameInput, secretInput } from '@dsa/action-kit'
import { EFFECT_KINDS, LEVELS } from '@dsa/solution-package/diff'
import { didYouMean, listed, UserError } from '@dsa/user-error'

/** What can fail the step: an effect, or a level. */
const FAILURES = [...EFFECT_KINDS, ...LEVELS] as const

export type Failure = (typeof FAILURES)[number]

export type Inputs = ReturnType<typeof readInputs>

/** Reads and checks every input; nothing else has happened yet. */
export function readInputs() {
  return {
    base: optionalInput('base'),
    head: optionalInput('head'),
    solutionFolders: linesInput('solution-folder'),
    failOn: failuresIn(optionalInput('fail-on') ?? 'none'),
    configFile: optionalInput('config-file'),
    acceptedFile: optionalInput('accepted-file'),
    acceptLabel: requiredNameInput('accept-label'),
    comment: booleanInput('comment'),
    githubToken: secretInput('github-token'),
    reportFile: optionalInput('report-file'),
    markdownFile: optionalInput('markdown-file'),
    artifactName: optionalInput('artifact-name'),
  }
}

function failuresIn(text: string): readonly Failure[] {
  const names = text
    .split(/[,\s]+/)
    .map((name) => name.toLowerCase())
    .filter((name) => name !== '' && name !== 'none')
  return names.map((name) => {
    const failure = FAILURES.find((known) => known === name)
    if (failure !== undefined) return failure
    throw new UserError(
      `Input 'fail-on' names '${name}'; it takes none, ${listed(FAILURES, 'or')}.${didYouMean(name, FAILURES)}`,
    )
  })
}
