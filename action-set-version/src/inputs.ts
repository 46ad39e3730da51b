import {
  gitRef,
  ineffectiveInputs,
  InputError,
  optionalEnumInput,
  optionalInput,
  optionalNameInput,
  optionalNumberInput,
} from '@dsa/action-kit'
import { type QueueInputs, queueInputs } from '@dsa/connected-action'
import { parseVersion, RAISING, type VersionRule, versionRule } from '@dsa/solution-package'

export interface Inputs extends QueueInputs {
  /** Needed in an environment; in a folder it says which of several. */
  readonly solutionName: string | undefined
  /** Whether the version is set in an environment. */
  readonly inEnvironment: boolean
  /** Set where the version is set in a folder. */
  readonly solutionFolder: string | undefined
  readonly workingDirectory: string | undefined
  readonly nextVersion: VersionRule
  readonly notices: readonly string[]
}

const WORDS = [...RAISING, 'from-tag', 'from-run-number', 'from-date']
const LARGEST = 2_147_483_647

/** Reads and checks every input before the first request. */
export function readInputs(): Inputs {
  const connection = queueInputs()
  const solutionName = sameInputs('name', 'solution-name', optionalNameInput)
  const solutionFolder = optionalInput('solution-folder')
  if (solutionName === undefined && solutionFolder === undefined) {
    throw new InputError(
      "Neither 'solution-name' nor 'solution-folder' is given. Give the first to set the version in an environment, the second to set it in a folder, or both.",
    )
  }
  const inEnvironment =
    solutionName !== undefined && (solutionFolder === undefined || isConnected(connection))
  return {
    ...connection,
    solutionName,
    inEnvironment,
    solutionFolder,
    workingDirectory: optionalInput('working-directory'),
    nextVersion: rule(),
    notices: [
      ...(solutionName !== undefined && !inEnvironment
        ? [
            "No input to sign in with is given, so the version is set in 'solution-folder' alone, of the solution that 'solution-name' names.",
          ]
        : []),
      ...ineffectiveInputs({ 'tracker-file': "changes are not counted in a file; 'version' has rules" }),
      ...(optionalEnumInput('strategy', STRATEGIES) === 'filetracking'
        ? [
            "Input 'strategy' has no effect: filetracking counts changes in a file. 'version' has other rules.",
          ]
        : []),
    ],
  }
}

/**
 * Whether anything is given to reach an environment with. One input is enough: an address that came out empty is then an
 * error of the sign-in, and not a version that was set in the folder alone.
 */
function isConnected({ connection }: QueueInputs): boolean {
  return Object.entries(connection).some(([name, value]) => name !== 'cloud' && value !== undefined)
}

const STRATEGIES = ['gittags', 'filetracking', 'solution', 'None'] as const

/** Two names of one input may both be given when they agree. */
function sameInputs<T>(first: string, second: string, read: (name: string) => T | undefined): T | undefined {
  const [one, other] = [read(first), read(second)]
  if (one !== undefined && other !== undefined && one !== other) {
    throw new InputError(`Inputs '${first}' and '${second}' mean the same and differ. Give only one of them.`)
  }
  return one ?? other
}

/** From `version`, or from the inputs of Microsoft's two actions that set single numbers. */
function rule(): VersionRule {
  const range = { unit: 'the version', min: 0, max: LARGEST }
  const build = sameInputs('build-version', 'patch-version', (name) => optionalNumberInput(name, range))
  const revision = optionalNumberInput('revision-version', range)
  const strategy = optionalEnumInput('strategy', STRATEGIES)
  const version = optionalNameInput('version') ?? WORD_OF[strategy ?? 'None']
  const segments = build !== undefined || revision !== undefined
  if (version !== undefined && !segments) return versionRule('version', version, WORDS)
  if (version !== undefined) {
    throw new InputError(
      "'version' (or 'strategy') and single numbers ('build-version', 'revision-version', 'patch-version') are given. Keep one of them.",
    )
  }
  if (!segments) {
    throw new InputError(
      `Input 'version' is required and was not given. It is a version, or ${WORDS.join(', ')}.`,
    )
  }
  return (present) => {
    const [major = 0, minor = 0, oldBuild = 0, oldRevision = 0] = parseVersion(present)
    return [major, minor, build ?? oldBuild, revision ?? oldRevision].join('.')
  }
}

const WORD_OF = {
  gittags: 'from-tag',
  solution: 'revision',
  filetracking: undefined,
  None: undefined,
} as const

/** What the rules look at. */
export function runFacts(environment: Readonly<Record<string, string | undefined>>, now: number) {
  return { ref: gitRef(), runNumber: environment['GITHUB_RUN_NUMBER'], now }
}
