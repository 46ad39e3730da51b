import {
  booleanInput,
  InputError,
  linesInput,
  optionalInput,
  requiredNameInput,
  secretInput,
} from '@dsa/action-kit'
import { type EnvironmentInputs, environmentInputs } from '@dsa/connected-action/inputs'
import { EFFECT_KINDS, LEVELS } from '@dsa/solution-package/diff'
import { didYouMean, listed, UserError } from '@dsa/user-error'

/** What can fail the step: an effect, or a level. */
const FAILURES = [...EFFECT_KINDS, ...LEVELS] as const

export type Failure = (typeof FAILURES)[number]

export type Inputs = ReturnType<typeof readInputs>

/** Reads and checks every input; nothing else has happened yet. */
export function readInputs() {
  return {
    environment: comparedEnvironment(),
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

/** The environment to compare with; undefined when none is. */
function comparedEnvironment(): EnvironmentInputs | undefined {
  const inputs = environmentInputs()
  const { environmentUrl, cloud: _, ...others } = inputs.connection
  if (environmentUrl !== undefined) return inputs
  // An address that a variable should give, and does not, must not turn into another comparison.
  if (Object.values(others).every((value) => value === undefined)) return undefined
  throw new InputError(
    "A sign-in is given, and 'environment-url' is empty. Give the address of the environment to compare with, or leave the inputs of the sign-in out to compare revisions, folders or archives.",
  )
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
