import type { ChangeType } from '../report.ts'
import type { ComparedTree } from '../side.ts'

export interface ChangedFile {
  readonly path: string
  readonly change: ChangeType
  /** It differs in a byte order mark or in line ends alone. */
  readonly isLayout?: true
}

/** The files that differ, sorted by path. Files with equal keys are not read. */
export function changedFiles(base: ComparedTree | undefined, head: ComparedTree | undefined): ChangedFile[] {
  const before = new Set(base?.paths)
  const after = new Set(head?.paths)
  const isEqual = (path: string): boolean =>
    before.has(path) &&
    after.has(path) &&
    base !== undefined &&
    head !== undefined &&
    haveEqualKeys(path, base, head)
  base?.prefetch?.(base.paths.filter((path) => !isEqual(path)))
  head?.prefetch?.(head.paths.filter((path) => !isEqual(path)))
  const changed: ChangedFile[] = []
  for (const path of before) {
    if (!after.has(path)) changed.push({ path, change: 'removed' })
    else if (base !== undefined && head !== undefined) {
      const difference = differenceOf(path, base, head)
      if (difference === 'layout') changed.push({ path, change: 'changed', isLayout: true })
      else if (difference === 'content') changed.push({ path, change: 'changed' })
    }
  }
  for (const path of after) if (!before.has(path)) changed.push({ path, change: 'added' })
  return changed.toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

function differenceOf(path: string, base: ComparedTree, head: ComparedTree): 'none' | 'layout' | 'content' {
  if (haveEqualKeys(path, base, head)) return 'none'
  const before = base.read(path)
  const after = head.read(path)
  if (Buffer.compare(before, after) === 0) return 'none'
  if (before.includes(0) || after.includes(0)) return 'content'
  return withoutLayout(before) === withoutLayout(after) ? 'layout' : 'content'
}

function haveEqualKeys(path: string, base: ComparedTree, head: ComparedTree): boolean {
  return base.keyOf !== undefined && head.keyOf !== undefined && base.keyOf(path) === head.keyOf(path)
}

/** One character a byte: what the text says does not matter here. */
function withoutLayout(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('latin1')
    .replace(/^\u00EF\u00BB\u00BF/, '')
    .replaceAll('\r\n', '\n')
}
