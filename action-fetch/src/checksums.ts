import { createHash } from 'node:crypto'
import { UserError } from '@dsa/user-error'

/** A sum that a file must have. */
export interface Checksum {
  /** In hex, lower case. */
  readonly sha256: string
  /** The file as it is called where the sum was made, with or without folders; undefined for any file. */
  readonly name: string | undefined
}

/** As `sha256sum` writes it: the sum, a blank, a blank or `*`, the name. The name may be missing. */
const LINE = /^([0-9a-f]{64})(?: [ *]?(.+))?$/i

/**
 * @param source what the text is, for the message
 * @throws UserError that names the line
 */
export function parseChecksums(text: string, source: string): readonly Checksum[] {
  return text.split(/\r\n|\r|\n/).flatMap((line, index) => {
    const entry = line.trim()
    if (entry === '' || entry.startsWith('#')) return []
    const [, sum, name] = LINE.exec(entry) ?? []
    if (sum !== undefined) return [{ sha256: sum.toLowerCase(), name: name?.replace(/^\.\//, '') }]
    throw new UserError(
      `${source}, line ${index + 1}: '${entry.slice(0, 100)}' is no SHA-256 sum. A line is 64 hexadecimal digits, and perhaps the name of a file, as sha256sum writes it.`,
    )
  })
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/**
 * @param file its name where it comes from
 * @param sum what it has
 * @returns why it is not the file that was built; undefined when it is
 */
export function mismatch(
  file: string,
  sum: string,
  wanted: readonly Checksum[],
  source: string,
): string | undefined {
  const named = wanted.filter(({ name }) => name !== undefined && isSameFile(name, file))
  const candidates = named.length > 0 ? named : wanted.filter(({ name }) => name === undefined)
  if (candidates.some(({ sha256 }) => sha256 === sum)) return undefined
  if (candidates.length === 0) return `${source} has no sum for '${file}', whose sum is ${sum}`
  const expected = candidates.map(({ sha256 }) => sha256).join(' or ')
  return `'${file}' has the sum ${sum}, and ${source} says ${expected}`
}

/** Archives that have a sum, and that a build lost on its way. */
export function missingFiles(
  wanted: readonly Checksum[],
  files: readonly { readonly path: string }[],
): readonly string[] {
  return wanted.flatMap(({ name }) =>
    name === undefined || !/\.zip$/i.test(name) || files.some(({ path }) => isSameFile(path, name))
      ? []
      : [name],
  )
}

/** A sum is made where the file is built, in another folder than it is in later. */
function isSameFile(a: string, b: string): boolean {
  return baseName(a) === baseName(b)
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
