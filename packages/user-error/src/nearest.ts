import { distance } from 'fastest-levenshtein'

/** How many letters differ between two words, without regard to case. */
export function slips(a: string, b: string): number {
  const [x, y] = [a.toLowerCase(), b.toLowerCase()]
  return isSwap(x, y) ? 1 : distance(x, y)
}

/** Whether two neighbours changed places, which is one slip of the keyboard and not two. */
function isSwap(a: string, b: string): boolean {
  const at = sameBeginning(a, b)
  if (at === a.length || a.length !== b.length) return false
  return a.slice(0, at) + a.charAt(at + 1) + a.charAt(at) + a.slice(at + 2) === b
}

/** How many letters two words begin with alike. */
function sameBeginning(a: string, b: string): number {
  let alike = 0
  while (alike < a.length && a.charAt(alike).toLowerCase() === b.charAt(alike).toLowerCase()) alike += 1
  return alike
}

/** The candidate that a person most likely meant, if one is close enough to be a slip of the keyboard. */
export function nearest<T extends string>(word: string, candidates: readonly T[]): T | undefined {
  const allowed = Math.max(1, Math.floor(word.length / 4))
  const ranked = candidates
    .map((candidate) => ({
      candidate,
      distance: slips(word, candidate),
      alike: sameBeginning(word, candidate),
    }))
    .filter((item) => item.distance <= allowed)
    .toSorted((a, b) => a.distance - b.distance || b.alike - a.alike)
  return ranked[0]?.candidate
}

/** A question for a message: ` Did you mean 'x'?` with a space before it, or '' when nothing is near. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const meant = nearest(word, candidates)
  return meant === undefined ? '' : ` Did you mean '${meant}'?`
}
