import { errorText, UserError } from '@dsa/user-error'
import type { AuthenticationResult, NodeAuthOptions, NodeSystemOptions } from '@azure/msal-node'
import { authorityOf } from './authority.ts'
import { readCertificate } from './certificate/certificate.ts'
import type { CertificateProof } from './certificate/certificate.ts'
import { CLOUDS } from './clouds.ts'
import type { ConnectionInputs, Credential } from './credential.ts'
import { msalNetwork } from './msal-network.ts'
import { githubIdToken } from './github/github-oidc.ts'
import type { OidcDeps } from './github/github-oidc.ts'
import { SignInError, signInError } from './sign-in-error.ts'
import type { IssuedToken } from './token-provider.ts'

export interface TokenDeps extends OidcDeps {
  /** Hides a secret from the log, as a whole and line by line. */
  readonly addMask: (secret: string) => void
}

/** Asks for a new token. Whatever it needs on the way (a GitHub token, for one) is fetched anew each time. */
export type TokenSource = () => Promise<IssuedToken>

interface Context {
  readonly inputs: ConnectionInputs
  readonly environmentUrl: string
  readonly deps: TokenDeps
}

type Of<Kind extends Credential['kind']> = Extract<Credential, { kind: Kind }>

/** Public client of Microsoft's samples for Dataverse, for users who sign in without an `app-id` of their own. */
const SAMPLE_PUBLIC_CLIENT = '51f81489-12ee-4a9e-aaae-a2591f45987d'

/** How tokens for the environment are got with a credential. */
export function tokenSource(credential: Credential, context: Context): TokenSource {
  switch (credential.kind) {
    case 'access-token':
      return givenToken(credential)
    case 'managed-identity':
      return managedIdentity(credential, context)
    case 'user':
      return user(credential, context)
    case 'secret':
      return application(credential, context, async () => ({ clientSecret: credential.clientSecret }))
    case 'certificate':
      return certified(credential, context)
    case 'federated':
      return federated(credential, context)
  }
}

/** A ready token cannot be renewed; when it ends, its owner must bring another one. */
function givenToken({ accessToken }: Of<'access-token'>): TokenSource {
  let given = false
  return async () => {
    if (given) {
      throw new SignInError(
        "The 'access-token' was refused by the environment: it has expired or is for another environment. It cannot " +
          'be renewed here; for long jobs use GitHub OIDC.',
        'access-token',
      )
    }
    given = true
    return { token: accessToken, lifetimeMs: Number.MAX_SAFE_INTEGER }
  }
}

/**
 * An application with a secret, certificate or assertion. A new MSAL application is made for each token: MSAL remembers
 * a failed request for a minute and fails without asking, which would defeat our retries.
 */
function application(
  { tenantId, appId }: { readonly tenantId: string; readonly appId: string },
  context: Context,
  proof: () => Promise<Partial<NodeAuthOptions>>,
): TokenSource {
  let failure: unknown
  const { auth, system } = settings(tenantId, context, (error) => (failure = error))
  return async () => {
    failure = undefined
    const { ConfidentialClientApplication } = await import('@azure/msal-node')
    const secret = await proof()
    const client = new ConfidentialClientApplication({
      auth: { clientId: appId, ...auth, ...secret },
      system,
    })
    const assertion = typeof secret.clientAssertion === 'string' ? secret.clientAssertion : undefined
    try {
      return issued(
        await client.acquireTokenByClientCredential({ scopes: [scope(context)], skipCache: true }),
      )
    } catch (error) {
      throw translated(
        failure ?? error,
        { tenantId, appId, environmentUrl: context.environmentUrl, assertion },
        context,
      )
    }
  }
}

/** The key that comes out of a PFX, or of an encrypted PEM, is a text that nobody has masked yet. */
function certified(credential: Of<'certificate'>, context: Context): TokenSource {
  let clientCertificate: CertificateProof | undefined
  return application(credential, context, async () => {
    if (clientCertificate === undefined) {
      clientCertificate = await readCertificate(credential.certificate, credential.password)
      context.deps.addMask(clientCertificate.privateKey)
    }
    return { clientCertificate }
  })
}

/** The job's own GitHub token is the proof. It lives for minutes only, so each acquisition asks for a new one. */
function federated(credential: Of<'federated'>, context: Context): TokenSource {
  const audience = CLOUDS[context.inputs.cloud].assertionAudience
  return application(credential, context, async () => {
    const clientAssertion = await githubIdToken(context.deps, audience)
    context.deps.addMask(clientAssertion)
    return { clientAssertion }
  })
}

function managedIdentity({ clientId }: Of<'managed-identity'>, context: Context): TokenSource {
  return async () => {
    const { ManagedIdentityApplication } = await import('@azure/msal-node')
    const client = new ManagedIdentityApplication({
      // `system` stands for the identity of the machine itself.
      ...(clientId !== 'system' && { managedIdentityIdParams: { userAssignedClientId: clientId } }),
      system: { networkClient: msalNetwork(context.deps), disableInternalRetries: true },
    })
    try {
      return issued(await client.acquireToken({ resource: context.environmentUrl, forceRefresh: true }))
    } catch (error) {
      const words = errorText(error)
      throw new UserError(
        `No token for the managed identity '${clientId}': ${words} Managed identities work on self-hosted runners in ` +
          'Azure only, and the identity must be assigned to that machine.',
        { cause: error },
      )
    }
  }
}

function user({ userName, password, tenantId, appId }: Of<'user'>, context: Context): TokenSource {
  const tenant = tenantId ?? 'organizations'
  let failure: unknown
  const { auth, system } = settings(tenant, context, (error) => (failure = error))
  const clientId = appId ?? SAMPLE_PUBLIC_CLIENT
  return async () => {
    const { PublicClientApplication } = await import('@azure/msal-node')
    const client = new PublicClientApplication({ auth: { clientId, ...auth }, system })
    try {
      return issued(
        await client.acquireTokenByUsernamePassword({
          scopes: [scope(context)],
          username: userName,
          password,
        }),
      )
    } catch (error) {
      const { environmentUrl } = context
      throw translated(failure ?? error, { tenantId: tenant, appId: clientId, environmentUrl }, context)
    }
  }
}

/** The audience of a token is the environment's own address: one token never fits two environments. */
function scope({ environmentUrl }: Context): string {
  return `${environmentUrl}/.default`
}

function settings(
  tenantId: string,
  { inputs, deps }: Context,
  onFailure: (error: unknown) => void,
): { auth: Omit<NodeAuthOptions, 'clientId'>; system: NodeSystemOptions } {
  const authority = authorityOf(inputs, tenantId)
  return {
    auth: {
      authority: authority.url,
      ...(authority.known !== undefined && { knownAuthorities: [authority.known] }),
      ...(authority.metadata !== undefined && { authorityMetadata: authority.metadata }),
    },
    system: {
      networkClient: msalNetwork(deps, authority.plainHost, onFailure),
      disableInternalRetries: true,
    },
  }
}

function translated(error: unknown, where: Parameters<typeof signInError>[1], { deps }: Context): unknown {
  return deps.signal.aborted ? deps.signal.reason : signInError(error, where)
}

/** MSAL tells the end by this machine's clock; only the remaining life is of use to anyone with another clock. */
function issued(result: AuthenticationResult | null): IssuedToken {
  if (result === null || result.accessToken === '')
    throw new UserError('The token service answered without a token. Run the job again.')
  const ends = result.expiresOn?.getTime() ?? Date.now() + 3_600_000
  return { token: result.accessToken, lifetimeMs: Math.max(0, ends - Date.now()) }
}
