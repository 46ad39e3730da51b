import { writeCommand } from './commands.ts'

/**
 * Masks a secret in everything that is logged from now on: as it is, each of its lines, and encoded as base64 or
 * inside JSON, the forms in which libraries quote it. Identifiers and URLs are never to be masked: GitHub drops
 * every output that holds a masked value.
 */
export function maskSecret(secret: string): void {
  const forms = [
    secret,
    ...secret.split(/\r\n|\r|\n/),
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
  ]
  forms.push(Buffer.from(secret).toString('base64'))
  for (const form of new Set(forms.map((text) => text.trim()))) {
    // PEM has lines such as "=Ab1" whose masking would hide ordinary text and nothing secret.
    if (form === secret.trim() ? form !== '' : form.length >= 8 && !form.startsWith('-----'))
      writeCommand('add-mask', form)
  }
}
