/**
 * Things in steps, so that what others need is in a step before theirs. Those that need each other share one; else each
 * has a step of its own, and where needs leave it open, the order stays.
 *
 * @param needs names of what it needs; unknown ones do not count
 */
export function inSteps<T>(
  things: readonly T[],
  nameOf: (thing: T) => string,
  needs: (thing: T) => readonly string[],
): readonly (readonly T[])[] {
  const left = new Map(things.map((thing) => [nameOf(thing), thing]))
  const steps: (readonly T[])[] = []
  while (left.size > 0) {
    // With all that it needs in the end. The smallest of these sets needs nothing outside of itself but what is done.
    const [first] = [...left.keys()]
      .map((name) => reachable(name, left, needs))
      .toSorted((a, b) => a.size - b.size)
    const step = [...left].filter(([name]) => first?.has(name) === true)
    for (const [name] of step) left.delete(name)
    steps.push(step.map(([, thing]) => thing))
  }
  return steps
}

function reachable<T>(
  name: string,
  left: ReadonlyMap<string, T>,
  needs: (thing: T) => readonly string[],
): ReadonlySet<string> {
  const found = new Set([name])
  // A set that grows while it is walked is walked to its new end.
  for (const one of found) {
    const thing = left.get(one)
    for (const needed of thing === undefined ? [] : needs(thing)) if (left.has(needed)) found.add(needed)
  }
  return found
}
