import type { Property } from '../report.ts'
import { changedLines } from './changed-lines.ts'
import { signature, type Fact, type QuietReason } from './fact.ts'
import { isLong } from './words.ts'

/** What came of comparing the facts of a component. */
export interface Comparison {
  readonly properties: Property[]
  /** What each property is about, on both sides: the same for the same thing in another comparison. */
  readonly about: ReadonlyMap<Property, string>
  readonly quiet: Set<QuietReason>
}

type Side = Fact | undefined

/** Compares what is said of a component on both sides. */
export function compareFacts(base: readonly Fact[], head: readonly Fact[]): Comparison {
  const found: Findings = {
    properties: [],
    quiet: new Set(),
    echoes: new Set(),
    within: new Map(),
    about: new Map(),
  }
  compareNeighbours(base, head, [], found)
  const { properties, quiet, echoes, within, about } = found
  const isEcho = (property: Property): boolean =>
    echoes.has(property) &&
    properties.some(
      (other) => !echoes.has(other) && other.base === property.base && other.head === property.head,
    )
  const alone = new Set(properties.map(wayOf))
  const goesWithAnother = (property: Property): boolean => {
    const around = within.get(property)
    return around !== undefined && alone.has(wayOf({ ...property, path: around }))
  }
  const told = properties.filter((property) => !isEcho(property) && !goesWithAnother(property))
  return { properties: told, quiet, about }
}

/** Where something is, and whether it comes, goes, or changes there. */
function wayOf({ path, base, head }: Property): string {
  return [path, base === null, head === null].join('\0')
}

interface Findings extends Comparison {
  readonly echoes: Set<Property>
  readonly within: Map<Property, string>
  readonly about: Map<Property, string>
}

function tell(
  property: Property,
  base: Side,
  head: Side,
  { properties, echoes, within, about }: Findings,
): void {
  properties.push(property)
  const alone = base === undefined ? head : head === undefined ? base : undefined
  if (alone?.within !== undefined) within.set(property, alone.within)
  about.set(property, [base?.path, base?.label, head?.path, head?.label].join('\0'))
  if ((head ?? base)?.echo === true) echoes.add(property)
}

function compareNeighbours(
  base: readonly Fact[],
  head: readonly Fact[],
  around: readonly string[],
  found: Findings,
): [Fact, Fact][] {
  const { pairs, gone, come } = match(base, head)
  for (const [before, after] of pairs) compareOne(before, after, around, found)
  for (const fact of gone) compareOne(fact, undefined, around, found)
  for (const fact of come) compareOne(undefined, fact, around, found)
  return pairs
}

/** Pairs by key, then by alias, then of what nothing names by equal content, then by order. */
function match(base: readonly Fact[], head: readonly Fact[]) {
  const pairs: [Fact, Fact][] = []
  let gone = [...base]
  let come = [...head]
  const pairBy = (keyOf: (fact: Fact) => string | undefined): void => {
    const waiting = new Map<string, Fact[]>()
    for (const fact of come) {
      const key = keyOf(fact)
      if (key === undefined) continue
      const line = waiting.get(key)
      if (line === undefined) waiting.set(key, [fact])
      else line.push(fact)
    }
    const taken = new Set<Fact>()
    gone = gone.filter((fact) => {
      const key = keyOf(fact)
      const partner = key === undefined ? undefined : waiting.get(key)?.shift()
      if (partner === undefined) return true
      taken.add(partner)
      pairs.push([fact, partner])
      return false
    })
    come = come.filter((fact) => !taken.has(fact))
  }
  pairBy((fact) => (fact.anonymous === true ? undefined : fact.key))
  pairBy((fact) => fact.alias)
  // Most of what nothing names has no other of its kind beside it, and what it holds need not be looked at.
  const [lonely, lonelyToo] = [keysOfOne(gone), keysOfOne(come)]
  pairBy((fact) =>
    fact.anonymous === true && lonely.has(fact.key) && lonelyToo.has(fact.key) ? fact.key : undefined,
  )
  pairBy((fact) => (fact.anonymous === true ? `${fact.key}\0${signature(fact)}` : undefined))
  pairBy((fact) => (fact.anonymous === true ? fact.key : undefined))
  return { pairs, gone, come }
}

/** Keys of anonymous facts that one alone has. */
function keysOfOne(facts: readonly Fact[]): ReadonlySet<string> {
  const [once, often] = [new Set<string>(), new Set<string>()]
  for (const { key, anonymous } of facts) {
    if (anonymous !== true || often.has(key)) continue
    if (!once.delete(key)) once.add(key)
    else often.add(key)
  }
  return once
}

