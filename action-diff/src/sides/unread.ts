import type { Commit } from '@dsa/solution-comparison'
import type { SolutionDiff } from '@dsa/solution-package/diff'
import { UserError } from '@dsa/user-error'

type Unexplained = SolutionDiff['unexplained'][number]

/**
 * Links and submodules of a solution's folder that differ, sorted: nothing in them is compared, so they are told as
 * what they are. Where one takes the place of a file, or the other way round, the file is told.
 *
 * @throws UserError where the head has a link as manifest, or a submodule as folder, since the solution would seem to be gone
 */
export function unreadDifferences(folder: string, base: Commit, head: Commit): readonly Unexplained[] {
  const prefix = folder === '.' ? '' : `${folder}/`
  const manifest = [...head.unread.keys()].find(
    (path) => path.toLowerCase() === `${prefix}Other/Solution.xml`.toLowerCase(),
  )
  if (manifest !== undefined)
    throw new UserError(`'${manifest}' is a link, which is not followed. Put the file itself there.`)
  const instead = [...head.unread.keys()].find((path) => prefix.startsWith(`${path}/`))
  if (instead !== undefined)
    throw new UserError(
      `'${instead}' is a submodule or a link now, and what it leads to is not read. Compare folders: check both versions out, with 'submodules: true' of actions/checkout.`,
    )
  const paths = new Set([...base.unread.keys(), ...head.unread.keys()])
  return [...paths]
    .filter((path) => path.startsWith(prefix) && !base.blobs.has(path) && !head.blobs.has(path))
    .flatMap((path): Unexplained[] => {
      const [before, after] = [base.unread.get(path), head.unread.get(path)]
      if (before === after) return []
      const change = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed'
      return [{ file: path.slice(prefix.length), change }]
    })
    .toSorted((a, b) => (a.file < b.file ? -1 : 1))
}
