import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { FolderError } from './folder-error.ts'
import type { FileSet } from '../source-tree.ts'
import { carryOut, recover, type Recovery } from './journal/journal.ts'
import { withLock } from './journal/lock.ts'
import { type LineEndingRule, lineEndingRule, type LineEndings, withCarriageReturns } from './line-endings.ts'
import type { Plan } from './journal/moves.ts'
import { parentsOf } from './parents.ts'
import { checkPaths } from './path-rules.ts'
import { isInside, realPath } from './workspace.ts'
import { walk } from './walk.ts'

export interface MirrorOptions {
  /**
   * `true` makes the folder an exact copy: left-over files are deleted and read-only ones replaced. `false` writes
   * what changed and keeps both. `undefined` is `true` for a folder that is new, empty or holds a solution, and an
   * error for every other one, where it would delete what somebody else put there.
   */
  readonly overwrite: boolean | undefined
  readonly lineEndings: LineEndings
  /** Files that the engine made, whose line ends are ours to choose; all others are copied as bytes. */
  readonly made: ReadonlySet<string>
  /** How lines of files end in a folder that does not say it; LF where this is left out. */
  readonly newLines?: 'lf' | 'crlf'
  /** Whether the folder holds a solution; where this is left out, it does when there is an Other/Solution.xml. */
  readonly holdsSolution?: boolean
  /** Whether a path, with `/` from the folder, is to be left alone whatever happens. */
  readonly ignore?: (path: string) => boolean
  /** Finds out what would be done, and does nothing. */
  readonly dryRun?: boolean
  /** The root of the repository; never emptied without an explicit `true`. */
  readonly workspace?: string
}

/** What a run did to the folder; paths with `/`, from it. */
export interface MirrorResult {
  readonly added: readonly string[]
  readonly changed: readonly string[]
  readonly unchanged: number
  readonly deleted: readonly string[]
  /** Left-over files that were kept. */
  readonly kept: readonly string[]
  /** Read-only files whose new content was not written. */
  readonly readOnly: readonly string[]
  /** A killed run before this one had left a journal, and its work was finished first. */
  readonly recovered: boolean
  /**
   * Where a journal lies now that was not begun on this machine, such as one that came with a checkout. It was not
   * carried out, and the folder may have been half written when it came.
   */
  readonly putAside: string | undefined
}

/** A folder, and the files that it is to hold. */
export interface Mirror {
  readonly folder: string
  readonly files: FileSet
  readonly options: MirrorOptions
}

/**
 * Makes a folder hold the files, all or nothing. A file whose bytes are the same is not touched. A run that fails
 * leaves the folder as it was.
 *
 * @throws FolderError when a path cannot or must not be written; errors of the file system pass through
 */
export function mirrorFolder(folder: string, files: FileSet, options: MirrorOptions): MirrorResult {
  return mirrorFolders({ folder, files, options }, [])
}

/**
 * The same for a folder and others with it: a run that fails leaves all of them as they were.
 *
 * @returns what was done to the first
 */
export function mirrorFolders(first: Mirror, others: readonly Mirror[]): MirrorResult {
  const targeted = (mirror: Mirror): TargetedMirror => ({ ...mirror, target: realPath(mirror.folder) })
  const [main, more] = [targeted(first), others.map(targeted)]
  refuseNested(main, more)
  const lock = ([next, ...rest]: readonly TargetedMirror[]): MirrorResult => {
    if (next === undefined) return changeAll(main, more)
    return next.options.dryRun === true ? lock(rest) : withLock(next.target, () => lock(rest))
  }
  return lock([main, ...more])
}

/** What lies in a folder that is made an exact copy would be deleted, and each folder is planned by itself. */
function refuseNested(main: TargetedMirror, others: readonly TargetedMirror[]): void {
  for (const [n, { target }] of others.entries()) {
    const inside = [main, ...others.slice(0, n)].find((other) => isInside(other.target, target))
    if (inside === undefined) continue
    throw new FolderError(
      `${target} cannot be a target, since it is ${inside.target} or lies in it. Give each target a folder of its own, outside of the solution's.`,
    )
  }
}

type TargetedMirror = Mirror & { readonly target: string }

function changeAll(first: TargetedMirror, others: readonly TargetedMirror[]): MirrorResult {
  const main = planMirror(first)
  const planned = [main, ...others.map((mirror) => planMirror(mirror))]
  const change = (from: number): void => {
    const next = planned[from]
    if (next === undefined) return
    if (next.plan) carryOut(next.target, next.plan, next.content, () => change(from + 1))
    else change(from + 1)
  }
  change(0)
  return main.result
}

interface PlannedMirror {
  readonly target: string
  /** Undefined when nothing is to be done. */
  readonly plan: Plan | undefined
  readonly content: (path: string) => Uint8Array
  readonly result: MirrorResult
}

