import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { resolvePath } from '@dsa/action-kit'
import { isPattern, matchingFiles, refuseLinkOut } from '@dsa/solution-package'
import { UserError } from '@dsa/user-error'
import type { Inputs } from './inputs.ts'

/** A file that a release is to have. */
export interface WantedFile {
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** In hex. */
  readonly sha256: string
  readonly contentType: string
  read(): Uint8Array
}

/** GitHub gives other characters another name, so that nobody would find the file by the one that it has here. */
const KEPT_NAME = /^(?!\.)[\w.-]+(?<!\.)$/

/** https://docs.github.com/en/repositories/releasing-projects-on-github/about-releases#storage-and-bandwidth-quotas */
const MAX_BYTES = 2 * 1024 ** 3

const CONTENT_TYPES: readonly (readonly [RegExp, string])[] = [
  [/\.zip$/i, 'application/zip'],
  [/\.json$/i, 'application/json'],
  [/\.(?:md|txt)$/i, 'text/plain; charset=utf-8'],
]

/**
 * The files of the workspace, and the one with their sums.
 *
 * @throws UserError for a pattern that names nothing, and for what a release cannot hold
 */
export function wantedFiles({ files, checksumsFile }: Inputs, root: string): readonly WantedFile[] {
  const paths = [...new Set(files.flatMap((pattern) => named(pattern, root)))]
  const wanted = paths.map(readFile)
  const names = wanted.map(({ name }) => name.toLowerCase())
  const twice = wanted.find(({ name }, index) => names.indexOf(name.toLowerCase()) !== index)
  if (twice !== undefined)
    throw new UserError(
      `Two files of 'files' are called '${twice.name}', and a release has no folders. Name one of them otherwise.`,
    )
  if (checksumsFile === undefined) return wanted
  if (names.includes(checksumsFile.toLowerCase()))
    throw new UserError(
      `'files' names '${checksumsFile}', which this action writes itself. Leave it out of 'files', or give another 'checksums-file'.`,
    )
  return [...wanted, sumsOf(wanted, checkedName(checksumsFile))]
}

function named(pattern: string, root: string): readonly string[] {
  const found = isPattern(pattern)
    ? matchingFiles(root, pattern.replaceAll('\\', '/'))
    : [resolvePath(root, pattern)]
  for (const path of found) {
    refuseLinkOut(path, { root, allowOutside: false })
    if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
      throw new UserError(`There is no file '${pattern}' ('files').`)
  }
  if (found.length === 0)
    throw new UserError(`No file is named by '${pattern}' ('files'). Did the step that builds succeed?`)
  return found
}

function readFile(path: string): WantedFile {
  const name = checkedName(basename(path))
  const { size } = statSync(path)
  if (size >= MAX_BYTES)
    throw new UserError(`'${name}' has ${size} bytes, and a file of a release must have less than 2 GiB.`)
  const read = () => readFileSync(path)
  return { name, size, sha256: sha256Of(read()), contentType: contentTypeOf(name), read }
}

/** As `sha256sum` writes it, so that `sha256sum --check` reads it. */
function sumsOf(files: readonly WantedFile[], name: string): WantedFile {
  const lines = files
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((file) => `${file.sha256}  ${file.name}\n`)
  const bytes = new TextEncoder().encode(lines.join(''))
  const contentType = 'text/plain; charset=utf-8'
  return { name, size: bytes.length, sha256: sha256Of(bytes), contentType, read: () => bytes }
}

function checkedName(name: string): string {
  if (KEPT_NAME.test(name)) return name
  throw new UserError(
    `'${name}' cannot be the name of a file of a release: GitHub keeps letters of A to Z, digits, '.', '-' and '_', and no '.' at an end. Rename it.`,
  )
}

function contentTypeOf(name: string): string {
  return CONTENT_TYPES.find(([ending]) => ending.test(name))?.[1] ?? 'application/octet-stream'
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
