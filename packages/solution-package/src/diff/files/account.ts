import type { ChangedFile } from './changed-files.ts'
import type { ComparedComponent } from '../compared-component.ts'
import { compareFacts } from '../facts/compare-facts.ts'
import type { QuietReason } from '../facts/fact.ts'
import { contentFacts } from '../pieces/file-facts.ts'
import type { Change, ChangeType, SolutionDiff } from '../report.ts'
import type { Side } from '../side.ts'

/**
 * Every file that differs is told by a change, is unexplained, or means nothing.
 *
 * @param changes those that are told, and all that there were: what the others say is told by these
 */
export function account(
  files: readonly ChangedFile[],
  changes: { readonly told: readonly Change[]; readonly all: readonly Change[] },
  compared: readonly ComparedComponent[],
  isTheSame: (file: ChangedFile, holders: readonly ComparedComponent[]) => boolean,
): Pick<SolutionDiff, 'unexplained' | 'quiet'> {
  const told = new Set(changes.told.flatMap((change) => change.files))
  const toldElsewhere = new Set(changes.all.flatMap((change) => change.files))
  const reasons: Record<string, number> = {}
  const unexplained: { file: string; change: ChangeType }[] = []
  let quietFiles = 0
  const byFile = new Map<string, Set<ComparedComponent>>()
  for (const item of compared) {
    for (const { file } of [...item.component.base, ...item.component.head])
      byFile.set(file, (byFile.get(file) ?? new Set()).add(item))
  }
  for (const file of files) {
    const { path, change } = file
    if (told.has(path)) continue
    const holders = [...(byFile.get(path) ?? [])]
    const reason =
      QUIET_ORDER.find((candidate) => holders.some(({ quiet }) => quiet.has(candidate))) ??
      (toldElsewhere.has(path) ? 'derived' : undefined)
    // What no rule says is nothing has to be the same in each of its elements.
    if (reason === undefined && file.isLayout !== true && !isTheSame(file, holders)) {
      unexplained.push({ file: path, change })
      continue
    }
    quietFiles++
    const counted = reason ?? 'layout'
    reasons[counted] = (reasons[counted] ?? 0) + 1
  }
  return { unexplained, quiet: { files: quietFiles, reasons } }
}

/** Whether a file says on one side what it says on the other, there perhaps under another name or another case of it. */
export function saysTheSame(
  { path, change }: ChangedFile,
  holders: readonly ComparedComponent[],
  base: Side | undefined,
  head: Side | undefined,
): boolean {
  const [here, there, other] =
    change === 'removed' ? [base, head, 'head' as const] : [head, base, 'base' as const]
  if (here === undefined || there === undefined) return false
  const facts = contentFacts(path, here.read(path))
  const moved =
    change === 'changed' ? [] : holders.flatMap(({ component }) => component[other].map(({ file }) => file))
  const counterparts = new Set([there.find(path) ?? [], moved].flat())
  return [...counterparts].some(
    (file) => compareFacts(facts, contentFacts(file, there.read(file))).properties.length === 0,
  )
}

/** Where a file is quiet for several reasons, the first of these counts. */
const QUIET_ORDER: readonly QuietReason[] = [
  'server stamp',
  'default',
  'derived',
  'managed twin',
  'order',
  'layout',
]
