import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { UserError } from '@dsa/user-error'
import type { asn1, pkcs12 } from 'node-forge'

/**
 * Reads a PFX (PKCS#12) given as base64: its first private key and all certificates. node-forge reads all forms that
 * Azure and OpenSSL write, the old ones with triple DES and RC2 as well; `pkijs` knows neither of these. It is loaded
 * only here.
 * @throws UserError when it is no PFX, the password is wrong, or something is missing in it
 */
export async function readPfx(
  base64: string,
  password = '',
): Promise<{ readonly certificates: X509Certificate[]; readonly key: KeyObject }> {
  const { default: forge } = await import('node-forge/lib/forge.js')
  await import('node-forge/lib/pkcs12.js')
  const bytes = Buffer.from(base64.replace(/\s+/g, ''), 'base64')
  const der = (value: asn1.Asn1): Buffer => Buffer.from(forge.asn1.toDer(value).getBytes(), 'latin1')
  let bags: readonly pkcs12.Bag[]
  try {
    const parsed = forge.asn1.fromDer(bytes.toString('latin1'))
    bags = forge.pkcs12
      .pkcs12FromAsn1(parsed, false, password)
      .safeContents.flatMap(({ safeBags }) => safeBags)
  } catch (error) {
    throw new UserError(explain(bytes), { cause: error })
  }
  const { keyBag, pkcs8ShroudedKeyBag, certBag } = forge.pki.oids
  const [keyOf] = bags.filter(({ type }) => type === keyBag || type === pkcs8ShroudedKeyBag)
  const certificates = bags
    .filter(({ type }) => type === certBag)
    // What forge cannot take apart, such as a certificate with a key on a curve, it leaves as it was.
    .map(({ cert, asn1 }) => new X509Certificate(der(cert ? forge.pki.certificateToAsn1(cert) : asn1)))
  if (keyOf === undefined || certificates.length === 0) {
    const what = keyOf === undefined ? 'private key' : 'certificate'
    throw new UserError(`'certificate': the PFX cannot be used: it holds no ${what}.`)
  }
  const info = keyOf.key ? forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(keyOf.key)) : keyOf.asn1
  return { certificates, key: createPrivateKey({ key: der(info), format: 'der', type: 'pkcs8' }) }
}

function explain(bytes: Buffer): string {
  // A PFX starts with a sequence that holds the version 3.
  const looksRight = bytes[0] === 0x30 && bytes.subarray(0, 12).includes(Buffer.from([0x02, 0x01, 0x03]))
  return looksRight
    ? "'certificate': the PFX cannot be opened. Is 'certificate-password' right?"
    : "'certificate' is neither PEM nor the base64 of a PFX file. Make it with `base64 -w0 file.pfx`."
}
