import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto'

/** One DER value: tag, length, content. */
function der(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(content)
  const { length } = body
  const head =
    length < 128 ? [tag, length] : length < 256 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from(head), body])
}

function sequence(...content: readonly Uint8Array[]) {
  return der(0x30, ...content)
}

function text(tag: number, value: string) {
  return der(tag, Buffer.from(value))
}

const SHA256_WITH_RSA = sequence(der(0x06, Buffer.from('2a864886f70d01010b', 'hex')), der(0x05))
const COMMON_NAME = der(0x06, Buffer.from('550403', 'hex'))

/** Makes a certificate (RFC 5280) and its key for a test, so that no key lies in the repository. */
export function selfSignedCertificate(name: string): { certificate: string; privateKey: KeyObject } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const subject = sequence(der(0x31, sequence(COMMON_NAME, text(0x0c, name))))
  const validity = sequence(text(0x17, '200101000000Z'), text(0x17, '491231235959Z'))
  const key = publicKey.export({ type: 'spki', format: 'der' })
  const signed = sequence(der(0x02, Buffer.from([1])), SHA256_WITH_RSA, subject, validity, subject, key)
  const signature = der(0x03, Buffer.from([0]), sign('RSA-SHA256', signed, privateKey))
  const whole = Buffer.from(sequence(signed, SHA256_WITH_RSA, signature)).toString('base64')
  const lines = whole.match(/.{1,64}/g) ?? []
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    privateKey,
  }
}
