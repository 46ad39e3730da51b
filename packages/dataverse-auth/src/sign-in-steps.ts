import { createDataverseClient, normalizeEnvironmentUrl, TransportError, whoAmI } from '@dsa/dataverse-client'
import type { DataverseClient } from '@dsa/dataverse-client'
import { errorText, UserError } from '@dsa/user-error'
import { askAddress } from './ask-address.ts'
import { CLOUDS } from './clouds.ts'
import { refusal } from './connect.ts'
import type { ConnectDeps } from './connect.ts'
import { chooseCredential } from './credential.ts'
import type { ConnectionInputs, Credential } from './credential.ts'
import { presentedClaims } from './github/federated-credential.ts'
import type { PresentedClaims } from './github/federated-credential.ts'
import { githubIdToken } from './github/github-oidc.ts'
import { readToken } from './github/jwt.ts'
import { SignInError } from './sign-in-error.ts'
import { createTokenProvider } from './token-provider.ts'
import { tokenSource } from './token-sources.ts'

export type SignInStepName = 'address' | 'credentials' | 'environment' | 'github-token' | 'token' | 'user'

/** One step of signing in, as far as it came. */
export interface SignInStep {
  readonly name: SignInStepName
  /** What was found, for people; never a token or a secret. */
  readonly facts: readonly (readonly [name: string, value: string])[]
  readonly failure?: SignInFailure
}

export interface SignInFailure {
  /** An AADSTS number, a code of Dataverse, one of the network such as `ENOTFOUND`, or '' where there is none. */
  readonly code: string
  readonly message: string
}

/** What is known after the steps; the first that failed is the last of them. */
export interface SignInDiagnosis {
  readonly steps: readonly SignInStep[]
  /** Only when every step ended well. */
  readonly client: DataverseClient | undefined
  /** The tenant that the environment itself names; it tells everybody who asks without a token. */
  readonly tenantOfEnvironment: string | undefined
  /** What GitHub's token says, when the job signs in with one. */
  readonly presented: PresentedClaims | undefined
}

/**
 * Signs in one step after the other, and says of each what was found.
 * @throws only when the run was canceled, and for defects of ours
 */
export async function signInSteps(inputs: ConnectionInputs, deps: ConnectDeps): Promise<SignInDiagnosis> {
  const steps: SignInStep[] = []
  const known: Known = {
    client: undefined,
    tenantOfEnvironment: undefined,
    presented: undefined,
  }
  const step: Step = async (name, work, factsOf) => {
    try {
      const found = await work()
      steps.push({ name, facts: factsOf(found) })
      return found
    } catch (error) {
      if (deps.signal.aborted || !(error instanceof UserError)) throw error
      steps.push({ name, facts: [], failure: { code: codeOf(error), message: errorText(error) } })
      throw new StepFailedError(error.message, { cause: error })
    }
  }
  try {
    await inOrder(inputs, deps, known, step)
  } catch (error) {
    if (!(error instanceof StepFailedError)) throw error
  }
  return { steps, ...known }
}

/** Filled in as things become known. */
type Known = { -readonly [Key in keyof Omit<SignInDiagnosis, 'steps'>]: SignInDiagnosis[Key] }

/** Ends the sequence; what failed is in its steps. */
class StepFailedError extends UserError {}

type Step = <T>(
  name: SignInStepName,
  work: () => T | Promise<T>,
  factsOf: (found: T) => SignInStep['facts'],
) => Promise<T>

async function inOrder(inputs: ConnectionInputs, deps: ConnectDeps, known: Known, step: Step): Promise<void> {
  const environmentUrl = await step(
    'address',
    () => normalizeEnvironmentUrl(inputs.environmentUrl),
    (url) => [['Address', url]],
  )
  const credential = await step('credentials', () => chooseCredential(inputs), credentialFacts)
  known.tenantOfEnvironment = await step(
    'environment',
    () => askAddress(environmentUrl, deps),
    (tenant) => [['Tenant that the environment names', tenant ?? 'none']],
  )
  if (credential.kind === 'federated') {
    known.presented = await step(
      'github-token',
      async () =>
        presentedClaims(await githubIdToken(deps, CLOUDS[inputs.cloud].assertionAudience), credential.appId),
      presentedFacts,
    )
  }
  const getToken = createTokenProvider(tokenSource(credential, { inputs, environmentUrl, deps }), deps)
  await step('token', () => getToken({ fresh: false }), tokenFacts)
  const client = createDataverseClient({ ...deps, environmentUrl, getToken })
  await step(
    'user',
    async () => {
      try {
        return await whoAmI(client)
      } catch (error) {
        throw refusal(error, environmentUrl, credential) ?? error
      }
    },
    ({ userId }) => [['User id', userId]],
  )
  known.client = client
}

function credentialFacts(credential: Credential): SignInStep['facts'] {
  const ids = Object.entries(credential).filter(
    ([name]) => name === 'tenantId' || name === 'appId' || name === 'clientId' || name === 'userName',
  )
  return [
    ['Way to sign in', WAYS[credential.kind]],
    ...ids.flatMap(([name, value]) => (value === undefined ? [] : [[NAMES[name] ?? name, value] as const])),
  ]
}

const WAYS: Readonly<Record<Credential['kind'], string>> = {
  'access-token': 'a ready access token',
  'managed-identity': 'managed identity',
  certificate: 'certificate',
  secret: 'client secret',
  user: 'user name and password',
  federated: 'OIDC token of the job',
}

const NAMES: Readonly<Record<string, string>> = {
  tenantId: 'Tenant',
  appId: 'Application',
  clientId: 'Client id',
  userName: 'User',
}

function presentedFacts(claims: PresentedClaims | undefined): SignInStep['facts'] {
  if (claims === undefined) return [['Claims', 'could not be read']]
  return [
    ['Issuer', claims.issuer],
    ['Subject', claims.subject],
    ['Audience', claims.audience],
    ...(claims.otherSubject === undefined
      ? []
      : [
          [
            claims.hasIds ? 'Older form of the subject, not presented' : 'Form with ids, not presented',
            claims.otherSubject,
          ] as const,
        ]),
  ]
}

/** What an access token says of itself; one that is no JWT says nothing. */
function tokenFacts(token: string): SignInStep['facts'] {
  const claims = readToken(token)
  if (claims === undefined) return [['Claims', 'the token is in no form that can be read here']]
  const named: readonly (readonly [string, string])[] = [
    ['Issuer', 'iss'],
    ['Audience', 'aud'],
    ['Subject', 'sub'],
    ['Tenant', 'tid'],
    ['Application', 'appid'],
  ]
  return named.flatMap(([name, claim]) => {
    const value = claims(claim)
    return value === undefined ? [] : [[name, value] as const]
  })
}

function codeOf(error: UserError): string {
  if (error instanceof SignInError || error instanceof TransportError) return error.code
  const { cause } = error
  if (cause instanceof TransportError) return cause.code
  if (typeof cause === 'object' && cause !== null && 'code' in cause && 'status' in cause) {
    return typeof cause.code === 'string' && cause.code !== '' ? cause.code : `HTTP ${String(cause.status)}`
  }
  return ''
}
