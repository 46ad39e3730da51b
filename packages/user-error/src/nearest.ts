import { distance } from 'fastest-levenshtein'

/** How many letters differ between two words, without regard to case. */
export function slips(a: string, b: string): number {
  return distance(a.toLowerCase(), b.toLowerCase())
}

/** The candidate that a person most likely meant, if one is close enough to be a slip of the keyboard. */
export function nearest<T extends string>(word: string, candidates: readonly T[]): T | undefined {
  const allowed = Math.max(1, Math.floor(word.length / 4))
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: slips(word, candidate) }))
    .filter((item) => item.distance <= allowed)
    .toSorted((a, b) => a.distance - b.distance)
  return ranked[0]?.candidate
}

/** A question for a message: ` Did you mean 'x'?` with a space before it, or '' when nothing is near. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const meant = nearest(word, candidates)
  return meant === undefined ? '' : ` Did you mean '${meant}'?`
}
