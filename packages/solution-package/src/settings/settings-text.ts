import { isUtf8 } from 'node:buffer'
import { UserError } from '@dsa/user-error'

const marks: readonly (readonly [encoding: string, mark: readonly number[]])[] = [
  ['utf-32', [0xff, 0xfe, 0, 0]],
  ['utf-32', [0, 0, 0xfe, 0xff]],
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
]

/**
 * The text of a settings file: UTF-8, or UTF-16 with its mark, as `Out-File` of Windows PowerShell writes it and .NET
 * reads it. Bytes of another encoding would reach an environment as replacement characters, so they are refused.
 *
 * @param label the file, for messages
 * @throws UserError that names the encoding
 */
export function decodeSettings(bytes: Uint8Array, label: string): string {
  const [encoding, mark] = marks.find(([, given]) => given.every((byte, i) => bytes[i] === byte)) ?? [
    'utf-8',
    [],
  ]
  const body = bytes.subarray(mark.length)
  if (encoding === 'utf-32') throw refused(label, 'UTF-32')
  if (encoding === 'utf-8') {
    if (body.some((byte) => byte === 0)) throw refused(label, 'UTF-16 without a byte order mark')
    if (!isUtf8(body)) {
      throw refused(label, 'not UTF-8; most likely Windows-1252 (ANSI), which Windows PowerShell writes')
    }
  }
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(body)
  } catch (cause) {
    throw new UserError(`${label} has a byte order mark of UTF-16, but its bytes are not UTF-16.`, { cause })
  }
}

function refused(label: string, encoding: string): UserError {
  return new UserError(
    `${label} cannot be read: its encoding is ${encoding}. Save it as UTF-8, in PowerShell with '-Encoding utf8'.`,
  )
}
