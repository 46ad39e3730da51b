import { ineffectiveInputs, optionalNameInput } from '@dsa/action-kit'
import { type EnvironmentInputs, environmentInputs } from '@dsa/connected-action'

export interface Inputs extends EnvironmentInputs {
  /** Everything is published when it is left out. */
  readonly solutionName: string | undefined
  readonly notices: readonly string[]
}

/** Reads and checks every input before the first request. */
export function readInputs(): Inputs {
  return {
    ...environmentInputs(),
    solutionName: optionalNameInput('solution-name'),
    notices: ineffectiveInputs({
      'run-asynchronously': 'publishing never waits on one connection, and the step ends when it has ended',
    }),
  }
}
