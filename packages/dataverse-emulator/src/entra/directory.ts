import { createHash, X509Certificate, type KeyObject } from 'node:crypto'
import { stableGuid } from '../stable-id.ts'

/** An application of the tenant and the ways in which it may prove itself. */
export interface Application {
  readonly appId: string
  readonly name: string
  /** The object id of its service principal; the `oid` of its tokens. */
  readonly objectId: string
  readonly secret?: string
  /** When the secret ended, in milliseconds since 1970. */
  readonly secretExpires?: number
  readonly certificate?: Certificate
  readonly federated: readonly FederatedCredential[]
  /** A managed identity has no credential of its own: the machine vouches for it. */
  readonly managedIdentity: boolean
}

export interface Certificate {
  readonly publicKey: KeyObject
  /** base64url, as in the headers `x5t` (SHA-1) and `x5t#S256` of an assertion. */
  readonly sha1: string
  readonly sha256: string
}

interface FederatedCredential {
  readonly issuer: string
  readonly subject: string
  readonly audience: string
}

export interface Person {
  readonly userName: string
  readonly password: string
  readonly objectId: string
}

/** The tenant: who exists and which resources tokens are issued for. */
export interface Directory {
  readonly tenantId: string
  readonly applications: readonly Application[]
  readonly people: readonly Person[]
  /** Origins of the environments that are known to the tenant. */
  readonly resources: () => readonly string[]
}

export const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com'
export const EXCHANGE_AUDIENCE = 'api://AzureADTokenExchange'

export function readCertificate(pem: string): Certificate {
  const certificate = new X509Certificate(pem)
  const digest = (algorithm: string) => createHash(algorithm).update(certificate.raw).digest('base64url')
  return { publicKey: certificate.publicKey, sha1: digest('sha1'), sha256: digest('sha256') }
}

export function objectIdOf(appId: string): string {
  return stableGuid('service principal', appId)
}
