import { onRunner } from './testing/fake-runner.ts'
import { maskSecret } from './masking.ts'

async function masks(secret: string): Promise<readonly string[]> {
  let lines: readonly string[] = []
  await onRunner({}, (runner) => {
    maskSecret(secret)
    lines = runner.lines().map((line) => line.replace(/^::add-mask::/, ''))
  })
  return lines.map((line) => line.replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%25', '%'))
}

test.each([
  ['as it is', 'plain~secret~0001', 'plain~secret~0001'],
  ['inside JSON', 'a "quoted" \\ secret', String.raw`a \"quoted\" \\ secret`],
  ['in a form or a URL', 'a secret & more', 'a%20secret%20%26%20more'],
  ['as base64', 'plain~secret~0001', Buffer.from('plain~secret~0001').toString('base64')],
  ['line by line', 'first long line\nsecond long line', 'second long line'],
  ['line by line, from Windows', 'first long line\r\nsecond long line', 'first long line'],
])('hides a secret %s', async (_, secret, form) => {
  expect(await masks(secret)).toContain(form)
})

test('hides a short secret, but no short line of a long one', async () => {
  expect(await masks('abc')).toContain('abc')
  expect(await masks('a long first line\n=Ab1\n')).not.toContain('=Ab1')
})

test('does not hide the frame of a PEM file, which every certificate has', async () => {
  const pem = '-----BEGIN CERTIFICATE-----\nMIIJ7wIBAzCCCaUG\n-----END CERTIFICATE-----\n'
  expect(await masks(pem)).not.toContain('-----BEGIN CERTIFICATE-----')
  expect(await masks(pem)).toContain('MIIJ7wIBAzCCCaUG')
})
