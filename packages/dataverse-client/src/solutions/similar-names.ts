/** The names nearest to a misspelt one, best first, at most five. */
export function similarNames(wanted: string, names: readonly string[]): readonly string[] {
  const target = wanted.toLowerCase()
  return names
    .map((name) => ({ name, score: distance(target, name.toLowerCase()) }))
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

/** Levenshtein distance: how many letters differ. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [row, letter] of a.split('').entries()) {
    const current = [row + 1]
    for (const [column, other] of b.split('').entries()) {
      current.push(
        Math.min(
          (previous[column] ?? 0) + (letter === other ? 0 : 1),
          (previous[column + 1] ?? 0) + 1,
          (current[column] ?? 0) + 1,
        ),
      )
    }
    previous = current
  }
  return previous[b.length] ?? 0
}
