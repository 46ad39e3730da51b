import { UserError } from '@dsa/user-error'
import { CODE, createDataverseClient, DataverseError, TransportError, whoAmI } from '@dsa/dataverse-client'
import { normalizeEnvironmentUrl } from '@dsa/dataverse-client'
import type { DataverseClient } from '@dsa/dataverse-client'
import { chooseCredential } from './credential.ts'
import type { ConnectionInputs, Credential } from './credential.ts'
import { createTokenProvider } from './token-provider.ts'
import { tokenSource } from './token-sources.ts'
import type { TokenDeps } from './token-sources.ts'

export interface ConnectDeps extends TokenDeps {
  readonly userAgent?: string
  /** How long requests wait for another solution operation of the environment to end. */
  readonly maxQueueWaitMs?: number
  /** Injected by tests. */
  readonly timeoutSignal?: (ms: number) => AbortSignal
}

/**
 * Signs in and proves with WhoAmI that the environment lets us in; a token alone proves nothing.
 * @throws UserError before any request
 * @throws UserError when there is no token, and when the environment refuses or cannot be reached
 */
export async function connect(inputs: ConnectionInputs, deps: ConnectDeps): Promise<DataverseClient> {
  const environmentUrl = normalizeEnvironmentUrl(inputs.environmentUrl)
  const credential = chooseCredential(inputs)
  if (credential.kind === 'user') {
    deps.log.warning(
      "Signing in with 'user-name' and 'password-secret' fails as soon as a second factor is required, and Microsoft " +
        'is retiring it. GitHub OIDC needs no secret at all.',
    )
  }
  const getToken = createTokenProvider(tokenSource(credential, { inputs, environmentUrl, deps }), deps)
  const client = createDataverseClient({ ...deps, environmentUrl, getToken })
  try {
    await whoAmI(client)
  } catch (error) {
    throw refusal(error, environmentUrl, credential) ?? error
  }
  return client
}

/** What Dataverse's refusal of a good token means for the person who runs the workflow; `undefined` where it says enough. */
export function refusal(
  error: unknown,
  environmentUrl: string,
  credential: Credential,
): UserError | undefined {
  if (error instanceof TransportError) {
    return new UserError(`${environmentUrl} cannot be reached: ${unreachable(error)}`, { cause: error })
  }
  if (!(error instanceof DataverseError)) return undefined
  const row = REFUSALS.find(({ code, status }) =>
    code === undefined ? status === error.status : code === error.code,
  )
  const advice =
    row?.advice(whoIs(credential)) ?? (error.status < 400 || error.status === 404 ? NO_DATAVERSE : undefined)
  return advice === undefined
    ? undefined
    : new UserError(`${environmentUrl}: ${advice} (${error.message})`, { cause: error })
}

const NO_DATAVERSE =
  "no Dataverse answers there. Is 'environment-url' the environment's own address, such as https://contoso.crm4.dynamics.com?"

interface Refusal {
  readonly code?: string
  readonly status?: number
  readonly advice: (who: string) => string
}

/** What Dataverse says after a good token, and what to do. Codes first: the same status has several meanings. */
const REFUSALS: readonly Refusal[] = [
  {
    code: CODE.notAMember,
    advice: (who) =>
      `${who} is not a user of this environment. Add it in the Power Platform admin center: the environment, ` +
      'Settings, Users + permissions, Application users, New app user, with the role System Administrator or System Customizer.',
  },
  {
    code: CODE.noRoles,
    advice: (who) =>
      `${who} has no security role here. Give it System Administrator or System Customizer in the Power Platform admin center.`,
  },
  {
    code: CODE.userDisabled,
    advice: (who) =>
      `${who} is disabled here or belongs to no business unit. Enable it in the Power Platform admin center.`,
  },
  {
    code: CODE.missingPrivilege,
    advice: (who) => `${who} lacks a privilege. Give it the role System Administrator or System Customizer.`,
  },
  {
    status: 401,
    advice: () =>
      "the token is refused. Does the environment belong to the tenant of 'tenant-id', and is 'cloud' the right one?",
  },
  {
    status: 403,
    advice: (who) =>
      `${who} is not allowed in. Check its application user and its security role in this environment.`,
  },
]

function whoIs(credential: Credential): string {
  switch (credential.kind) {
    case 'user':
      return `User ${credential.userName}`
    case 'managed-identity':
      return `The managed identity ${credential.clientId}`
    case 'access-token':
      return "The owner of the 'access-token'"
    case 'secret':
    case 'certificate':
    case 'federated':
      return `Application ${credential.appId}`
  }
}

/** Why an address gives no answer, and what to try. */
export function unreachable({ code, message, certificateRefused }: TransportError): string {
  if (code === 'ENOTFOUND') return "there is no such host. Check 'environment-url'."
  if (certificateRefused) {
    return `its certificate is not trusted (${code}). If a proxy inspects TLS, set NODE_EXTRA_CA_CERTS to its authority's file.`
  }
  if (code === 'ECONNREFUSED') return `${message} Nothing listens there.`
  return `${message} Behind a proxy, set HTTPS_PROXY.`
}
