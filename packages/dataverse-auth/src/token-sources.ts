import type { TransportError } from '@dsa/dataverse-client'
import type { AuthenticationResult, NodeAuthOptions, NodeSystemOptions } from '@azure/msal-node'
import { authorityOf } from './authority.ts'
import { readCertificate } from './certificate.ts'
import type { CertificateProof } from './certificate.ts'
import { CLOUDS } from './clouds.ts'
import type { ConnectionInputs, Credential } from './credential.ts'
import { msalNetwork } from './msal-network.ts'
import type { NetworkDeps } from './msal-network.ts'
import { SignInError, signInError } from './sign-in-error.ts'
import type { IssuedToken } from './token-provider.ts'

export interface TokenDeps extends NetworkDeps {
  /** The job's OIDC token for an audience; rejects when the job may not ask for one. */
  readonly getIdToken: (audience: string) => Promise<string>
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
        '',
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
  let noAnswer: TransportError | undefined
  const { auth, system } = settings(tenantId, context, (error) => (noAnswer = error))
  return async () => {
    noAnswer = undefined
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
        noAnswer ?? error,
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
      clientCertificate = readCertificate(credential.certificate, credential.password)
      context.deps.addMask(clientCertificate.privateKey)
    }
    return { clientCertificate }
  })
}

/** The job's own GitHub token is the proof. It lives for minutes only, so each acquisition asks for a new one. */
function federated(credential: Of<'federated'>, context: Context): TokenSource {
  const audience = CLOUDS[context.inputs.cloud].assertionAudience
  return application(credential, context, async () => {
    try {
      const clientAssertion = await context.deps.getIdToken(audience)
      context.deps.addMask(clientAssertion)
      return { clientAssertion }
    } catch (error) {
      throw new SignInError(
        'GitHub gave no OIDC token. The job needs `permissions: id-token: write` (with `contents: read` beside it when ' +
          'it checks out). Pull requests from forks never get one. To sign in with a secret instead, give ' +
          `'client-secret'; if you meant to, it arrived empty. (${error instanceof Error ? error.message : String(error)})`,
        '',
        { cause: error },
      )
    }
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
      const words = error instanceof Error ? error.message : String(error)
      throw new SignInError(
        `No token for the managed identity '${clientId}': ${words} Managed identities work on self-hosted runners in ` +
          'Azure only, and the identity must be assigned to that machine.',
        '',
        { cause: error },
      )
    }
  }
}

function user({ userName, password, tenantId, appId }: Of<'user'>, context: Context): TokenSource {
  const tenant = tenantId ?? 'organizations'
  let noAnswer: TransportError | undefined
  const { auth, system } = settings(tenant, context, (error) => (noAnswer = error))
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
      throw translated(noAnswer ?? error, { tenantId: tenant, appId: clientId, environmentUrl }, context)
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
  onNoAnswer: (error: TransportError) => void,
): { auth: Omit<NodeAuthOptions, 'clientId'>; system: NodeSystemOptions } {
  const authority = authorityOf(inputs, tenantId)
  return {
    auth: {
      authority: authority.url,
      ...(authority.known !== undefined && { knownAuthorities: [authority.known] }),
      ...(authority.metadata !== undefined && { authorityMetadata: authority.metadata }),
    },
    system: {
      networkClient: msalNetwork({ ...deps, onNoAnswer }, authority.plainHost),
      disableInternalRetries: true,
    },
  }
}

function translated(error: unknown, where: Parameters<typeof signInError>[1], { deps }: Context): unknown {
  return deps.signal.aborted ? deps.signal.reason : signInError(error, where)
}

/** MSAL tells the end by this machine's clock; only the remaining life is of use to anyone with another clock. */
function issued(result: AuthenticationResult | null): IssuedToken {
  if (result === null || result.accessToken === '') throw new Error('The answer holds no access token.')
  const ends = result.expiresOn?.getTime() ?? Date.now() + 3_600_000
  return { token: result.accessToken, lifetimeMs: Math.max(0, ends - Date.now()) }
}
