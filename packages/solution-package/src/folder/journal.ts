import { createHash } from 'node:crypto'
import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { hasCode, isMissing } from './walk.ts'

/** What a run is going to do to a folder. Paths with `/`, from the folder. */
export interface Plan {
  /** Files to write; the new content of number n lies in the journal as `new/n`. */
  readonly write: readonly string[]
  /** Files to delete. */
  readonly delete: readonly string[]
}

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

/**
 * Finishes what a killed run began: with a complete plan its work is done to the end, without one nothing had been
 * touched and the journal is thrown away.
 *
 * @returns whether there was something to finish
 */
export function recover(folder: string): boolean {
  let finished = false
  for (const journal of placesOf(folder)) {
    if (!existsSync(journal)) continue
    const plan = readPlan(journal)
    if (plan) {
      moveOldAway(folder, journal, plan)
      moveNewIn(folder, journal, plan)
      finished = true
    }
    rmSync(journal, { recursive: true, force: true })
  }
  return finished
}

/**
 * Changes a folder as a whole. Until the plan stands complete in the journal nothing is touched; after it, a kill
 * is finished by the next run's `recover`, and an error is undone here.
 *
 * @param content the new content of a file of the plan
 */
export function carryOut(folder: string, plan: Plan, content: (path: string) => Uint8Array): void {
  const journal = openJournal(folder)
  try {
    for (const [n, path] of plan.write.entries()) {
      const staged = join(journal, 'new', String(n))
      writeFileSync(staged, content(path))
      keepMode(join(folder, path), staged)
    }
    writeFileSync(join(journal, 'plan.tmp'), JSON.stringify(plan), { flush: true })
    renameSync(join(journal, 'plan.tmp'), join(journal, 'plan.json'))
  } catch (error) {
    rmSync(journal, { recursive: true, force: true })
    throw error
  }
  try {
    moveOldAway(folder, journal, plan)
    moveNewIn(folder, journal, plan)
  } catch (error) {
    undo(folder, journal, plan)
    rmSync(journal, { recursive: true, force: true })
    throw error
  }
  rmSync(journal, { recursive: true, force: true })
}

function openJournal(folder: string): string {
  const [beside, temporary] = placesOf(folder)
  mkdirSync(dirname(folder), { recursive: true })
  const journal = (isWritable(dirname(folder)) ? beside : temporary) ?? ''
  for (const part of ['', 'new', 'old']) mkdirSync(join(journal, part))
  return journal
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
    chmodSync(staged, statSync(present).mode | 0o200)
  } catch (error) {
    if (!isMissing(error) && !hasCode(error, 'ENOTDIR')) throw error
  }
}

function readPlan(journal: string): Plan | undefined {
  try {
    const plan: unknown = JSON.parse(readFileSync(join(journal, 'plan.json'), 'utf8'))
    if (typeof plan !== 'object' || plan === null || !('write' in plan) || !('delete' in plan))
      return undefined
    return { write: pathsOf(plan.write), delete: pathsOf(plan.delete) }
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

function pathsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}

/** The number of an old file in the journal: its place in the plan, writes first. */
const places = (plan: Plan): readonly string[] => [...plan.write, ...plan.delete]

function moveOldAway(folder: string, journal: string, plan: Plan): void {
  for (const [n, path] of places(plan).entries()) {
    const kept = join(journal, 'old', String(n))
    const staged = join(journal, 'new', String(n))
    // After a kill: a file whose new content is in place already is not the old one.
    if (existsSync(kept) || (n < plan.write.length && !existsSync(staged))) continue
    try {
      move(join(folder, path), kept)
    } catch (error) {
      if (!isMissing(error) && !hasCode(error, 'ENOTDIR')) throw error
    }
  }
  removeEmptied(folder, places(plan))
}

function moveNewIn(folder: string, journal: string, plan: Plan): void {
  mkdirSync(folder, { recursive: true })
  const made = new Set<string>([folder])
  for (const [n, path] of plan.write.entries()) {
    const target = join(folder, path)
    const parent = dirname(target)
    if (!made.has(parent)) {
      mkdirSync(parent, { recursive: true })
      made.add(parent)
    }
    try {
      move(join(journal, 'new', String(n)), target)
    } catch (error) {
      // Moved before the kill. Anything else is an error, a missing parent folder included.
      if (!isMissing(error) || !existsSync(target)) throw error
    }
  }
}

function undo(folder: string, journal: string, plan: Plan): void {
  for (const [n, path] of plan.write.entries()) {
    if (!existsSync(join(journal, 'new', String(n)))) rmSync(join(folder, path), { force: true })
  }
  removeEmptied(folder, plan.write)
  for (const [n, path] of places(plan).entries()) {
    const kept = join(journal, 'old', String(n))
    if (!existsSync(kept)) continue
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    move(kept, join(folder, path))
  }
}

/** Removes folders that have become empty, from the inside out; one that was empty before has none of the paths. */
function removeEmptied(folder: string, paths: readonly string[]): void {
  const parents = new Set<string>()
  for (const path of paths) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
      parents.add(path.slice(0, at))
  }
  for (const parent of [...parents].toSorted((a, b) => b.length - a.length)) {
    const full = join(folder, parent)
    try {
      if (readdirSync(full).length === 0) rmdirSync(full)
    } catch (error) {
      if (!hasCode(error, 'ENOENT', 'ENOTDIR')) throw error
    }
  }
}

function move(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if (hasCode(error, 'EXDEV')) {
      copyFileSync(from, to)
      rmSync(from)
      return
    }
    // Windows does not move or replace a read-only file.
    if (process.platform !== 'win32' || !hasCode(error, 'EPERM', 'EACCES')) throw error
    chmodSync(from, 0o666)
    renameSync(from, to)
  }
}
