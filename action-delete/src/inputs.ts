import { booleanInput, enumInput, requiredNameInput } from '@dsa/action-kit'
import { type EnvironmentInputs, environmentInputs, environmentKindInput } from '@dsa/connected-action'
import type { EnvironmentKind } from '@dsa/dataverse-client'

export interface Inputs extends EnvironmentInputs {
  readonly solutionName: string
  readonly allowDataDeletion: boolean
  readonly allowInProduction: boolean
  readonly environmentKind: EnvironmentKind | undefined
  readonly ifMissing: 'fail' | 'skip'
  readonly dryRun: boolean
}

/** Reads and checks every input before the first request. */
export function readInputs(): Inputs {
  return {
    ...environmentInputs(),
    solutionName: requiredNameInput('solution-name'),
    allowDataDeletion: booleanInput('allow-data-deletion'),
    allowInProduction: booleanInput('allow-in-production'),
    environmentKind: environmentKindInput(),
    ifMissing: enumInput('if-missing', ['fail', 'skip']),
    dryRun: booleanInput('dry-run'),
  }
}
