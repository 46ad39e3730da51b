import {
  booleanInput,
  enumInput,
  InputError,
  linesInput,
  optionalInput,
  requiredInput,
} from '@dsa/action-kit'
import { type EnvironmentInputs, environmentInputs } from '@dsa/connected-action'
import type { PackageType } from '@dsa/solution-package'

export interface Inputs extends EnvironmentInputs {
  /** All unmanaged ones when there are none. */
  readonly solutions: readonly string[]
  readonly exclude: readonly string[]
  readonly ifNothing: 'fail' | 'skip'
  readonly targetFolder: string
  readonly workingDirectory: string | undefined
  readonly unpack: boolean
  readonly type: PackageType
  readonly artifactName: string | undefined
}

/** Reads and checks every input before the first request. */
export function readInputs(): Inputs {
  const environment = environmentInputs()
  const [unpack, artifactName] = [booleanInput('unpack'), optionalInput('artifact-name')]
  if (unpack && artifactName !== undefined) {
    throw new InputError(
      "'artifact-name' keeps archives, and 'unpack: true' writes their source. Keep one of them.",
    )
  }
  return {
    ...environment,
    solutions: linesInput('solutions'),
    exclude: linesInput('exclude'),
    ifNothing: enumInput('if-nothing', ['fail', 'skip']),
    targetFolder: requiredInput('target-folder'),
    workingDirectory: optionalInput('working-directory'),
    unpack,
    type: enumInput('solution-type', ['Unmanaged', 'Managed', 'Both']),
    artifactName,
  }
}