function compareOne(base: Side, head: Side, around: readonly string[], found: Findings): void {
  const fact = head ?? base
  if (fact === undefined) return
  if (fact.quiet !== undefined) {
    if (base === undefined || head === undefined || signature(base) !== signature(head))
      found.quiet.add(fact.quiet)
    return
  }
  if (base !== undefined && head !== undefined) compareBoth(base, head, around, found)
  else compareAlone(base, head, around, found)
}

/** An empty element on one side is one without facts where the other has some. */
function compareBoth(before: Fact, after: Fact, around: readonly string[], found: Findings): void {
  if (before.same !== undefined && before.same === after.same) return
  const base = before.raw === '' && after.facts !== undefined ? { ...before, facts: [] } : before
  const head = after.raw === '' && before.facts !== undefined ? { ...after, facts: [] } : after
  if (head.either?.some((name) => base.either?.includes(name)) === true) return
  if (base.facts === undefined || head.facts === undefined) {
    if ((base.raw ?? signature(base)) === (head.raw ?? signature(head))) return
    const text = base.text === undefined || head.text === undefined ? [] : changedLines(base.text, head.text)
    tell(
      {
        label: [...around, head.label].join(' · '),
        path: head.path,
        ...shownOf(base, head, text.length > 0),
        ...(text.length > 0 && { text }),
      },
      base,
      head,
      found,
    )
    return
  }
  const within = head.isPart === true ? [...around, head.label] : around
  const pairs = compareNeighbours(base.facts, head.facts, within, found)
  compareOrder(pairs, base, head, within, found)
}

/** Values that read the same, such as two types of a filter on one condition, are shown as they are written. */
function shownOf(base: Fact, head: Fact, hasText: boolean): Pick<Property, 'base' | 'head'> {
  const isTold = hasText || base.shown !== head.shown || base.raw === undefined || head.raw === undefined
  return isTold || isLong(base.raw) || isLong(head.raw)
    ? { base: base.shown || null, head: head.shown || null }
    : { base: base.raw || null, head: head.raw || null }
}

/** Neighbours that stand on both sides and have changed places. */
function compareOrder(
  pairs: readonly [Fact, Fact][],
  base: Fact,
  head: Fact,
  around: readonly string[],
  found: Findings,
): void {
  const after = new Map(pairs)
  const before = (base.facts ?? []).filter((fact) => after.has(fact))
  const wanted = new Set(pairs.map(([, fact]) => fact))
  const now = (head.facts ?? []).filter((fact) => wanted.has(fact))
  if (before.every((fact, index) => after.get(fact) === now[index])) return
  if (head.order === undefined) {
    found.quiet.add('order')
    return
  }
  tell(
    {
      label: [...around, head.order].join(' · '),
      path: head.path,
      base: namesOf(before),
      head: namesOf(now),
    },
    base,
    head,
    found,
  )
}

function namesOf(facts: readonly Fact[]): string {
  return facts.map(({ label, shown }) => shown ?? label).join(', ')
}

function compareAlone(base: Side, head: Side, around: readonly string[], found: Findings): void {
  const fact = head ?? base
  if (fact === undefined) return
  if (isSilent(fact)) {
    found.quiet.add('default')
    return
  }
  if (fact.facts !== undefined && fact.isPart !== true) {
    for (const inner of fact.facts) compareOne(base && inner, head && inner, around, found)
    return
  }
  tell(
    {
      label: [...around, fact.label].join(' · '),
      path: fact.path,
      base: base === undefined ? null : shownAlone(base),
      head: head === undefined ? null : shownAlone(head),
    },
    base,
    head,
    found,
  )
}

const SUMMARY = 120

/** What a part without a name holds, in a few words. */
function shownAlone(fact: Fact): string {
  if (fact.shown !== undefined) return fact.shown
  const values = valuesOf(fact).join(', ')
  return values.length > SUMMARY ? `${values.slice(0, SUMMARY)}…` : values || fact.label
}

function valuesOf({ facts, shown }: Fact): string[] {
  if (facts === undefined) return shown === undefined || shown === '' ? [] : [shown]
  return facts.filter(({ quiet }) => quiet === undefined).flatMap(valuesOf)
}

/** Whether a fact that stands on one side only says nothing. */
function isSilent({ raw, silent, facts, isPart }: Fact): boolean {
  if (silent === 'any') return true
  if (raw !== undefined) return raw === '' || silent?.includes(raw) === true
  return isPart === true && silent !== undefined && (facts ?? []).every(isSilent)
}
