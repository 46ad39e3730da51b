import type { KeyObject } from 'node:crypto'
import { isoSeconds } from '../clock.ts'
import type { Application } from './directory.ts'
import { EntraError } from './errors.ts'
import { isSignedBy, parseJwt, type Jwt } from './jwt.ts'

/** What an assertion is judged by. */
export interface AssertionRules {
  readonly nowMs: number
  /** Audiences that a certificate assertion may name: the endpoint and the issuer of the tenant. */
  readonly audiences: readonly string[]
  /** Public keys of the issuers that federated credentials can trust. */
  readonly issuerKeys: ReadonlyMap<string, KeyObject>
}

/** Entra allows clocks to differ by five minutes. */
const CLOCK_SKEW_SECONDS = 300

/**
 * Checks a `client_assertion`: one that the application signed itself (its certificate) or one of another issuer
 * (a federated credential).
 * @throws EntraError with the AADSTS number of what does not match
 */
export function checkAssertion(assertion: string, application: Application, rules: AssertionRules): void {
  const jwt = parseJwt(assertion)
  if (jwt === undefined) throw new EntraError(50013, 'The assertion is not a well-formed JWT.')
  if (textClaim(jwt, 'iss') === application.appId) checkCertificate(jwt, application, rules)
  else checkFederated(jwt, application, rules)
}

function checkCertificate(jwt: Jwt, application: Application, rules: AssertionRules): void {
  const { certificate } = application
  const sha256 = jwt.header['x5t#S256']
  const sha1 = jwt.header['x5t'] ?? jwt.header['kid']
  const named = sha256 ?? sha1
  const thumbprint =
    typeof named === 'string' ? Buffer.from(named, 'base64url').toString('hex').toUpperCase() : ''
  const known =
    certificate !== undefined &&
    (sha256 === undefined ? sha1 === certificate.sha1 : sha256 === certificate.sha256)
  if (!known) throw new EntraError(700027, thumbprint)
  if (!isSignedBy(jwt, certificate.publicKey)) throw new EntraError(700027, thumbprint)
  if (textClaim(jwt, 'sub') !== application.appId) throw new EntraError(700027, thumbprint)
  if (!rules.audiences.includes(textClaim(jwt, 'aud'))) throw new EntraError(700023)
  checkTime(jwt, rules.nowMs)
}

function checkFederated(jwt: Jwt, application: Application, rules: AssertionRules): void {
  const [issuer, audience, subject] = [textClaim(jwt, 'iss'), textClaim(jwt, 'aud'), textClaim(jwt, 'sub')]
  const sameIssuer = application.federated.filter((item) => item.issuer === issuer)
  if (sameIssuer.length === 0) throw new EntraError(700211, issuer)
  const key = rules.issuerKeys.get(issuer)
  if (key === undefined || !isSignedBy(jwt, key)) {
    throw new EntraError(50013, 'The key of the issuer does not match the signature.')
  }
  const sameAudience = sameIssuer.filter((item) => item.audience === audience)
  if (sameAudience.length === 0) throw new EntraError(700212, audience)
  if (!sameAudience.some((item) => item.subject === subject)) throw new EntraError(700213, subject)
  checkTime(jwt, rules.nowMs)
}

function checkTime(jwt: Jwt, nowMs: number): void {
  const now = Math.floor(nowMs / 1000)
  const from = jwt.claims['nbf'] ?? jwt.claims['iat']
  const until = jwt.claims['exp']
  const early = typeof from === 'number' && from > now + CLOCK_SKEW_SECONDS
  const late = typeof until !== 'number' || until < now - CLOCK_SKEW_SECONDS
  if (!early && !late) return
  throw new EntraError(700024, isoSeconds(nowMs), written(from), written(until))
}

function written(seconds: unknown): string {
  return typeof seconds === 'number' ? isoSeconds(seconds * 1000) : 'none'
}

function textClaim(jwt: Jwt, name: string): string {
  const value = jwt.claims[name]
  const first: unknown = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' ? first : ''
}
