import { isJsonFile, jsonProblem } from '../../unreadable/json-files.ts'
import { isLfsPointer, LFS_POINTER } from '../../unreadable/lfs-pointer.ts'
import { CONFLICT, conflictLine } from '../../unreadable/merge-conflict.ts'
import { SolutionError } from '../../solution-error.ts'
import type { ChangedFile } from './changed-files.ts'
import type { ComparedTree } from '../side.ts'

/** Files that are read for what they say, and not only by their lines. */
const READ = /\.(?:xml|json|ya?ml)$/i

/**
 * Refuses files that differ and cannot be read: compared as they are they would tell removed steps, or nothing.
 * @param name of the side, for messages
 * @throws SolutionError naming file and line
 */
export function refuseUnreadable(
  files: readonly ChangedFile[],
  tree: ComparedTree | undefined,
  name: 'base' | 'head',
): void {
  if (tree === undefined) return
  const missing = name === 'base' ? 'added' : 'removed'
  for (const { path, change } of files) {
    if (change === missing || !READ.test(path)) continue
    const problem = problemOf(path, tree.read(path))
    if (problem === undefined) continue
    const { line, message } = problem
    const file = tree.made?.originOf(path) ?? path
    const where = `${file}${line === undefined ? '' : `, line ${line}`}`
    throw new SolutionError(`${name === 'base' ? 'In the base, ' : ''}${where}: ${message}`)
  }
}

function problemOf(
  path: string,
  bytes: Uint8Array,
): { readonly message: string; readonly line?: number } | undefined {
  if (isLfsPointer(bytes)) return { message: LFS_POINTER }
  const conflict = conflictLine(bytes)
  if (conflict !== undefined) return { message: CONFLICT, line: conflict }
  return isJsonFile(path) ? jsonProblem(bytes) : undefined
}
