import { enumInput, numberInput, optionalInput, secretInput } from '@dsa/action-kit'
import { CLOUD_NAMES } from '@dsa/dataverse-auth/clouds'
import type { ConnectionInputs } from '@dsa/dataverse-auth'

/** A day: no job of a solution takes longer, and no runner waits longer. */
const LONGEST_MINUTES = 1_440

/** How to reach an environment, and how long to wait until it is free; the same inputs in every action that writes there. */
export interface QueueInputs {
  readonly connection: ConnectionInputs
  readonly maxQueueWaitMinutes: number
}

/** The same for an action that starts jobs, and how long to wait for their end. */
export interface EnvironmentInputs extends QueueInputs {
  readonly maxWaitMinutes: number
}

/** Reads the inputs that every action has that starts jobs in an environment. */
export function environmentInputs(): EnvironmentInputs {
  return {
    ...queueInputs(),
    maxWaitMinutes: numberInput('max-async-wait-time', { unit: 'minutes', min: 1, max: LONGEST_MINUTES }),
  }
}

/** Reads the inputs that every action has that writes to an environment. */
export function queueInputs(): QueueInputs {
  return {
    connection: connectionInputs(),
    maxQueueWaitMinutes: numberInput('max-queue-wait-time', {
      unit: 'minutes',
      min: 0,
      max: LONGEST_MINUTES,
    }),
  }
}

/** Reads the connection inputs, which every action with an environment has. Secrets are read and masked first, so that no later message can hold one. */
export function connectionInputs(): ConnectionInputs {
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
