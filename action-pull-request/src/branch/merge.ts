import type { LocalFile } from '../files/read-files.ts'
import type { TreeFile } from './trees.ts'

/** States of the files that are proposed, by path. */
export interface States {
  /** What is proposed now. */
  readonly wanted: ReadonlyMap<string, LocalFile>
  /** What the branch has, which is what the new commit goes onto. */
  readonly tip: ReadonlyMap<string, TreeFile>
  /** What it had after our last commit. */
  readonly last: ReadonlyMap<string, TreeFile>
  /** What the base has. */
  readonly base: ReadonlyMap<string, TreeFile>
}

export interface Merge {
  /** What is written over the tip; null removes. */
  readonly changes: ReadonlyMap<string, LocalFile | null>
  /** Files that somebody else changed on the branch, and that are as they were in what is proposed. */
  readonly kept: readonly string[]
  /** Files that both changed. */
  readonly conflicts: readonly string[]
}

/** A merge of whole files: what somebody else changed on the branch stays, unless what is proposed changed as well. */
export function merge({ wanted, tip, last, base }: States): Merge {
  const changes = new Map<string, LocalFile | null>()
  const kept: string[] = []
  const conflicts: string[] = []
  for (const path of [...new Set([...wanted.keys(), ...tip.keys()])].toSorted()) {
    const [now, there, before] = [wanted.get(path), tip.get(path), last.get(path)]
    // A submodule is a repository of its own, and its files are not ours to remove.
    if (there?.mode === '160000' || isSame(now, there)) continue
    if (isEqual(there, before) || isEqual(there, base.get(path))) changes.set(path, now ?? null)
    else if (isSame(now, before)) kept.push(path)
    else conflicts.push(path)
  }
  return { changes, kept, conflicts }
}

/** What has to be written over some files to get others; null removes. */
export function changesTo(
  there: ReadonlyMap<string, TreeFile>,
  wanted: ReadonlyMap<string, LocalFile>,
): ReadonlyMap<string, LocalFile | null> {
  return merge({ wanted, tip: there, last: there, base: there }).changes
}

/** Where the system tells no mode of a file, every mode fits. */
function isSame(local: LocalFile | undefined, file: TreeFile | undefined): boolean {
  return local?.sha === file?.sha && (local?.mode === undefined || local.mode === file?.mode)
}

function isEqual(a: TreeFile | undefined, b: TreeFile | undefined): boolean {
  return a?.sha === b?.sha && a?.mode === b?.mode
}
