import { randomBytes } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { idOf } from './lock.ts'
import { stateFolder } from './state-folder.ts'
import { isMissing } from '../walk.ts'

// A journal lies beside the folder that it is about, where a checkout can bring one as well. Only one whose mark is
// noted here was begun on this machine.

function noteOf(folder: string): string {
  return join(stateFolder('journals'), idOf(folder))
}

/** Makes the mark of the one journal of a folder that counts from now on. */
export function newMark(folder: string): string {
  const mark = randomBytes(32).toString('hex')
  writeFileSync(noteOf(folder), mark, { mode: 0o600, flush: true })
  return mark
}

/** The mark that a journal of this folder must have; undefined when none was begun here. */
export function knownMark(folder: string): string | undefined {
  try {
    return readFileSync(noteOf(folder), 'utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

export function forgetMark(folder: string): void {
  rmSync(noteOf(folder), { force: true })
}
