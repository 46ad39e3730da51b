import { UserError } from '@dsa/user-error'
import { createDecipheriv, createHash, createPrivateKey, pbkdf2Sync, X509Certificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { integer, octets, oid, part, parts, readAll } from './der.ts'
import type { Der } from './der.ts'

/** Object identifiers of PKCS#7, PKCS#12 (RFC 7292) and PKCS#5 (RFC 8018). */
const OID = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certBag: '1.2.840.113549.1.12.10.1.3',
  pbes2: '1.2.840.113549.1.5.13',
  sha1And3Des: '1.2.840.113549.1.12.1.3',
  sha1AndRc2: '1.2.840.113549.1.12.1.6',
} as const

const CIPHERS: Readonly<Record<string, { readonly name: string; readonly keyBytes: number }>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyBytes: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyBytes: 24 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyBytes: 32 },
  '1.2.840.113549.3.7': { name: 'des-ede3-cbc', keyBytes: 24 },
}

const DIGESTS: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
}

/** The content cannot be read by its form, whatever the password. */
class PfxFormError extends UserError {
  override readonly name = 'PfxFormError'
}

/**
 * Reads a PFX (PKCS#12) given as base64: its first private key and all certificates.
 * @throws UserError when it is no PFX, the password is wrong, or it is encrypted in a way that is no longer used
 */
export function readPfx(
  base64: string,
  password = '',
): { readonly certificates: X509Certificate[]; readonly key: KeyObject } {
  const bytes = Buffer.from(base64.replace(/\s+/g, ''), 'base64')
  try {
    const bags = safeContents(bytes, password)
    const [key] = bags.flatMap((bag) => keyOf(bag, password) ?? [])
    const certificates = bags.flatMap((bag) => certificateOf(bag) ?? [])
    if (key === undefined || certificates.length === 0) {
      throw new PfxFormError(`it holds no ${key === undefined ? 'private key' : 'certificate'}.`)
    }
    return { certificates, key }
  } catch (error) {
    throw new UserError(explain(error, bytes), { cause: error })
  }
}

function explain(error: unknown, bytes: Buffer): string {
  if (error instanceof PfxFormError) return `'certificate': the PFX cannot be used: ${error.message}`
  // A PFX starts with a sequence that holds the version 3.
  const looksRight = bytes[0] === 0x30 && bytes.subarray(0, 12).includes(Buffer.from([0x02, 0x01, 0x03]))
  return looksRight
    ? "'certificate': the PFX cannot be opened. Is 'certificate-password' right?"
    : "'certificate' is neither PEM nor the base64 of a PFX file. Make it with `base64 -w0 file.pfx`."
}

/** The bags of all parts, the encrypted ones opened. */
function safeContents(bytes: Buffer, password: string): readonly Der[] {
  const [pfx] = readAll(bytes)
  if (pfx === undefined) throw new Error('It is empty.')
  const authenticated = octets(part(part(part(pfx, 1), 1), 0))
  return parts(sequence(authenticated)).flatMap((info) => {
    const content = part(part(info, 1), 0)
    const type = oid(part(info, 0))
    if (type === OID.data) return parts(sequence(octets(content)))
    if (type !== OID.encryptedData) throw new PfxFormError('a part of it is protected by a public key.')
    const encrypted = part(content, 1)
    return parts(sequence(decrypt(part(encrypted, 1), octets(part(encrypted, 2)), password)))
  })
}

function sequence(buffer: Buffer): Der {
  const [value] = readAll(buffer)
  if (value === undefined) throw new Error('A part is empty.')
  return value
}

function keyOf(bag: Der, password: string): KeyObject | undefined {
  const type = oid(part(bag, 0))
  const value = (): Buffer => part(part(bag, 1), 0).whole
  if (type === OID.keyBag) return createPrivateKey({ key: value(), format: 'der', type: 'pkcs8' })
  if (type !== OID.shroudedKeyBag) return undefined
  const shrouded = sequence(value())
  const key = decrypt(part(shrouded, 0), octets(part(shrouded, 1)), password)
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
}

