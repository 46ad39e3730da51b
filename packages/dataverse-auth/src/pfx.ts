import type { KeyObject, X509Certificate } from 'node:crypto'
import { CredentialError } from './credential.ts'

/**
 * Reads a PFX (PKCS#12) given as base64.
 * @throws CredentialError when it is no PFX, or the password is wrong
 */
export const readPfx = (
  _base64: string,
  _password: string | undefined,
): { certificates: X509Certificate[]; key: KeyObject } => {
  throw new CredentialError(
    "'certificate': a PFX is not supported yet. Give PEM (certificate and private key).",
  )
}
