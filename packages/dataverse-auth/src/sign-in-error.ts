import { UserError } from '@dsa/user-error'
import { TransportError } from '@dsa/dataverse-client'
import { entraAdvice } from './entra-errors.ts'
import { presentedToken } from './github/federated-credential.ts'

/** Codes that mean: the presented assertion matches no federated credential of the application. */
const FEDERATION_CODES = new Set(['70021', '700211', '700212', '700213', '7002131'])

/** The application is not in the tenant: the token tells which repository asks. */
const NO_APPLICATION = '700016'

/** Entra, or GitHub before it, gave no token. */
export class SignInError extends UserError {
  override readonly name = 'SignInError'
  /** The AADSTS number; `no-id-token` when the job may not ask GitHub for one; `access-token` when a ready one is refused. */
  readonly code: string

  constructor(message: string, code: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

export interface SignInContext {
  readonly tenantId: string
  readonly appId: string
  readonly environmentUrl: string
  /** The GitHub token that was presented, when there was one. Only three of its claims are ever shown. */
  readonly assertion?: string | undefined
}

/** Descriptions of Entra have some hundred letters; patterns look at no more than this. */
const MAX_WORDS = 4_096

/**
 * Translates what failed while a token was asked for.
 * @returns a defect unchanged: what neither the library nor the network says is no word for people
 */
export function signInError(error: unknown, context: SignInContext): unknown {
  if (error instanceof TransportError) {
    const next = error.certificateRefused
      ? "Its certificate is not trusted: set NODE_EXTRA_CA_CERTS to the file of the proxy's authority."
      : "Check 'cloud' and 'authority'; behind a proxy, set HTTPS_PROXY."
    return new UserError(`Signing in failed: ${error.message} ${next}`, { cause: error })
  }
  if (error instanceof UserError || !isLibraryError(error)) return error
  const words = error.message.slice(0, MAX_WORDS)
  const code = aadstsCode(error, words)
  const advice = entraAdvice(code, context)
  const server = entraSentence(words)
  const parts = [
    advice === undefined
      ? `Signing in failed: ${server}`
      : `Signing in failed: ${advice} Entra says: ${server}`,
    FEDERATION_CODES.has(code) ? presentedToken(context.assertion, context.appId) : '',
    code === NO_APPLICATION ? presentedToken(context.assertion) : '',
  ]
  return new SignInError(parts.filter((part) => part !== '').join('\n'), code, { cause: error })
}

/** MSAL keeps the first number as `errorNo`; the text carries it as `AADSTSnnn`. Statuses and words are not reliable. */
function aadstsCode(error: unknown, words: string): string {
  const named = /AADSTS(\d+)/.exec(words)?.[1]
  if (named !== undefined) return named
  const number = typeof error === 'object' && error !== null && 'errorNo' in error ? error.errorNo : undefined
  return typeof number === 'string' ? number : ''
}

/** Errors of MSAL have a code in words, and a message that begins with it. */
function isLibraryError(error: unknown): error is Error & { readonly errorCode: string } {
  return error instanceof Error && 'errorCode' in error && typeof error.errorCode === 'string'
}

/**
 * Entra's description without what MSAL writes around it, which is its own code before and ids after it. The trace id
 * stays: Microsoft's support asks for it.
 */
function entraSentence(words: string): string {
  const line = words.replace(/\s+/g, ' ')
  const own =
    /AADSTS.*$/.exec(line)?.[0] ??
    line.replace(/^[a-z_]+: /, '').replace(/^Error\(s\): .*? Description: /, '')
  return own
    .replace(/ - (Correlation|Trace) ID: .*$/, '')
    .replace(/ Correlation ID: \S+/, '')
    .replace(/ Timestamp: \S+( \S+Z)?/, '')
    .trim()
}
