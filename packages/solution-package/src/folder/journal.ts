import { createHash } from 'node:crypto'
import {
  accessSync,
  chmodSync,
  constants,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { nodeErrorCode } from '../node-error.ts'
import { FolderError } from './folder-error.ts'
import { type Plan, roll, stagedAs, undo } from './moves.ts'
import { hasCode, isMissing } from './walk.ts'

const planName = 'plan.json'

/**
 * Where the journal of a folder lies: beside it, on the same disk, so that files are moved and not copied. Where
 * the parent folder cannot be written, in the folder for temporary files.
 */
function placesOf(folder: string): readonly string[] {
  const id = createHash('sha256').update(folder).digest('hex').slice(0, 16)
  return [
    join(dirname(folder), `.${basename(folder)}.unpack-journal`),
    join(tmpdir(), `unpack-journal-${id}`),
  ]
}

/** The journal of a run that was killed while it changed the folder, which is now a mixture of old and new. */
export function unfinishedJournal(folder: string): string | undefined {
  return placesOf(folder).find((journal) => lstatSync(join(journal, planName), { throwIfNoEntry: false }))
}

/**
 * Finishes what a killed run began: with a complete plan its work is done to the end, without one nothing had been
 * touched and the journal is thrown away.
 *
 * @param check refuses paths that must not be written; a journal is a file like any other, so somebody may have made it
 * @returns whether there was something to finish
 * @throws FolderError when the journal is not one of ours
 */
export function recover(folder: string, check: (paths: readonly string[]) => void): boolean {
  let finished = false
  for (const journal of placesOf(folder)) {
    const found = lstatSync(journal, { throwIfNoEntry: false })
    if (found === undefined) continue
    if (!found.isDirectory() || found.uid !== (process.getuid?.() ?? found.uid)) {
      throw new FolderError(`${journal} stands where the journal of an unpacking belongs. Remove it.`)
    }
    const plan = readPlan(journal)
    if (plan) {
      // Apart: what is written may take the place of what is deleted.
      check(plan.write)
      check(plan.delete)
      roll(folder, journal, plan)
      finished = true
    }
    rmSync(journal, { recursive: true, force: true })
  }
  return finished
}

/**
 * Changes a folder as a whole, or makes it. Until the plan stands complete in the journal nothing is touched; after
 * it, a kill is finished by the next run's `recover`, and an error is undone here.
 *
 * @param content the new content of a file of the plan
 */
export function carryOut(folder: string, plan: Plan, content: (path: string) => Uint8Array): void {
  const isNew = lstatSync(folder, { throwIfNoEntry: false }) === undefined
  const made = [mkdirSync(dirname(folder), { recursive: true }), ...(isNew ? [folder] : [])]
  const journal = openJournal(folder, () => removeMade(made, folder))
  const giveUp = (): void => {
    discard(journal)
    removeMade(made, folder)
  }
  const isWhole = isNew && canMoveFolders && dirname(journal) === dirname(folder)
  try {
    if (isWhole) makeWhole(folder, journal, plan.write, content)
    else stage(folder, journal, plan, content)
  } catch (error) {
    giveUp()
    throw error
  }
  if (!isWhole) finishOrUndo(folder, journal, plan, giveUp)
  discard(journal)
}

/** On Windows a folder cannot be moved while anything, such as a virus scanner, has a file in it open. */
const canMoveFolders = process.platform !== 'win32'

/** A new folder is made inside the journal and appears in one step. */
function makeWhole(
  folder: string,
  journal: string,
  paths: readonly string[],
  content: (path: string) => Uint8Array,
): void {
  const whole = join(journal, 'whole')
  const made = new Set<string>()
  for (const path of paths) {
    const file = join(whole, path)
    makeFolder(dirname(file), whole, made)
    writeFileSync(file, content(path))
  }
  renameSync(whole, folder)
}

/** Half the calls of making each with its parents, which tries the innermost first. */
function makeFolder(folder: string, outermost: string, made: Set<string>): void {
  if (made.has(folder)) return
  if (folder !== outermost) makeFolder(dirname(folder), outermost, made)
  mkdirSync(folder)
  made.add(folder)
}

function finishOrUndo(folder: string, journal: string, plan: Plan, giveUp: () => void): void {
  try {
    roll(folder, journal, plan)
    // From here on nothing can be taken back, and nothing has to be finished.
    rmSync(join(journal, planName))
  } catch (error) {
    try {
      undo(folder, journal, plan)
      rmSync(join(journal, planName), { force: true })
    } catch (cause) {
      const why = error instanceof Error ? error.message : String(error)
      throw new FolderError(
        `${folder} could not be changed, nor be put back as it was: ${why} What is missing lies in ${journal}; the next run tries again.`,
        { cause },
      )
    }
    giveUp()
    throw error
  }
}

/** A journal without a plan does no harm: the next run throws it away. So it is no reason to fail. */
function discard(journal: string): void {
  try {
    rmSync(journal, { recursive: true, force: true })
  } catch (error) {
    if (nodeErrorCode(error) === undefined) throw error
  }
}

/** Writes everything new into the journal; the plan comes last, in one step, and makes it valid. */
function stage(folder: string, journal: string, plan: Plan, content: (path: string) => Uint8Array): void {
  for (const part of ['new', 'old']) mkdirSync(join(journal, part))
  for (const [n, path] of plan.write.entries()) {
    const staged = stagedAs(journal, n)
    writeFileSync(staged, content(path))
    keepMode(join(folder, path), staged)
  }
  const unfinished = join(journal, 'plan.tmp')
  writeFileSync(unfinished, JSON.stringify(plan), { flush: true })
  renameSync(unfinished, join(journal, planName))
}

function openJournal(folder: string, giveUp: () => void): string {
  const [beside, temporary] = placesOf(folder)
  const journal = (isWritable(dirname(folder)) ? beside : temporary) ?? ''
  try {
    mkdirSync(journal, { mode: 0o700 })
  } catch (cause) {
    giveUp()
    if (!hasCode(cause, 'EEXIST')) throw cause
    throw new FolderError(`Another run is unpacking to ${folder}. Let it end first.`, { cause })
  }
  return journal
}

/** Removes folders that this run made and that are empty again, from the innermost outwards. */
function removeMade([outermost, target]: readonly (string | undefined)[], folder: string): void {
  const last = outermost ?? target
  if (last === undefined) return
  for (let at = folder; at.length >= last.length; at = dirname(at)) {
    try {
      rmdirSync(at)
    } catch (error) {
      if (!isMissing(error)) return
    }
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

function keepMode(present: string, staged: string): void {
  try {
    const found = lstatSync(present)
    if (found.isFile()) chmodSync(staged, found.mode | 0o200)
  } catch (error) {
    if (!isMissing(error) && !hasCode(error, 'ENOTDIR')) throw error
  }
}

function readPlan(journal: string): Plan | undefined {
  let text: string
  try {
    text = readFileSync(join(journal, planName), 'utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
  try {
    const plan: unknown = JSON.parse(text)
    if (typeof plan === 'object' && plan !== null && 'write' in plan && 'delete' in plan) {
      return { write: pathsOf(plan.write), delete: pathsOf(plan.delete) }
    }
  } catch (cause) {
    throw new FolderError(`${journal} is a damaged journal of an unpacking. Look into it, then remove it.`, {
      cause,
    })
  }
  throw new FolderError(`${journal} is no journal of an unpacking. Look into it, then remove it.`)
}

function pathsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}
