import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { FolderError } from '../folder-error.ts'
import { parentsOf } from '../parents.ts'
import { hasCode, isMissing } from '../walk.ts'

/** What a run is going to do to a folder. Paths with `/`, from the folder. */
export interface Plan {
  /** Files to write; the new content of number n lies in the journal as `new/n`. */
  readonly write: readonly string[]
  /** Files to delete. */
  readonly delete: readonly string[]
}

/** The number of an old file in the journal: its place here. Deletions come first, since they can make room. */
function places(plan: Plan): readonly string[] {
  return [...plan.delete, ...plan.write]
}

function keptAs(journal: string, n: number): string {
  return join(journal, 'old', String(n))
}
export function stagedAs(journal: string, n: number): string {
  return join(journal, 'new', String(n))
}

/**
 * Takes the folder from its old state to the new one; also from any point between them, after a kill.
 *
 * @param keep whether a file is to be left alone after all
 */
export function roll(
  folder: string,
  journal: string,
  plan: Plan,
  keep: (path: string) => boolean = () => false,
): void {
  // All old files are moved away before the first new one comes.
  const hasBegunNew = plan.write.some((_, n) => !isThere(stagedAs(journal, n)))
  if (!hasBegunNew) moveOldAway(folder, journal, plan, keep)
  moveNewIn(folder, journal, plan, keep)
}

function moveOldAway(folder: string, journal: string, plan: Plan, keep: (path: string) => boolean): void {
  for (const [n, path] of plan.delete.entries()) {
    if (!keep(path)) moveAway(join(folder, path), keptAs(journal, n))
  }
  removeEmptied(folder, plan.delete)
  for (const [n, path] of plan.write.entries()) {
    if (!keep(path)) moveAway(join(folder, path), keptAs(journal, plan.delete.length + n))
  }
}

function moveAway(present: string, kept: string): void {
  // After a kill between copying and removing, the file is in both places.
  if (isThere(kept)) rmSync(present, { force: true })
  else {
    try {
      if (lstatSync(present).isDirectory()) {
        throw new FolderError(`${present} is a folder where a file has to be. Remove it first.`)
      }
      move(present, kept)
    } catch (error) {
      if (!isMissing(error) && !hasCode(error, 'ENOTDIR')) throw error
    }
  }
}

function moveNewIn(folder: string, journal: string, plan: Plan, keep: (path: string) => boolean): void {
  mkdirSync(folder, { recursive: true })
  const made = new Set<string>([folder])
  for (const [n, path] of plan.write.entries()) {
    if (keep(path)) continue
    refuseIrregular(stagedAs(journal, n), 'file')
    const target = join(folder, path)
    const parent = dirname(target)
    if (!made.has(parent)) {
      mkdirSync(parent, { recursive: true })
      made.add(parent)
    }
    try {
      move(stagedAs(journal, n), target)
    } catch (error) {
      // Moved before the kill.
      if (!isMissing(error) || isThere(stagedAs(journal, n))) throw error
    }
  }
}

/**
 * After the last move: what was to be written is there, whoever else has been at the folder.
 *
 * @throws FolderError for a file that is not
 */
export function refuseMissing(folder: string, paths: readonly string[]): void {
  const missing = paths.filter(
    (path) => lstatSync(`${folder}/${path}`, { throwIfNoEntry: false })?.isFile() !== true,
  )
  if (missing.length === 0) return
  throw new FolderError(
    `${missing.length} of ${paths.length} files are not in ${folder} after they were written, such as '${missing[0]}'. Does something else change the folder? Run again when nothing does.`,
  )
}

/** @throws FolderError when something else, such as a link, stands in a place of the journal */
export function refuseIrregular(path: string, wanted: 'file' | 'directory'): void {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found === undefined) return
  if (wanted === 'file' ? found.isFile() : found.isDirectory()) return
  throw new FolderError(`${path} is no plain ${wanted}, so nothing is taken from there. Remove its folder.`)
}

/** Takes the folder back to its old state. */
export function undo(folder: string, journal: string, plan: Plan): void {
  for (const [n, path] of plan.write.entries()) {
    if (!isThere(stagedAs(journal, n))) rmSync(join(folder, path), { force: true })
  }
  removeEmptied(folder, plan.write)
  for (const [n, path] of places(plan).entries()) {
    const kept = keptAs(journal, n)
    if (!isThere(kept)) continue
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    move(kept, join(folder, path))
  }
}

/** Unlike `existsSync`, true for a link that leads nowhere. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

/** Removes folders that have become empty, from the inside out; one that was empty before has none of the paths. */
function removeEmptied(folder: string, paths: readonly string[]): void {
  const parents = new Set<string>()
  for (const path of paths) {
    for (const parent of parentsOf(path)) parents.add(parent)
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
      // From disk to disk, as one step: a kill must not leave half of a file.
      copyFileSync(from, `${to}.part`)
      renameSync(`${to}.part`, to)
      rmSync(from)
      return
    }
    // Windows does not move or replace a read-only file.
    if (process.platform !== 'win32' || !hasCode(error, 'EPERM', 'EACCES')) throw error
    chmodSync(from, 0o666)
    renameSync(from, to)
  }
}
