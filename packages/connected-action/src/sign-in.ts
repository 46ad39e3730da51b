import { connect } from '@dsa/dataverse-auth'
import type { DataverseClient } from '@dsa/dataverse-client'
import type { EnvironmentInputs } from './connection-inputs.ts'
import type { ConnectedDeps } from './run-connected-action.ts'

/**
 * Signs in to the environment of the inputs.
 * @throws UserError for what is wrong with them before any request, and for what sign-in or environment refuse
 */
export function signIn(
  { connection, maxQueueWaitMinutes }: Pick<EnvironmentInputs, 'connection' | 'maxQueueWaitMinutes'>,
  deps: ConnectedDeps,
): Promise<DataverseClient> {
  return connect(connection, { ...deps, maxQueueWaitMs: maxQueueWaitMinutes * 60_000 })
}
