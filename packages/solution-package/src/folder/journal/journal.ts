import { createHash, randomBytes } from 'node:crypto'
import {
  accessSync,
  chmodSync,
  constants,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { nodeErrorCode } from '../../node-error.ts'
import { FolderError } from '../folder-error.ts'
import { type Plan, refuseIrregular, refuseMissing, roll, stagedAs, undo } from './moves.ts'
import { forgetMark, knownMark, newMark } from './trusted-journals.ts'
import { hasCode, isMissing } from '../walk.ts'

const planName = 'plan.json'
const markName = 'mark'

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

/** A journal of a run that was killed while it changed the folder, which is then a mixture of old and new. */
export interface UnfinishedJournal {
  readonly path: string
  /** It was begun on this machine, so the next unpacking finishes it. */
  readonly isTrusted: boolean
}

export function unfinishedJournal(folder: string): UnfinishedJournal | undefined {
  const path = placesOf(folder).find((journal) =>
    lstatSync(join(journal, planName), { throwIfNoEntry: false }),
  )
  return path === undefined ? undefined : { path, isTrusted: isTrusted(path, folder) }
}

/** What had to be done before a folder could be changed. */
export interface Recovery {
  readonly finished: boolean
  /** Where a journal lies now that was not begun on this machine, and so was not carried out. */
  readonly putAside: string | undefined
}

/** What an unfinished plan may not touch. A journal is a file like any other, so somebody may have made it. */
export interface RecoveryRules {
  /** Refuses paths that must not be written. */
  readonly check: (paths: readonly string[]) => void
  /** Whether a file is to be left alone. */
  readonly keep: (path: string) => boolean
}

/**
 * Finishes what a killed run began: with a complete plan its work is done to the end, without one nothing had been
 * touched and the journal is thrown away. A journal that came with a checkout is not carried out.
 *
 * @throws FolderError when something else stands in the place of the journal
 */
export function recover(folder: string, { check, keep }: RecoveryRules): Recovery {
  let finished = false
  let putAside: string | undefined
  for (const journal of placesOf(folder)) {
    const found = lstatSync(journal, { throwIfNoEntry: false })
    if (found === undefined) continue
    if (!found.isDirectory() || found.uid !== (process.getuid?.() ?? found.uid)) {
      throw new FolderError(`${journal} stands where the journal of an unpacking belongs. Remove it.`)
    }
    if (!isTrusted(journal, folder)) {
      putAside = putAsideOrRemove(journal) ?? putAside
      continue
    }
    const plan = readPlan(journal)
    if (plan) {
      for (const part of ['new', 'old']) refuseIrregular(join(journal, part), 'directory')
      // Apart: what is written may take the place of what is deleted.
      check(plan.write)
      check(plan.delete)
      roll(folder, journal, plan, keep)
      finished = true
    }
    remove(folder, journal)
  }
  return { finished, putAside }
}

/** The mark goes last, so that what a kill leaves is still known as ours. */
function remove(folder: string, journal: string): void {
  for (const name of readdirSync(journal)) {
    if (name !== markName) rmSync(join(journal, name), { recursive: true, force: true })
  }
  rmSync(join(journal, markName), { force: true })
  rmdirSync(journal)
  forgetMark(folder)
}

/** Both the journal and its plan have to bear the mark: a checkout may replace single files of a journal of ours. */
function isTrusted(journal: string, folder: string): boolean {
  const mark = knownMark(folder)
  if (mark === undefined || readRegular(join(journal, markName)) !== mark) return false
  const plan = readRegular(join(journal, planName))
  return plan === undefined || markOf(plan) === mark
}

function markOf(plan: string): unknown {
  try {
    const { mark }: { mark?: unknown } = JSON.parse(plan) ?? {}
    return mark
  } catch {
    return undefined
  }
}

function putAsideOrRemove(journal: string): string | undefined {
  try {
    // Killed before anything was written into it.
    rmdirSync(journal)
    return undefined
  } catch (error) {
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw error
  }
  const aside = `${journal}-put-aside-${randomBytes(4).toString('hex')}`
  renameSync(journal, aside)
  return aside
}

/** The text of a file; undefined when there is none, and for everything that is no plain file. */
function readRegular(file: string): string | undefined {
  const found = lstatSync(file, { throwIfNoEntry: false })
  return found?.isFile() === true ? readFileSync(file, 'utf8') : undefined
}

/**
 * Changes a folder as a whole, or makes it. Until the plan stands complete in the journal nothing is touched; after
 * it, a kill is finished by the next run's `recover`, and an error is undone here.
 *
 * @param content the new content of a file of the plan
 * @param then what belongs to the change; when it fails, the folder is put back as it was
 */
export function carryOut(
  folder: string,
  plan: Plan,
  content: (path: string) => Uint8Array,
  then: () => void = () => undefined,
): void {
  const isNew = lstatSync(folder, { throwIfNoEntry: false }) === undefined
  const made = [mkdirSync(dirname(folder), { recursive: true }), ...(isNew ? [folder] : [])]
  const journal = openJournal(folder, () => removeMade(made, folder))
  const giveUp = (): void => {
    discard(folder, journal)
    removeMade(made, folder)
  }
  const isWhole = isNew && canMoveFolders && dirname(journal) === dirname(folder)
  try {
    if (isWhole) makeWhole(folder, journal, plan.write, content, then)
    else stage(folder, journal, plan, content)
  } catch (error) {
    giveUp()
    throw error
  }
  if (!isWhole) finishOrUndo(folder, journal, plan, then, giveUp)
  discard(folder, journal)
}

/** On Windows a folder cannot be moved while anything, such as a virus scanner, has a file in it open. */
const canMoveFolders = process.platform !== 'win32'

/** A new folder is made inside the journal and appears in one step. */
function makeWhole(
  folder: string,
  journal: string,
  paths: readonly string[],
  content: (path: string) => Uint8Array,
  then: () => void,
): void {
  const whole = join(journal, 'whole')
  const made = new Set<string>()
  for (const path of paths) {
    const file = `${whole}/${path}`
    makeFolder(dirname(file), whole, made)
    writeFileSync(file, content(path))
  }
  refuseMissing(whole, paths)
  renameSync(whole, folder)
  try {
    then()
  } catch (error) {
    renameSync(folder, whole)
    throw error
  }
}

/** Half the calls of making each with its parents, which tries the innermost first. */
function makeFolder(folder: string, outermost: string, made: Set<string>): void {
  if (made.has(folder)) return
  if (folder !== outermost) makeFolder(dirname(folder), outermost, made)
  mkdirSync(folder)
  made.add(folder)
}

function finishOrUndo(
  folder: string,
  journal: string,
  plan: Plan,
  then: () => void,
  giveUp: () => void,
): void {
  try {
    roll(folder, journal, plan)
    refuseMissing(folder, plan.write)
    then()
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
function discard(folder: string, journal: string): void {
  try {
    remove(folder, journal)
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
  writeFileSync(unfinished, JSON.stringify({ mark: knownMark(folder), ...plan }), { flush: true })
  renameSync(unfinished, join(journal, planName))
}

function openJournal(folder: string, giveUp: () => void): string {
  const [beside, temporary] = placesOf(folder)
  const journal = (isWritable(dirname(folder)) ? beside : temporary) ?? ''
  try {
    // The mark first: a journal that nobody knows is put aside.
    const mark = newMark(folder)
    mkdirSync(journal, { mode: 0o700 })
    writeFileSync(join(journal, markName), mark, { flag: 'wx' })
  } catch (cause) {
    const isTaken = hasCode(cause, 'EEXIST')
    if (!isTaken) discard(folder, journal)
    giveUp()
    if (!isTaken) throw cause
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
  const text = readRegular(join(journal, planName))
  if (text === undefined) return undefined
  const { write, delete: deleted }: { write?: unknown; delete?: unknown } = JSON.parse(text)
  return { write: pathsOf(write), delete: pathsOf(deleted) }
}

function pathsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}
