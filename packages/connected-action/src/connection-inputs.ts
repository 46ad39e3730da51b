import { enumInput, numberInput, optionalInput, secretInput } from '@dsa/action-kit'
import { CLOUD_NAMES } from '@dsa/dataverse-auth'
import type { ConnectionInputs } from '@dsa/dataverse-auth'

/** A day: no job of a solution takes longer, and no runner waits longer. */
const LONGEST_MINUTES = 1_440

/** How to reach an environment, and how long to wait for it; the same inputs in every action that talks to one. */
export interface EnvironmentInputs {
  readonly connection: ConnectionInputs
  readonly maxWaitMinutes: number
  readonly maxQueueWaitMinutes: number
}

/** Reads the inputs that every action with an environment has. */
export function environmentInputs(): EnvironmentInputs {
  return {
    connection: connectionInputs(),
    maxWaitMinutes: numberInput('max-async-wait-time', { unit: 'minutes', min: 1, max: LONGEST_MINUTES }),
    maxQueueWaitMinutes: numberInput('max-queue-wait-time', {
      unit: 'minutes',
      min: 0,
      max: LONGEST_MINUTES,
    }),
  }
}

/** Reads the connection inputs. Secrets are read and masked first, so that no later message can hold one. */
function connectionInputs(): ConnectionInputs {
  const secrets = {
    clientSecret: secretInput('client-secret'),
    certificate: secretInput('certificate'),
    certificatePassword: secretInput('certificate-password'),
    passwordSecret: secretInput('password-secret'),
    accessToken: secretInput('access-token'),
  }
  return {
    ...secrets,
    environmentUrl: optionalInput('environment-url'),
    tenantId: optionalInput('tenant-id'),
    appId: optionalInput('app-id'),
    userName: optionalInput('user-name'),
    managedIdentityClientId: optionalInput('managed-identity-client-id'),
    cloud: enumInput('cloud', CLOUD_NAMES),
    authority: optionalInput('authority'),
  }
}
