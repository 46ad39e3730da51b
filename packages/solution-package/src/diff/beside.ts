import type { Component } from './compared-component.ts'
import type { Fact } from './facts/fact.ts'
import { privilegesAround } from './kinds/security.ts'
import { relationOf } from './relations.ts'
import type { Change, ChangeType } from './report.ts'

/**
 * What a reader needs beside the properties that differ.
 *
 * @param nameOf what people call a table, by its name in the source
 */
export function besideOf(
  { kind }: Component,
  change: ChangeType,
  base: readonly Fact[],
  head: readonly Fact[],
  nameOf: (table: string) => string,
): Pick<Change, 'privileges' | 'relation'> {
  if (kind === 'security-role' && change === 'changed') {
    const privileges = privilegesAround(base, head, nameOf)
    return privileges.length === 0 ? {} : { privileges }
  }
  if (kind === 'relationship') {
    const relation = relationOf(change === 'removed' ? base : head, nameOf)
    return relation === undefined ? {} : { relation }
  }
  return {}
}