function certificateOf(bag: Der): X509Certificate | undefined {
  if (oid(part(bag, 0)) !== OID.certBag) return undefined
  return new X509Certificate(octets(part(part(part(part(bag, 1), 0), 1), 0)))
}

function decrypt(algorithm: Der, data: Buffer, password: string): Buffer {
  const type = oid(part(algorithm, 0))
  const parameters = part(algorithm, 1)
  if (type === OID.pbes2) return decryptPbes2(parameters, data, password)
  if (type === OID.sha1And3Des) {
    const salt = octets(part(parameters, 0))
    const rounds = integer(part(parameters, 1))
    const derived = (purpose: number, length: number): Buffer =>
      pkcs12Key(password, salt, rounds, purpose, length)
    return open('des-ede3-cbc', derived(1, 24), derived(2, 8), data)
  }
  throw new PfxFormError(
    `${type === OID.sha1AndRc2 ? 'it is encrypted with RC2, which is broken and no longer supported' : `its encryption (${type}) is not supported`}. ` +
      'Export it again with AES256 (openssl pkcs12 -in old.pfx -legacy -nodes | openssl pkcs12 -export -out new.pfx), or give PEM.',
  )
}

function decryptPbes2(parameters: Der, data: Buffer, password: string): Buffer {
  const derivation = part(part(parameters, 0), 1)
  const scheme = part(parameters, 1)
  const cipher = CIPHERS[oid(part(scheme, 0))]
  if (cipher === undefined)
    throw new PfxFormError('its cipher is not supported. Export it again with AES256.')
  const [salt, rounds, ...rest] = parts(derivation)
  if (salt === undefined || rounds === undefined) throw new Error('The derivation is incomplete.')
  const prf = rest.find(({ tag }) => tag === 0x30)
  const digest = prf === undefined ? 'sha1' : DIGESTS[oid(part(prf, 0))]
  if (digest === undefined)
    throw new PfxFormError('its digest is not supported. Export it again with AES256.')
  const key = pbkdf2Sync(password, octets(salt), integer(rounds), cipher.keyBytes, digest)
  return open(cipher.name, key, octets(part(scheme, 1)), data)
}

function open(cipher: string, key: Buffer, iv: Buffer, data: Buffer): Buffer {
  const decipher = createDecipheriv(cipher, key, iv)
  return Buffer.concat([decipher.update(data), decipher.final()])
}

/** Key derivation of PKCS#12 (RFC 7292, appendix B.2) with SHA-1. */
function pkcs12Key(password: string, salt: Buffer, rounds: number, purpose: number, length: number): Buffer {
  const block = 64
  const fill = (source: Buffer): Buffer =>
    source.length === 0 ? source : Buffer.alloc(block * Math.ceil(source.length / block), source)
  // The password in UTF-16, big-endian, with a zero at its end.
  const text = Buffer.from(`${password}\0`, 'utf16le').swap16()
  let input = Buffer.concat([fill(salt), fill(text)])
  const derived: Buffer[] = []
  for (let size = 0; size < length; size += 20) {
    let hash = createHash('sha1').update(Buffer.alloc(block, purpose)).update(input).digest()
    for (let round = 1; round < rounds; round++) hash = createHash('sha1').update(hash).digest()
    derived.push(hash)
    input = addToBlocks(input, Buffer.alloc(block, hash))
  }
  return Buffer.concat(derived).subarray(0, length)
}

/** Adds a number and one to each block, as big-endian numbers of that size. */
function addToBlocks(input: Buffer, addend: Buffer): Buffer<ArrayBuffer> {
  const sum = Buffer.from(input)
  for (let start = 0; start < sum.length; start += addend.length) {
    let carry = 1
    for (let index = addend.length - 1; index >= 0; index--) {
      const value = (sum[start + index] ?? 0) + (addend[index] ?? 0) + carry
      sum[start + index] = value & 0xff
      carry = value >> 8
    }
  }
  return sum
}
