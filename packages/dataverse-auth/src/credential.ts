import { quotedList, UserError } from '@dsa/user-error'
import type { Cloud } from './clouds.ts'

/** The connection inputs of an action, read and masked; what was left empty is not there. */
export interface ConnectionInputs {
  readonly environmentUrl?: string | undefined
  readonly tenantId?: string | undefined
  readonly appId?: string | undefined
  readonly clientSecret?: string | undefined
  /** PEM (certificate and private key) or the base64 of a PFX file. */
  readonly certificate?: string | undefined
  readonly certificatePassword?: string | undefined
  readonly userName?: string | undefined
  readonly passwordSecret?: string | undefined
  readonly managedIdentityClientId?: string | undefined
  readonly accessToken?: string | undefined
  readonly cloud: Cloud
  readonly authority?: string | undefined
}

/** How to sign in. */
export type Credential =
  | { readonly kind: 'access-token'; readonly accessToken: string }
  | { readonly kind: 'managed-identity'; readonly clientId: string }
  | {
      readonly kind: 'certificate'
      readonly tenantId: string
      readonly appId: string
      readonly certificate: string
      readonly password: string | undefined
    }
  | {
      readonly kind: 'secret'
      readonly tenantId: string
      readonly appId: string
      readonly clientSecret: string
    }
  | {
      readonly kind: 'user'
      readonly userName: string
      readonly password: string
      readonly tenantId: string | undefined
      readonly appId: string | undefined
    }
  | { readonly kind: 'federated'; readonly tenantId: string; readonly appId: string }

interface CredentialSet {
  readonly inputs: readonly string[]
  readonly read: (given: ConnectionInputs) => Credential | undefined
}

/** In the order of Microsoft's own actions, with the kinds that those do not have after them. */
const SETS: readonly CredentialSet[] = [
  {
    inputs: ['user-name', 'password-secret'],
    read: ({ userName, passwordSecret, tenantId, appId }) =>
      userName && passwordSecret
        ? { kind: 'user', userName, password: passwordSecret, tenantId, appId }
        : undefined,
  },
  {
    inputs: ['app-id', 'client-secret', 'tenant-id'],
    read: ({ appId, clientSecret, tenantId }) =>
      appId && clientSecret && tenantId ? { kind: 'secret', appId, clientSecret, tenantId } : undefined,
  },
  {
    inputs: ['app-id', 'certificate', 'tenant-id'],
    read: ({ appId, certificate, certificatePassword, tenantId }) =>
      appId && certificate && tenantId
        ? { kind: 'certificate', appId, certificate, tenantId, password: certificatePassword }
        : undefined,
  },
  {
    inputs: ['managed-identity-client-id'],
    read: ({ managedIdentityClientId }) =>
      managedIdentityClientId ? { kind: 'managed-identity', clientId: managedIdentityClientId } : undefined,
  },
  {
    inputs: ['access-token'],
    read: ({ accessToken }) => (accessToken ? { kind: 'access-token', accessToken } : undefined),
  },
  {
    // Left without any secret, application and tenant mean the job's own OIDC token.
    inputs: ['app-id', 'tenant-id'],
    read: ({ appId, tenantId, clientSecret, certificate }) =>
      appId && tenantId && !clientSecret && !certificate ? { kind: 'federated', appId, tenantId } : undefined,
  },
]

/**
 * Chooses how to sign in from the inputs that were given.
 * @throws UserError when no set of inputs is complete, or more than one is
 */
export function chooseCredential(given: ConnectionInputs): Credential {
  const complete = SETS.flatMap(({ inputs, read }) => {
    const credential = read(given)
    return credential === undefined ? [] : [{ inputs, credential }]
  })
  const [first, second] = complete
  if (first === undefined) throw new UserError(whatIsMissing(given))
  if (second === undefined) return first.credential
  throw new UserError(
    `Too many authentication parameters: ${complete.map(({ inputs }) => quotedList(inputs)).join(' as well as ')} ` +
      'are given. Keep the inputs of one way to sign in.',
  )
}

const NAMES: readonly (readonly [keyof ConnectionInputs, string])[] = [
  ['userName', 'user-name'],
  ['passwordSecret', 'password-secret'],
  ['appId', 'app-id'],
  ['tenantId', 'tenant-id'],
  ['clientSecret', 'client-secret'],
  ['certificate', 'certificate'],
]

function whatIsMissing(given: ConnectionInputs): string {
  const present = NAMES.filter(([key]) => given[key]).map(([, name]) => name)
  const state =
    present.length === 0 ? 'No credentials are given.' : `${quotedList(present)} alone cannot sign in.`
  return (
    `${state} Give 'app-id' and 'tenant-id' (GitHub OIDC, needs \`permissions: id-token: write\`), or these with ` +
    `'client-secret' or 'certificate', or 'managed-identity-client-id', or 'user-name' with 'password-secret', ` +
    "or 'access-token'. A secret that is not set reaches the step as an empty input: check its name, and that the " +
    'job names the environment that holds it. Workflows from forks get no secrets.'
  )
}
