import {
  enumInput,
  ineffectiveInputs,
  InputError,
  optionalInput,
  optionalNameInput,
  requiredNameInput,
} from '@dsa/action-kit'
import { type EnvironmentInputs, environmentInputs } from '@dsa/connected-action'
import { type PackageType, RAISING, type VersionRule, versionRule } from '@dsa/solution-package'

const MODES = ['source', 'solution', 'patch'] as const

export interface Inputs extends EnvironmentInputs {
  readonly mode: (typeof MODES)[number]
  readonly solutionName: string
  readonly targetFolder: string | undefined
  readonly workingDirectory: string | undefined
  readonly type: PackageType
  readonly displayName: string | undefined
  readonly version: VersionRule
  readonly notices: readonly string[]
}

/** The number that is raised when no version is given. */
const RAISED = { source: 'revision', solution: 'minor', patch: 'build' } as const

/** Reads and checks every input before the first request. */
export function readInputs(): Inputs {
  const environment = environmentInputs()
  const mode = enumInput('mode', MODES)
  const version = optionalNameInput('version')
  const displayName = optionalNameInput('display-name')
  if (mode === 'source' && (version !== undefined || displayName !== undefined)) {
    throw new InputError(
      "'version' and 'display-name' are for a new version or a patch in the environment ('mode: solution' or 'mode: patch'). To raise the version before an export, use action-set-version.",
    )
  }
  return {
    ...environment,
    mode,
    solutionName: requiredNameInput('solution-name'),
    targetFolder: optionalInput('target-folder'),
    workingDirectory: optionalInput('working-directory'),
    type: enumInput('solution-type', ['Unmanaged', 'Managed', 'Both']),
    displayName,
    version: versionRule('version', version ?? RAISED[mode], RAISING),
    notices: ineffectiveInputs({
      'solution-version': "it never set a version. Use 'version' for that",
      'run-asynchronously': 'every export runs as a job of the server and is waited for',
    }),
  }
}
