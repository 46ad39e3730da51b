import { createPublicKey, generateKeyPair, sign, verify, constants, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { isRecord, parseJson } from '../http/exchange.ts'
import { stableGuid } from '../stable-id.ts'

/** A key pair of a token issuer. `keyId` names it in headers and in the key set. */
export interface SigningKey {
  readonly keyId: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

export interface Jwt {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
  readonly signed: string
  readonly signature: Uint8Array
}

const generate = promisify(generateKeyPair)

const keys = new Map<string, Promise<SigningKey>>()

/** The key of an issuer. Making one takes a good part of a second, so a process makes each once. */
export function signingKey(name: string): Promise<SigningKey> {
  const known = keys.get(name) ?? createKey(name)
  keys.set(name, known)
  return known
}

async function createKey(name: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generate('rsa', { modulusLength: 2048 })
  return { keyId: stableGuid('key', name).replaceAll('-', ''), privateKey, publicKey }
}

export function signJwt(claims: object, key: SigningKey): string {
  const signed = `${part({ typ: 'JWT', alg: 'RS256', kid: key.keyId, x5t: key.keyId })}.${part(claims)}`
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), key.privateKey).toString('base64url')}`
}

/** Takes a token apart; `undefined` when it is none. Nothing has been verified then. */
export function parseJwt(token: string): Jwt | undefined {
  const [head, body, signature, more] = token.split('.')
  if (head === undefined || body === undefined || signature === undefined || more !== undefined)
    return undefined
  const header = parseJson(Buffer.from(head, 'base64url').toString())
  const claims = parseJson(Buffer.from(body, 'base64url').toString())
  if (!isRecord(header) || !isRecord(claims)) return undefined
  return { header, claims, signed: `${head}.${body}`, signature: Buffer.from(signature, 'base64url') }
}

/** RS256 and PS256 are what Entra takes; `none` and shared-secret algorithms never verify. */
export function isSignedBy(jwt: Jwt, key: KeyObject): boolean {
  const data = Buffer.from(jwt.signed)
  if (jwt.header['alg'] === 'RS256') return verify('RSA-SHA256', data, key, jwt.signature)
  if (jwt.header['alg'] !== 'PS256') return false
  const padding = constants.RSA_PKCS1_PSS_PADDING
  return verify('RSA-SHA256', data, { key, padding, saltLength: 32 }, jwt.signature)
}

/** The key set (RFC 7517) that an issuer publishes. */
export function keySet(key: SigningKey): object {
  const { n, e } = createPublicKey(key.publicKey.export({ type: 'spki', format: 'pem' })).export({
    format: 'jwk',
  })
  return { keys: [{ kty: 'RSA', use: 'sig', alg: 'RS256', kid: key.keyId, x5t: key.keyId, n, e }] }
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
