import { UserError } from '@dsa/user-error'
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { readCertificate } from './certificate.ts'
import { AES256, EMPTY_PASSWORD, FINGERPRINT, NOT_ENCRYPTED, RC2, TRIPLE_DES } from './pfx.fixtures.ts'

test.each([
  ['AES-256', AES256, 'fixture-password'],
  ['triple DES', TRIPLE_DES, 'fixture-password'],
  ['an empty password', EMPTY_PASSWORD, undefined],
  ['no encryption', NOT_ENCRYPTED, undefined],
])('a PFX with %s', (_, pfx, password) => {
  const { thumbprintSha256, privateKey, x5c } = readCertificate(pfx, password)
  expect(thumbprintSha256).toBe(FINGERPRINT)
  expect(new X509Certificate(x5c).checkPrivateKey(createPrivateKey(privateKey))).toBe(true)
})

test('PEM in either order, on one line, and with an encrypted key', () => {
  const { privateKey, x5c } = readCertificate(AES256, 'fixture-password')
  const locked = createPrivateKey(privateKey)
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'key-password' })
    .toString()
  for (const [pem, password] of [
    [x5c + privateKey, undefined],
    [privateKey + x5c, undefined],
    [(privateKey + x5c).replaceAll('\n', '\\n'), undefined],
    [locked + x5c, 'key-password'],
  ] as const) {
    expect(readCertificate(pem, password).thumbprintSha256).toBe(FINGERPRINT)
  }
  expect(() => readCertificate(locked + x5c, 'wrong')).toThrow(/'certificate-password' right/)
})

test.each([
  ['a wrong password', AES256, 'wrong', /'certificate-password' right\?/],
  ['a wrong password, triple DES', TRIPLE_DES, 'wrong', /'certificate-password' right\?/],
  ['a missing password', AES256, undefined, /'certificate-password' right\?/],
  ['RC2', RC2, 'fixture-password', /RC2.*Export it again with AES256/],
  ['something else', 'bm90IGEgY2VydGlmaWNhdGU=', undefined, /neither PEM nor the base64 of a PFX/],
  ['half a file', AES256.slice(0, 800), 'fixture-password', /cannot be opened/],
])('%s is said, without the content', (_, given, password, words) => {
  expect(() => readCertificate(given, password)).toThrow(UserError)
  expect(() => readCertificate(given, password)).toThrow(words)
})

test('a key of another certificate is refused', () => {
  const { x5c } = readCertificate(AES256, 'fixture-password')
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  })
  expect(() => readCertificate(x5c + String(other), undefined)).toThrow(/does not belong/)
})