function planMirror({ target, files, options }: TargetedMirror): PlannedMirror {
  const ignore = options.ignore ?? (() => false)
  const checkTargets = (paths: readonly string[]): void => {
    checkPaths(target, paths)
    refuseLinks(target, paths, walk(target).links)
  }
  const { finished: recovered, putAside } =
    options.dryRun === true ? nothingToRecover : recover(target, { check: checkTargets, keep: ignore })
  const overwrite = options.overwrite ?? safeToOverwrite(target, options)
  const present = walk(target, ignore)
  checkPaths(target, files.keys())
  refuseLinks(target, files.keys(), present.links)

  const endings = lineEndingRule(target, options.lineEndings, options.newLines)
  const content = asStored(files, options.made, endings)
  const presentFiles = new Set(present.files)
  const added: string[] = []
  const changed: string[] = []
  const readOnly: string[] = []
  let unchanged = 0
  for (const path of files.keys()) {
    if (!presentFiles.has(path)) {
      if (ignore(path)) unchanged += 1
      else added.push(path)
      continue
    }
    // Such an entry is replaced, whatever it leads to.
    const now = present.irregular.has(path) ? undefined : readFileSync(join(target, path))
    if (now && options.made.has(path)) endings.note(path, now)
    if (now && Buffer.compare(now, content(path)) === 0) unchanged += 1
    else if (!overwrite && isReadOnly(join(target, path))) readOnly.push(path)
    else changed.push(path)
  }
  if (!overwrite) refuseFilesInTheWay(target, added, presentFiles)
  const leftOver = present.files.filter((path) => !files.has(path))
  const deleted = overwrite ? leftOver : []
  refuseUnnameable(target, deleted, present.unnameable)
  const isChanged = added.length + changed.length + deleted.length > 0
  return {
    target,
    plan:
      options.dryRun !== true && isChanged ? { write: [...added, ...changed], delete: deleted } : undefined,
    content,
    result: {
      added,
      changed,
      unchanged,
      deleted,
      kept: overwrite ? [] : leftOver,
      readOnly,
      recovered,
      putAside,
    },
  }
}

const nothingToRecover: Recovery = { finished: false, putAside: undefined }

function safeToOverwrite(folder: string, { workspace, holdsSolution }: MirrorOptions): true {
  if (!existsSync(folder)) return true
  const names = readdirSync(folder)
  if (names.length === 0) return true
  const reason =
    workspace !== undefined && relative(realPath(workspace), folder) === ''
      ? 'is the root of the workspace'
      : names.includes('.git')
        ? 'holds a Git repository'
        : (holdsSolution ?? existsSync(join(folder, 'Other/Solution.xml')))
          ? undefined
          : 'is not empty and holds no unpacked solution (there is no Other/Solution.xml)'
  if (reason === undefined) return true
  throw new FolderError(
    `The folder ${folder} ${reason}. Unpacking makes it an exact copy of the solution and deletes everything else in it. Give a folder of its own, or set 'overwrite-files: true' if that is what you want.`,
  )
}

function refuseLinks(folder: string, paths: Iterable<string>, links: ReadonlySet<string>): void {
  if (links.size === 0) return
  for (const path of paths) {
    const link = parentsOf(path).find((parent) => links.has(parent))
    if (link !== undefined) {
      throw new FolderError(`'${path}' cannot be written: '${link}' in ${folder} is a link. Remove it first.`)
    }
  }
}

/** Without leave to delete, a left-over file can stand where a folder is needed. */
function refuseFilesInTheWay(
  folder: string,
  added: readonly string[],
  presentFiles: ReadonlySet<string>,
): void {
  for (const path of added) {
    const file = parentsOf(path).find((parent) => presentFiles.has(parent))
    if (file !== undefined) {
      throw new FolderError(
        `'${path}' cannot be written: '${file}' in ${folder} is a file, and 'overwrite-files: false' keeps it.`,
      )
    }
  }
}

/** What cannot be named cannot be deleted. */
function refuseUnnameable(folder: string, deleted: readonly string[], unnameable: ReadonlySet<string>): void {
  const path = deleted.find((found) => unnameable.has(found))
  if (path === undefined) return
  throw new FolderError(
    `'${path}' in ${folder} is left over, and its name is not UTF-8, so it cannot be deleted here. Delete it yourself, or name it in 'ignore'; nothing was changed.`,
  )
}

/** The bytes as they belong on disk, in the line ends chosen. */
function asStored(
  files: FileSet,
  made: ReadonlySet<string>,
  endings: LineEndingRule,
): (path: string) => Uint8Array {
  return (path) => {
    const bytes = files.get(path) ?? new Uint8Array()
    return made.has(path) && endings.of(path) === 'crlf' ? withCarriageReturns(bytes) : bytes
  }
}

function isReadOnly(file: string): boolean {
  return (lstatSync(file).mode & 0o200) === 0
}
