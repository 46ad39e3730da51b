/** Why a difference means nothing, in the words of a report. */
export type QuietReason = 'server stamp' | 'default' | 'order' | 'layout' | 'derived' | 'managed twin'

/**
 * One thing that can be said of a component: a value, or a part with facts of its own. Both sides of a comparison
 * are made of facts, so that nothing above them knows how a format writes a solution.
 */
export interface Fact {
  /** The same on both sides for the same thing; among its neighbours only. */
  readonly key: string
  /** In the words of the maker portal: `Required`, `Option Draft`. */
  readonly label: string
  /** Where it is in the source, such as `options/option[273100000]/labels`. */
  readonly path: string
  /** What is compared; undefined for a part. */
  readonly raw?: string
  /** Other names of the value: two values are the same when they share one. */
  readonly either?: readonly string[]
  /** What a person reads of the value, or of the part as a whole. */
  readonly shown?: string
  /** A longer text, of which the lines that differ are shown. */
  readonly text?: string
  readonly facts?: readonly Fact[]
  /** Equal for equal facts, which are then not looked at. */
  readonly same?: string
  /** A part that comes and goes as one; otherwise its facts come and go one by one. */
  readonly isPart?: boolean
  /** Its differences always mean nothing, for this reason. */
  readonly quiet?: QuietReason
  /** Values that mean the same as nothing; `any`: a first value means nothing, a change of it does. */
  readonly silent?: readonly string[] | 'any'
  /** Nothing tells it from its neighbours of the same key but what it holds. */
  readonly anonymous?: boolean
  /** What it is matched by when no neighbour has its key, such as the column of a field whose id is new. */
  readonly alias?: string
  /** Says the same as another fact once more: told only where no other tells the same change. */
  readonly echo?: boolean
  /** The path of the part that it comes and goes with: where that is told, it is not. */
  readonly within?: string
  /** The order of its facts has a meaning, which is called so. */
  readonly order?: string
}

/** A value of its own. */
export function valueFact(
  key: string,
  label: string,
  path: string,
  raw: string,
  rest: Partial<Fact> = {},
): Fact {
  return { key, label, path, raw, shown: raw, ...rest }
}

/** All that a fact holds, as one text: equal for equal facts, whatever the order of what has none. */
export function signature(fact: Fact): string {
  if (fact.facts === undefined) return `${fact.key}=${fact.raw ?? ''}`
  const inner = fact.facts.filter(({ quiet }) => quiet === undefined).map(signature)
  if (fact.order === undefined) inner.sort()
  return `${fact.key}(${inner.join('\0')})`
}

/** The value at a path of keys, such as `EntityInfo/entity/OwnershipTypeMask`. */
export function rawAt(facts: readonly Fact[] | undefined, ...keys: readonly string[]): string | undefined {
  let found: Fact | undefined
  let level = facts
  for (const key of keys) {
    found = level?.find((fact) => fact.key === key)
    if (found === undefined) return undefined
    level = found.facts
  }
  return found?.raw
}
