import type { Commit } from './git-objects.ts'
import { filesOf, type Repository } from './repository.ts'

/** What differs between two commits, by file. */
export function changedFiles(repository: Repository, base: Commit, head: Commit): readonly object[] {
  const [before, after] = [filesOf(repository, base), filesOf(repository, head)]
  const paths = new Set([...before.keys(), ...after.keys()])
  return [...paths].flatMap((filename) => {
    const [left, right] = [before.get(filename), after.get(filename)]
    if (left?.sha === right?.sha && left?.mode === right?.mode) return []
    return [
      {
        filename,
        sha: right?.sha ?? left?.sha,
        status: left === undefined ? 'added' : right === undefined ? 'removed' : 'modified',
      },
    ]
  })
}
