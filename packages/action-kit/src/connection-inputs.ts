import { enumInput, optionalInput, secretInput } from './inputs.ts'

const clouds = ['Public', 'UsGov', 'UsGovHigh', 'UsGovDod', 'China'] as const

/** How to reach and sign in to an environment; the same inputs in every action that talks to one. */
export interface ConnectionInputValues {
  readonly environmentUrl?: string | undefined
  readonly tenantId?: string | undefined
  readonly appId?: string | undefined
  readonly clientSecret?: string | undefined
  readonly certificate?: string | undefined
  readonly certificatePassword?: string | undefined
  readonly userName?: string | undefined
  readonly passwordSecret?: string | undefined
  readonly managedIdentityClientId?: string | undefined
  readonly accessToken?: string | undefined
  readonly cloud: (typeof clouds)[number]
  readonly authority?: string | undefined
}

/** Reads the connection inputs. Secrets are read and masked first, so that no later message can hold one. */
export function connectionInputs(): ConnectionInputValues {
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
    cloud: enumInput('cloud', clouds),
    authority: optionalInput('authority'),
  }
}
