import { readSourceManifest } from '@dsa/solution-package'
import { UserError } from '@dsa/user-error'
import type { Pair } from './pair.ts'

/** Another unique name is another solution to Dataverse: the one is gone, and the other is new. */
export function splitByName(pair: Pair): readonly Pair[] {
  if (namesOf(pair) === undefined) return [pair]
  return [
    { ...pair, base: undefined },
    { ...pair, head: undefined, unread: [] },
  ]
}

/** @throws UserError for files that are no two versions of one solution */
export function refuseOtherName(pair: Pair): Pair {
  const names = namesOf(pair)
  if (names === undefined) return pair
  throw new UserError(
    `'base' holds the solution '${names.base}', and 'head' holds '${names.head}'. Give two versions of one solution.`,
  )
}

/** The names of a pair of two solutions; undefined for versions of one. */
function namesOf({ base, head }: Pair): { readonly base: string; readonly head: string } | undefined {
  if (base === undefined || head === undefined) return undefined
  const names = { base: readSourceManifest(base).uniqueName, head: readSourceManifest(head).uniqueName }
  return names.base.toLowerCase() === names.head.toLowerCase() ? undefined : names
}
