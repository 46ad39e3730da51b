import type { ComparedComponent } from '../compared-component.ts'
import { rawAt, type Fact } from '../facts/fact.ts'
import { isShellTable } from '../kinds/table.ts'
import type { Finding } from './rule.ts'

/** A value on both sides, by the keys that lead to it. */
export interface Values {
  readonly base: string | undefined
  readonly head: string | undefined
}

export function valuesAt(item: ComparedComponent, ...keys: readonly string[]): Values {
  return { base: rawAt(item.base, ...keys), head: rawAt(item.head, ...keys) }
}

export function partsAt(facts: readonly Fact[], ...keys: readonly string[]): readonly Fact[] {
  let level: readonly Fact[] = facts
  for (const key of keys) level = level.find((fact) => fact.key === key)?.facts ?? []
  return level
}

/** One finding about a value that differs, when a test of both says so. */
export function when(
  item: ComparedComponent,
  keys: readonly string[],
  holds: (base: string, head: string) => boolean,
  reason: (base: string, head: string) => string,
): readonly Finding[] {
  if (item.change.change !== 'changed') return []
  const { base = '', head = '' } = valuesAt(item, ...keys)
  if (base === head || !holds(base, head)) return []
  return [{ reason: reason(base, head), path: keys.join('/'), value: head }]
}

/** One finding about the component as a whole. */
export function whole(holds: boolean, reason: string): readonly Finding[] {
  return holds ? [{ reason, path: '', value: '' }] : []
}

/** Both values as numbers, when both are. */
export function numbers(base: string, head: string): { base: number; head: number } | undefined {
  const [before, after] = [Number(base), Number(head)]
  return base === '' || head === '' || Number.isNaN(before) || Number.isNaN(after)
    ? undefined
    : { base: before, head: after }
}

/** How a component is called in a reason. */
export function named({ change }: ComparedComponent): string {
  const { parent, name } = change
  return parent === undefined ? `'${name}'` : `'${parent.name} › ${name}'`
}

export function isOn(value: string): boolean {
  return value === '1' || value.toLowerCase() === 'true'
}

/** A shell has no properties of its own; a table that becomes whole, or a shell, changed nothing of them. */
export function isShell(item: ComparedComponent, side: 'base' | 'head'): boolean {
  return isShellTable(item[side])
}
