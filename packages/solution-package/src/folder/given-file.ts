import { readdirSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { nodeErrorCode } from '../node-error.ts'
import { FolderError } from './folder-error.ts'
import { hasCode } from './walk.ts'

/** How many files a message names. */
const MOST_NAMES = 10

/** A file that an input names. */
export interface GivenFile {
  readonly path: string
  /** What it is called in messages, such as `'solution-file' out/core.zip`. */
  readonly label: string
  /** How names of such files end. */
  readonly ending: '.zip' | '.json'
  /** What to give instead of a folder or a pipe, in a sentence. */
  readonly wanted: string
}

/** @throws FolderError that says what is there instead of a file that can be read */
export async function readGivenFile({ path, label, ending, wanted }: GivenFile): Promise<Uint8Array> {
  try {
    const found = statSync(path)
    // To open a pipe would wait for somebody who writes to it.
    if (found.isFile()) return await readFile(path)
    throw new FolderError(
      `${label} is ${found.isDirectory() ? 'a folder' : 'a pipe, a socket or a device'}. ${wanted}`,
    )
  } catch (cause) {
    const code = nodeErrorCode(cause)
    if (typeof code !== 'string') throw cause
    throw new FolderError(
      hasCode(cause, 'ENOENT', 'ENOTDIR')
        ? `${label} does not exist. ${filesBeside(path, ending)}`
        : `${label} cannot be read (${code}).`,
      { cause },
    )
  }
}

/** Says which files lie where one was looked for that is not there: the one that was meant is mostly among them. */
export function filesBeside(path: string, ending: GivenFile['ending']): string {
  const folder = dirname(path)
  let names: readonly string[]
  try {
    names = readdirSync(folder).filter((name) => name.toLowerCase().endsWith(ending))
  } catch {
    return `The folder ${folder} does not exist either. Is the repository checked out in this job, and did the step that makes the file run in it?`
  }
  if (names.length === 0) {
    return `There is no ${ending} file in that folder. Did the step that makes it run in this job?`
  }
  const rest = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : ''
  return `There is: ${names.toSorted().slice(0, MOST_NAMES).join(', ')}${rest}.`
}
