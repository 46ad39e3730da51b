import { UserError } from '@dsa/user-error'
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { readCertificate } from './certificate.ts'
import { AES256, EMPTY_PASSWORD, FINGERPRINT, NOT_ENCRYPTED, RC2, TRIPLE_DES } from '../testing/pfx.ts'

test.each([
  ['AES-256', AES256, 'fixture-password'],
  ['triple DES', TRIPLE_DES, 'fixture-password'],
  ['RC2', RC2, 'fixture-password'],
  ['an empty password', EMPTY_PASSWORD, undefined],
  ['no encryption', NOT_ENCRYPTED, undefined],
])('a PFX with %s', async (_, pfx, password) => {
  const { thumbprintSha256, privateKey, x5c } = await readCertificate(pfx, password)
  expect(thumbprintSha256).toBe(FINGERPRINT)
  expect(new X509Certificate(x5c).checkPrivateKey(createPrivateKey(privateKey))).toBe(true)
})

test('PEM in either order, on one line, and with an encrypted key', async () => {
  const { privateKey, x5c } = await readCertificate(AES256, 'fixture-password')
  const locked = createPrivateKey(privateKey)
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'key-password' })
    .toString()
  for (const [pem, password] of [
    [x5c + privateKey, undefined],
    [privateKey + x5c, undefined],
    [(privateKey + x5c).replaceAll('\n', '\\n'), undefined],
    [locked + x5c, 'key-password'],
  ] as const) {
    expect(await readCertificate(pem, password)).toMatchObject({ thumbprintSha256: FINGERPRINT })
  }
  await expect(readCertificate(locked + x5c, 'wrong')).rejects.toThrow(/'certificate-password' right/)
})

test.each([
  ['a wrong password', AES256, 'wrong', /'certificate-password' right\?/],
  ['a wrong password, triple DES', TRIPLE_DES, 'wrong', /'certificate-password' right\?/],
  ['a missing password', AES256, undefined, /'certificate-password' right\?/],
  ['a wrong password, RC2', RC2, 'wrong', /'certificate-password' right\?/],
  ['something else', 'bm90IGEgY2VydGlmaWNhdGU=', undefined, /neither PEM nor the base64 of a PFX/],
  ['half a file', AES256.slice(0, 800), 'fixture-password', /cannot be opened/],
])('%s is said, without the content', async (_, given, password, words) => {
  await expect(readCertificate(given, password)).rejects.toThrow(UserError)
  await expect(readCertificate(given, password)).rejects.toThrow(words)
})

test('a key of another certificate is refused', async () => {
  const { x5c } = await readCertificate(AES256, 'fixture-password')
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  })
  await expect(readCertificate(x5c + String(other), undefined)).rejects.toThrow(/does not belong/)
})
