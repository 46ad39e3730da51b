import type { Relation } from '@dsa/solution-package/diff'

/** Tables of those who own and change rows. */
const OWNERS = new Set(['owner', 'businessunit', 'systemuser', 'team'])

/** Whether a relationship is one that every table has, which says nothing about it. */
export function isOwnership(relation: Relation | undefined): boolean {
  return relation !== undefined && OWNERS.has(relation.from.id)
}
