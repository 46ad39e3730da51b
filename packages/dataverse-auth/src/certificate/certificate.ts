import { UserError } from '@dsa/user-error'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readPfx } from './pfx.ts'

/** What MSAL needs to sign with a certificate. */
export interface CertificateProof {
  /** SHA-256 of the certificate in hex: SHA-1 thumbprints are deprecated. */
  readonly thumbprintSha256: string
  /** PKCS#8 PEM, not encrypted. */
  readonly privateKey: string
  /** The certificates as PEM, for trust by subject and issuer. */
  readonly x5c: string
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g
const PRIVATE_KEY = /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----[\s\S]+?-----END (?:[A-Z]+ )*PRIVATE KEY-----/

/**
 * Reads the input `certificate`: PEM with certificate and private key, or the base64 of a PFX file.
 * @throws UserError that says what is missing or wrong, never what was given
 */
export async function readCertificate(
  given: string,
  password: string | undefined,
): Promise<CertificateProof> {
  const { certificates, key } = given.includes('-----BEGIN')
    ? readPem(given, password)
    : await readPfx(given, password)
  // The first certificate of a chain need not be ours; the one that fits the key is.
  const own = certificates.find((certificate) => certificate.checkPrivateKey(key))
  if (own === undefined) {
    throw new UserError("'certificate': the private key does not belong to any certificate in it.")
  }
  const chain = [own, ...certificates.filter((certificate) => certificate !== own)]
  return {
    thumbprintSha256: own.fingerprint256.replaceAll(':', ''),
    privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    x5c: chain.map((certificate) => certificate.toString()).join(''),
  }
}

function readPem(
  pem: string,
  passphrase: string | undefined,
): { certificates: X509Certificate[]; key: ReturnType<typeof createPrivateKey> } {
  // Secrets that were pasted on one line carry "\n" as two letters.
  const text = pem.includes('\\n') ? pem.replaceAll('\\n', '\n') : pem
  const blocks = text.match(CERTIFICATE) ?? []
  const keyBlock = PRIVATE_KEY.exec(text)?.[0]
  if (blocks.length === 0 || keyBlock === undefined) {
    const missing = blocks.length === 0 ? 'CERTIFICATE' : 'PRIVATE KEY'
    throw new UserError(
      `'certificate': the PEM has no ${missing} block. Give the certificate and its private key, one after the other.`,
    )
  }
  try {
    return {
      certificates: blocks.map((block) => new X509Certificate(block)),
      key: createPrivateKey({ key: keyBlock, ...(passphrase !== undefined && { passphrase }) }),
    }
  } catch (error) {
    const hint = keyBlock.includes('ENCRYPTED') ? " Is 'certificate-password' right?" : ''
    throw new UserError(`'certificate': the PEM cannot be read.${hint}`, { cause: error })
  }
}
