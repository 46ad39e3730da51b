import { rawAt, type Fact } from '../facts/fact.ts'
import type { Piece } from '../pieces/piece.ts'
import { readPieces } from '../pieces/read-pieces.ts'
import type { Side } from '../side.ts'
import { ENTITY } from '../kinds/table.ts'
import { partsAt } from './values.ts'

/** What a table is in the new version, changed or not. */
function piecesOf(table: string, head: Side | undefined): readonly Piece[] {
  const path = head?.find(`Entities/${table}/Entity.xml`)
  return path === undefined || head === undefined ? [] : readPieces(path, head)
}

/** The alternate keys of a table, with the logical names of their columns. */
export function keysOf(
  table: string,
  head: Side | undefined,
): { readonly id: string; readonly name: string; readonly columns: readonly string[] }[] {
  return piecesOf(table, head)
    .filter(({ kind }) => kind === 'key')
    .map(({ id, name, facts }) => ({ id, name, columns: columnsOfKey(facts) }))
}

/** The facts of a key: one name of a column is a value of its own, several stand in parts. */
export function columnsOfKey(facts: readonly Fact[]): string[] {
  return partsAt(facts, 'EntityKeyAttributes').flatMap(({ raw }) =>
    raw === undefined ? [] : [raw.toLowerCase()],
  )
}

export function columnOf(table: string, column: string, head: Side | undefined): readonly Fact[] {
  return (
    piecesOf(table, head).find(({ kind, id }) => kind === 'column' && id === `${table}.${column}`)?.facts ??
    []
  )
}

/** Whether the table is kept outside the relational database, which takes much away from it. */
export function isElastic(table: string, head: Side | undefined): boolean {
  const own = piecesOf(table, head).find(({ kind }) => kind === 'table')
  return rawAt(own?.facts, ...ENTITY, 'TableType')?.toLowerCase() === 'elastic'
}
