import { UserError } from '@dsa/user-error'
import { TransportError } from '@dsa/dataverse-client'
import { entraAdvice } from './entra-errors.ts'
import { readClaims } from './jwt.ts'

/** No token: the cause and the next step, with Entra's own words. */
export class SignInError extends UserError {
  override readonly name = 'SignInError'
  /** The AADSTS number, such as `7000215`; '' when Entra gave none. */
  readonly code: string

  constructor(message: string, code: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Codes that mean: the presented assertion matches no federated credential of the application. */
const FEDERATION_CODES = new Set(['70021', '700211', '700212', '700213', '7002131'])

export interface SignInContext {
  readonly tenantId: string
  readonly appId: string
  readonly environmentUrl: string
  /** The GitHub token that was presented, when there was one. Only three of its claims are ever shown. */
  readonly assertion?: string | undefined
}

/** Translates whatever failed while a token was asked for. */
export function signInError(error: unknown, context: SignInContext): SignInError {
  if (error instanceof SignInError) return error
  if (error instanceof TransportError) {
    const next = error.certificateRefused
      ? "Its certificate is not trusted: set NODE_EXTRA_CA_CERTS to the file of the proxy's authority."
      : "Check 'cloud' and 'authority'; behind a proxy, set HTTPS_PROXY."
    return new SignInError(`Signing in failed: ${error.message} ${next}`, '', { cause: error })
  }
  const words = error instanceof Error ? error.message : String(error)
  const code = aadstsCode(error, words)
  const advice = entraAdvice(code, context)
  const server = entraSentence(words)
  const parts = [
    advice === undefined
      ? `Signing in failed: ${server}`
      : `Signing in failed: ${advice} Entra says: ${server}`,
    FEDERATION_CODES.has(code) ? presented(context.assertion) : '',
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

/** Entra's description without the ids that MSAL repeats around it. */
function entraSentence(words: string): string {
  const from = words.indexOf('AADSTS')
  return (from === -1 ? words : words.slice(from))
    .replace(/\s+-\s+Correlation ID: .*$/s, '')
    .replace(/\s+/g, ' ')
    .trim()
}

function presented(assertion: string | undefined): string {
  const claims = assertion === undefined ? undefined : readClaims(assertion)
  if (claims === undefined) return ''
  return (
    'The token that GitHub presented says (enter exactly this in Entra under App registrations, Certificates & ' +
    'secrets, Federated credentials):\n' +
    `  Issuer (iss):   ${claims.iss}\n  Subject (sub):  ${claims.sub}\n  Audience (aud): ${claims.aud}`
  )
}
