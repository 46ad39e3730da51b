import { slips } from '@dsa/user-error'

/** The names nearest to a misspelt one, best first, at most five. */
export function similarNames(wanted: string, names: readonly string[]): readonly string[] {
  const target = wanted.toLowerCase()
  return names
    .map((name) => ({ name, score: slips(target, name) }))
    .filter(
      ({ name, score }) =>
        score <= Math.max(2, Math.floor(target.length / 3)) || overlaps(target, name.toLowerCase()),
    )
    .toSorted((a, b) => a.score - b.score || a.name.localeCompare(b.name))
    .slice(0, 5)
    .map(({ name }) => name)
}

function overlaps(a: string, b: string): boolean {
  return a.length >= 4 && b.length >= 4 && (a.includes(b) || b.includes(a))
}
