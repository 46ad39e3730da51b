import { UserError } from '@dsa/user-error'
import type { Archive } from '../look/archive.ts'
import { neededBy, neededName, supplies } from './needs.ts'

/** One archive has to be there before another one. */
interface Need {
  readonly of: Archive
  readonly on: Archive
  /** What of it, for people. */
  readonly what: string
}

/**
 * The order in which archives can be imported: what others need comes before them, and the rest stays as given.
 *
 * @throws UserError that shows the circle, where solutions need each other
 */
export function orderByNeeds(archives: readonly Archive[]): readonly Archive[] {
  const needs = archives.flatMap((of) => needsOf(of, archives))
  const ordered: Archive[] = []
  const left = new Set(archives)
  while (left.size > 0) {
    const next = [...left].find((one) => !needs.some(({ of, on }) => of === one && left.has(on)))
    if (next === undefined) throw circle(needs.filter(({ of, on }) => left.has(of) && left.has(on)))
    left.delete(next)
    ordered.push(next)
  }
  return ordered
}

function needsOf(of: Archive, archives: readonly Archive[]): readonly Need[] {
  const needed = neededBy(of)
  return archives
    .filter((on) => on !== of)
    .flatMap((on) => {
      if (of.patchOf?.toLowerCase() === on.name.toLowerCase()) return [{ of, on, what: 'its patch' }]
      const found = needed.find((one) => supplies(on, one))
      return found === undefined ? [] : [{ of, on, what: neededName(found) }]
    })
}

/** Each of them needs another one that is left, so a walk along the needs comes back to where it was. */
function circle(needs: readonly Need[]): UserError {
  const walked: Need[] = []
  let current = needs[0]
  while (current !== undefined && !walked.includes(current)) {
    walked.push(current)
    const { on } = current
    current = needs.find(({ of }) => of === on)
  }
  const round = walked.slice(current === undefined ? 0 : walked.indexOf(current))
  const way = round.map(({ of, on, what }) => `'${of.name}' needs '${on.name}' (${what})`).join(', ')
  return new UserError(
    `The solutions need each other in a circle, so none of them can be the first: ${way}. Move what they share into a solution of its own. Or set 'solution-order: given' to import them in the order of 'solution-file', where the environment has what is needed already.`,
  )
}
