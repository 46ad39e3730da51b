import { rawAt, type Fact } from './facts/fact.ts'
import { readPieces } from './pieces/read-pieces.ts'
import type { Change, Relation, StandingRelation } from './report.ts'
import type { Side } from './side.ts'
import { tableName } from './table-name.ts'

/** A picture of more tables than this is not overseen, and asks for as many files. */
const MOST_TABLES = 20

/** @returns nothing when the facts do not say which tables it joins */
export function relationOf(facts: readonly Fact[], nameOf: (table: string) => string): Relation | undefined {
  const isMany = rawAt(facts, 'EntityRelationshipType') === 'ManyToMany'
  const from = rawAt(facts, isMany ? 'FirstEntityName' : 'ReferencedEntityName')
  const to = rawAt(facts, isMany ? 'SecondEntityName' : 'ReferencingEntityName')
  if (from === undefined || to === undefined) return undefined
  const named = (table: string): Relation['from'] => ({ id: table.toLowerCase(), name: nameOf(table) })
  const lookup = rawAt(facts, 'ReferencingAttributeName') ?? ''
  return {
    type: isMany ? 'many-to-many' : 'one-to-many',
    from: named(from),
    to: named(to),
    ...(lookup !== '' && { lookup }),
  }
}

/** The relationships that did not change, between the tables that did. */
export function standingRelations(changes: readonly Change[], head: Side | undefined): StandingRelation[] {
  const tables = new Set(changes.flatMap(({ kind, id, parent }) => tableOf(kind, id, parent)))
  if (head === undefined || tables.size < 2 || tables.size > MOST_TABLES) return []
  const changed = new Set(changes.flatMap(({ kind, id }) => (kind === 'relationship' ? [id] : [])))
  const paths = [...tables].toSorted().flatMap((table) => head.find(`Other/Relationships/${table}.xml`) ?? [])
  head.tree.prefetch?.(paths)
  return paths.flatMap((path) => {
    // A file holds the relationships of which its table is the one, or the first.
    return readPieces(path, head).flatMap(({ id, facts }) => {
      const relation = relationOf(facts, (name) => tableName(name, head))
      const isBetween = relation !== undefined && tables.has(relation.from.id) && tables.has(relation.to.id)
      return isBetween && !changed.has(id) ? [{ id, ...relation }] : []
    })
  })
}

function tableOf(kind: Change['kind'], id: string, parent: Change['parent']): string[] {
  if (kind === 'table') return [id]
  return parent?.kind === 'table' ? [parent.id] : []
}
