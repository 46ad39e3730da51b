import { enumInput, ineffectiveInputs, requiredNameInput } from '@dsa/action-kit'
import { type EnvironmentInputs, environmentInputs } from '@dsa/connected-action'

export interface Inputs extends EnvironmentInputs {
  /** The name of the installed solution. */
  readonly solutionName: string
  readonly ifNothingStaged: 'fail' | 'skip'
  readonly notices: readonly string[]
}

const ALWAYS_A_JOB = 'an upgrade always runs as a job of the server and is waited for'

/** Reads and checks every input before the first request. */
export function readInputs(): Inputs {
  return {
    ...environmentInputs(),
    // The staged solution itself is taken for its base; the service refuses that name.
    solutionName: requiredNameInput('solution-name').replace(/_Upgrade$/i, ''),
    ifNothingStaged: enumInput('if-nothing-staged', ['fail', 'skip']),
    notices: ineffectiveInputs({ async: ALWAYS_A_JOB, 'run-asynchronously': ALWAYS_A_JOB }),
  }
}
