import { connect, signInSteps } from '@dsa/dataverse-auth'
import type { ConnectionInputs, SignInDiagnosis } from '@dsa/dataverse-auth'
import type { DataverseClient } from '@dsa/dataverse-client'
import type { QueueInputs } from './connection-inputs.ts'
import type { ConnectedDeps } from './run-connected-action.ts'

/**
 * Signs in to the environment of the inputs.
 * @throws UserError for what is wrong with them before any request, and for what sign-in or environment refuse
 */
export function signIn(
  { connection, maxQueueWaitMinutes }: QueueInputs,
  deps: ConnectedDeps,
): Promise<DataverseClient> {
  return connect(connection, { ...deps, maxQueueWaitMs: maxQueueWaitMinutes * 60_000 })
}

/** Signs in one step after the other, for a report of each. */
export function diagnoseSignIn(connection: ConnectionInputs, deps: ConnectedDeps): Promise<SignInDiagnosis> {
  return signInSteps(connection, deps)
}
